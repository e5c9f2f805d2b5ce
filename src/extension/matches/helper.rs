//! `-m helper`: which helper of connection tracking announced the connection (`net/netfilter/xt_helper.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Conntrack, Context, CtState};
use crate::save::quote;

/// `-m helper [!] --helper NAME`
#[derive(Debug, Clone)]
pub struct Helper<'t> {
    not: bool,
    /// Empty for any.
    name: Cow<'t, str>,
}

impl<'t> Extension<'t> for Helper<'t> {
    const NAME: &'static str = "helper";
    const OPTIONS: &'static [Opt] = &[opt("--helper", 1)];
    const LISTED: &'static [Listed] = &[opens("helper match", "--helper", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--helper").ok_or_else(|| args.missing("--helper"))?;
        Ok(Self { not: arg.not, name: arg.cut(29) })
    }
}

impl Matches for Helper<'_> {
    /// Only a connection that another one announced has one.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let who = if self.name.is_empty() { "a helper".to_owned() } else { format!("the helper `{}`", self.name) };
        let announced = match cx.packet.conntrack {
            Conntrack::Entry { state: CtState::Established | CtState::Related, .. } => cx.ask(
                &format!("helper:{}", self.name),
                Some(Presumed::usually(false)),
                format!("the connection was announced by {who}"),
                format!("the connection was not announced by {who}"),
            ),
            _ => Outcome::Never,
        };
        announced.negated(self.not)
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Helper<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --helper {}", not(self.not), quote(&self.name))
    }
}
