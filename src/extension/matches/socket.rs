//! `-m socket`: is there a local socket for the packet (`net/netfilter/xt_socket.c`)?

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m socket [--transparent] [--nowildcard] [--restore-skmark]`
#[derive(Debug, Clone)]
pub struct Socket {
    /// In the order in which iptables prints them.
    flags: Vec<&'static str>,
}

impl<'t> Extension<'t> for Socket {
    const NAME: &'static str = "socket";
    const OPTIONS: &'static [Opt] = &[opt("--transparent", 0), opt("--nowildcard", 0), opt("--restore-skmark", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let given = Self::OPTIONS.iter().map(|option| option.name).filter(|name| args.has(name));
        Ok(Self { flags: given.collect() })
    }
}

impl Matches for Socket {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("socket{}", self.flags.concat()),
            None,
            "a local socket waits for the packet".into(),
            "no local socket waits for the packet".into(),
        )
    }
}

impl fmt::Display for Socket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.flags.iter().try_for_each(|flag| write!(f, " {flag}"))
    }
}
