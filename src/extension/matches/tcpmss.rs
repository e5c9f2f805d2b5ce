//! `-m tcpmss`: the segment size that a SYN announces (`net/netfilter/xt_tcpmss.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m tcpmss [!] --mss A[:B]`, in bytes.
#[derive(Debug, Clone)]
pub struct TcpMss {
    not: bool,
    range: RangeInclusive<u16>,
}

impl<'t> Extension<'t> for TcpMss {
    const NAME: &'static str = "tcpmss";
    const OPTIONS: &'static [Opt] = &[opt("--mss", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--mss").ok_or_else(|| args.missing("--mss"))?;
        Ok(Self { not: arg.not, range: arg.range(0..=u16::MAX, "a size in bytes or first:last")? })
    }
}

impl Matches for TcpMss {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (first, last) = (self.range.start(), self.range.end());
        cx.ask(
            &format!("mss:{first}:{last}"),
            None,
            format!("the packet announces an MSS from {first} to {last}"),
            format!("the packet does not announce an MSS from {first} to {last}"),
        )
        .negated(self.not)
    }
}

impl fmt::Display for TcpMss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --mss {}", not(self.not), self.range.start())?;
        if self.range.start() != self.range.end() {
            write!(f, ":{}", self.range.end())?;
        }
        Ok(())
    }
}
