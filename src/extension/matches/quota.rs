//! `-m quota`: so many bytes and no more (`net/netfilter/xt_quota.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
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
        Ok(Self { not: arg.not, bytes: arg.value("a number of bytes")? })
    }
}

impl Matches for Quota {
    /// A save has the quota as it was given, not what is left of it.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (bytes, line) = (self.bytes, cx.line);
        cx.ask(
            &format!("quota:{line}"),
            Some(Presumed::usually(true)),
            format!("of the {bytes} bytes in line {line} enough are left"),
            format!("of the {bytes} bytes in line {line} not enough are left"),
        )
        .negated(self.not)
    }
}

impl fmt::Display for Quota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --quota {}", not(self.not), self.bytes)
    }
}
