//! `-m esp`: the security parameters index of IPsec's ESP (`net/netfilter/xt_esp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::Between;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m esp [!] --espspi A[:B]`
#[derive(Debug, Clone)]
pub struct Esp {
    spi: Option<Between>,
}

impl<'t> Extension<'t> for Esp {
    const NAME: &'static str = "esp";
    const OPTIONS: &'static [Opt] = &[opt("--espspi", 1)];
    const LISTED: &'static [Listed] =
        &[opens("esp", "", 0), goes_on("spi:", "--espspi", 1), goes_on("spis:", "--espspi", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { spi: Between::read(&args, "--espspi")? })
    }
}

impl Matches for Esp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let spi = self.spi.as_ref().map_or(Outcome::Always, |spi| spi.holds(cx, "esp-spi", u32::MAX));
        cx.is_protocol(Protocol(50)).and(spi)
    }
}

impl fmt::Display for Esp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spi.iter().try_for_each(|spi| spi.fmt(f))
    }
}
