//! `-j TCPMSS`: changes the segment size that a SYN announces (`net/netfilter/xt_TCPMSS.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j TCPMSS --set-mss N | --clamp-mss-to-pmtu`
#[derive(Debug, Clone)]
pub struct TcpMss {
    /// In bytes; `None` clamps to the path MTU.
    set: Option<u16>,
}

impl<'t> Extension<'t> for TcpMss {
    const NAME: &'static str = "TCPMSS";
    const OPTIONS: &'static [Opt] = &[opt("--set-mss", 1), opt("--clamp-mss-to-pmtu", 0)];
    const LISTED: &'static [Listed] =
        &[goes_on("TCPMSS clamp to PMTU", "--clamp-mss-to-pmtu", 0), goes_on("TCPMSS set", "--set-mss", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let set = args.get("--set-mss").map(|arg| arg.value("a size in bytes")).transpose()?;
        let clamp = args.has("--clamp-mss-to-pmtu");
        if set.is_some() || clamp { Ok(Self { set }) } else { Err(args.missing("--set-mss")) }
    }
}

impl Acts for TcpMss {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for TcpMss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.set {
            Some(set) => write!(f, " --set-mss {set}"),
            None => f.write_str(" --clamp-mss-to-pmtu"),
        }
    }
}
