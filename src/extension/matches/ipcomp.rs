//! `-m ipcomp`: the compression parameter index of `IPComp` (`net/netfilter/xt_ipcomp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::Between;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m ipcomp [!] --ipcompspi A[:B] --compres`
#[derive(Debug, Clone)]
pub struct IpComp {
    spi: Between,
    /// The kernel does not look at it.
    reserved: bool,
}

impl<'t> Extension<'t> for IpComp {
    const NAME: &'static str = "ipcomp";
    const OPTIONS: &'static [Opt] = &[opt("--ipcompspi", 1), opt("--compres", 0)];
    const LISTED: &'static [Listed] = &[
        opens("comp", "", 0),
        goes_on("spi:", "--ipcompspi", 1),
        goes_on("spis:", "--ipcompspi", 1),
        goes_on("reserved", "--compres", 0),
    ];

    /// Without an index iptables 1.8.9 asks for index 0.
    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let spi = Between::read(&args, "--ipcompspi")?.unwrap_or(Between::just("--ipcompspi", 0));
        Ok(Self { spi, reserved: args.flag("--compres")? })
    }
}

impl Matches for IpComp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.is_protocol(Protocol(108)).and(self.spi.holds(cx, "ipcomp-spi", u16::MAX.into()))
    }
}

impl fmt::Display for IpComp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spi.fmt(f)?;
        f.write_str(if self.reserved { " --compres" } else { "" })
    }
}
