//! `-j TCPMSS`: changes the segment size that a SYN announces (`net/netfilter/xt_TCPMSS.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::Family;

/// `-j TCPMSS --set-mss N | --clamp-mss-to-pmtu`
#[derive(Debug, Clone)]
pub struct TcpMss {
    /// In bytes; `None` clamps to the path MTU, which wins over a size.
    set: Option<u16>,
}

impl<'t> Extension<'t> for TcpMss {
    const NAME: &'static str = "TCPMSS";
    const OPTIONS: &'static [Opt] = &[opt("--set-mss", 1), opt("--clamp-mss-to-pmtu", 0)];
    const LISTED: &'static [Listed] =
        &[goes_on("TCPMSS clamp to PMTU", "--clamp-mss-to-pmtu", 0), goes_on("TCPMSS set", "--set-mss", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--set-mss")?;
        let set = args.get("--set-mss").map(|arg| size(arg, args.family)).transpose()?;
        Ok(Self { set: set.filter(|_| !args.has("--clamp-mss-to-pmtu")) })
    }
}

/// What fits into a packet beside the IP header.
fn size(arg: &Arg<'_>, family: Family) -> Result<u16, Diagnostic> {
    match family {
        Family::V4 => arg.number_in(0..=65515, "a size from 0 to 65515"),
        Family::V6 => arg.number_in(0..=65495, "a size from 0 to 65495"),
    }
}

impl Acts for TcpMss {
    /// The segment size is no part of what is known of a packet. A later rule may ask for it, so it is not harmless.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
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
