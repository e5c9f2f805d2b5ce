//! `-m tos`: the type of service of IPv4, the traffic class of IPv6 (`tos_mt` in `net/netfilter/xt_dscp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::tos::Tos as Byte;
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m tos [!] --tos VALUE[/MASK]`
#[derive(Debug, Clone)]
pub struct Tos {
    not: bool,
    tos: Byte,
}

impl<'t> Extension<'t> for Tos {
    const NAME: &'static str = "tos";
    const OPTIONS: &'static [Opt] = &[opt("--tos", 1)];
    const LISTED: &'static [Listed] = &[opens("tos match", "--tos", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--tos").ok_or_else(|| args.missing("--tos"))?;
        Ok(Self { not: arg.not, tos: arg.value("value, value/mask or a name such as Minimize-Delay")? })
    }
}

impl Matches for Tos {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.is_one_of(&cx.packet.tos, (0..=u8::MAX).filter(|tos| self.tos.fits(*tos))).negated(self.not)
    }
}

impl fmt::Display for Tos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --tos {}", not(self.not), self.tos)
    }
}
