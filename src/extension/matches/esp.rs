//! `-m esp`: the security parameters index of IPsec's ESP (`net/netfilter/xt_esp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::Between;
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m esp [--espspi A[:B]]`
#[derive(Debug, Clone)]
pub struct Esp {
    spi: Option<Between>,
}

impl<'t> Extension<'t> for Esp {
    const NAME: &'static str = "esp";
    const OPTIONS: &'static [Opt] = &[opt("--espspi", 1)];
    const LISTED: &'static [Listed] = &[opens("esp spi:", "--espspi", 1), opens("esp spis:", "--espspi", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { spi: args.get("--espspi").map(|arg| Between::read(arg, u32::MAX)).transpose()? })
    }
}

impl Matches for Esp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let spi = self.spi.as_ref().map_or(Outcome::Always, |spi| spi.holds(cx, "esp-spi"));
        cx.is_protocol(Protocol(50)).and(spi)
    }
}

impl fmt::Display for Esp {
    /// The full range is not saved.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spi.iter().filter(|spi| !spi.is_all()).try_for_each(|spi| spi.fmt(f))
    }
}
