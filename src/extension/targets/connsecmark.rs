//! `-j CONNSECMARK`: carries security marks between packet and connection (`net/netfilter/xt_CONNSECMARK.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j CONNSECMARK --save | --restore`
#[derive(Debug, Clone)]
pub struct ConnSecMark {
    /// From the connection to the packet.
    restore: bool,
}

impl<'t> Extension<'t> for ConnSecMark {
    const NAME: &'static str = "CONNSECMARK";
    const OPTIONS: &'static [Opt] = &[opt("--save", 0), opt("--restore", 0)];
    const LISTED: &'static [Listed] =
        &[goes_on("CONNSECMARK save", "--save", 0), goes_on("CONNSECMARK restore", "--restore", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--save", "--restore"])?.ok_or_else(|| args.missing("--save"))?;
        Ok(Self { restore: arg.option == "--restore" })
    }
}

impl Acts for ConnSecMark {
    /// No rule can ask for a security mark.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for ConnSecMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.restore { " --restore" } else { " --save" })
    }
}
