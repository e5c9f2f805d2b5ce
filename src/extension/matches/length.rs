//! `-m length`: the length of the IP packet (`net/netfilter/xt_length.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m length [!] --length A[:B]`, in bytes.
#[derive(Debug, Clone)]
pub struct Length {
    not: bool,
    range: RangeInclusive<u16>,
}

impl<'t> Extension<'t> for Length {
    const NAME: &'static str = "length";
    const OPTIONS: &'static [Opt] = &[opt("--length", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--length").ok_or_else(|| args.missing("--length"))?;
        Ok(Self { not: arg.not, range: arg.range(0..=u16::MAX, "a length in bytes or first:last")? })
    }
}

impl Matches for Length {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.is_within(&cx.packet.length, &self.range).negated(self.not)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --length {}", not(self.not), self.range.start())?;
        if self.range.start() != self.range.end() {
            write!(f, ":{}", self.range.end())?;
        }
        Ok(())
    }
}
