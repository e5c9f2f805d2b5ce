//! `-j DSCP`: sets the code point of differentiated services, the upper six bits of the type of service
//! (`net/netfilter/xt_DSCP.c`; mangle).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::dscp::point;
use crate::extension::tos::Tos;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j DSCP --set-dscp N | --set-dscp-class NAME`
#[derive(Debug, Clone)]
pub struct Dscp {
    /// From 0 to 63.
    point: u8,
}

impl<'t> Extension<'t> for Dscp {
    const NAME: &'static str = "DSCP";
    const OPTIONS: &'static [Opt] = &[opt("--set-dscp", 1), opt("--set-dscp-class", 1)];
    const LISTED: &'static [Listed] = &[goes_on("DSCP set", "--set-dscp", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--set-dscp", "--set-dscp-class"])?.ok_or_else(|| args.missing("--set-dscp"))?;
        Ok(Self { point: point(arg)? })
    }
}

impl Acts for Dscp {
    /// The bits of ECN stay.
    fn act(&self, cx: &Context<'_>) -> Effect {
        Tos { value: self.point << 2, mask: 0xfc }.set(cx)
    }
}

impl fmt::Display for Dscp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --set-dscp 0x{:02x}", self.point)
    }
}
