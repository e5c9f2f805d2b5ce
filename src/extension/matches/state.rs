//! `-m state`: the older spelling of `-m conntrack --ctstate`, which the kernel answers with the same code.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Asks, Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

use super::conntrack::States;

/// `-m state [!] --state LIST`
#[derive(Debug, Clone)]
pub struct State {
    not: bool,
    states: States,
}

impl<'t> Extension<'t> for State {
    const NAME: &'static str = "state";
    const OPTIONS: &'static [Opt] = &[opt("--state", 1)];
    const LISTED: &'static [Listed] = &[opens("state", "--state", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--state").ok_or_else(|| args.missing("--state"))?;
        Ok(Self { not: arg.not, states: States::read(arg)? })
    }
}

impl Matches for State {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        (self.states.hold(&cx.packet.conntrack) != self.not).into()
    }

    fn asks(&self) -> Option<Asks> {
        Some(Asks::one(self.not, self.states.asked()))
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --state {}", not(self.not), self.states)
    }
}
