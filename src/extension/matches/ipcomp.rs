//! `-m ipcomp`: the compression parameter index of `IPComp` (`net/netfilter/xt_ipcomp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::Between;
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, Protocol};

/// `-m ipcomp --ipcompspi A[:B] [--compres]`
#[derive(Debug, Clone)]
pub struct IpComp {
    spi: Between,
    reserved: bool,
}

impl<'t> Extension<'t> for IpComp {
    const NAME: &'static str = "ipcomp";
    const OPTIONS: &'static [Opt] = &[opt("--ipcompspi", 1), opt("--compres", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--ipcompspi").ok_or_else(|| args.missing("--ipcompspi"))?;
        Ok(Self { spi: Between::read(arg, u32::MAX)?, reserved: args.has("--compres") })
    }
}

impl Matches for IpComp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let zero = || {
            cx.ask(
                "ipcomp-flags",
                Some(Presumed::usually(true)),
                "the flags of its IPComp header are zero".into(),
                "the flags of its IPComp header are not zero".into(),
            )
        };
        let reserved = if self.reserved { zero() } else { Outcome::Always };
        cx.is_protocol(Protocol(108)).and(self.spi.holds(cx, "ipcomp-spi")).and(reserved)
    }
}

impl fmt::Display for IpComp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spi.fmt(f)?;
        f.write_str(if self.reserved { " --compres" } else { "" })
    }
}
