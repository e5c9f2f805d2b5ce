//! `-m dscp`: the code point of differentiated services, the upper six bits of the type of service
//! (`net/netfilter/xt_dscp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::dscp::point;
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m dscp [!] --dscp N | --dscp-class NAME`
#[derive(Debug, Clone)]
pub struct Dscp {
    not: bool,
    /// From 0 to 63.
    point: u8,
}

impl<'t> Extension<'t> for Dscp {
    const NAME: &'static str = "dscp";
    const OPTIONS: &'static [Opt] = &[opt("--dscp", 1), opt("--dscp-class", 1)];
    const LISTED: &'static [Listed] = &[opens("DSCP match", "--dscp", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--dscp", "--dscp-class"])?.ok_or_else(|| args.missing("--dscp"))?;
        Ok(Self { not: arg.not, point: point(arg)? })
    }
}

impl Matches for Dscp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let fitting = (0..=u8::MAX).filter(|tos| tos >> 2 == self.point);
        cx.is_one_of(&cx.packet.tos, fitting).negated(self.not)
    }
}

impl fmt::Display for Dscp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --dscp 0x{:02x}", not(self.not), self.point)
    }
}
