//! `-m quota`: so many bytes and no more (`net/netfilter/xt_quota.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::number::number;
use crate::packet::Context;

/// `-m quota [!] --quota N`, in bytes.
#[derive(Debug, Clone)]
pub struct Quota {
    not: bool,
    bytes: u64,
}

impl<'t> Extension<'t> for Quota {
    const NAME: &'static str = "quota";
    const OPTIONS: &'static [Opt] = &[opt("--quota", 1)];
    const LISTED: &'static [Listed] = &[opens("quota:", "--quota", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--quota").ok_or_else(|| args.missing("--quota"))?;
        let bytes = number(&arg.text(0)).ok_or_else(|| arg.bad("a number of bytes"))?;
        Ok(Self { not: arg.not, bytes })
    }
}

impl Matches for Quota {
    /// A save has the quota as it was given, not what is left of it; a packet that is longer than that never fits.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (bytes, line) = (self.bytes, cx.line);
        let fits = match u16::try_from(bytes) {
            Ok(bytes) => cx.is_within(&cx.packet.length, &(0..=bytes)),
            Err(_) => Outcome::Always,
        };
        let left = cx.ask(
            &format!("quota:{line}"),
            Some(Presumed::usually(true)),
            format!("of the {bytes} bytes in line {line} enough are left"),
            format!("of the {bytes} bytes in line {line} not enough are left"),
        );
        fits.and(left).negated(self.not)
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --quota {}", not(self.not), self.bytes)
    }
}
