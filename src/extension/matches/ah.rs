//! `-m ah`: the security parameters index of IPsec's authentication header (`ipt_ah.c`, `ip6t_ah.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::{Between, has_header};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, Protocol};
use crate::save::Family;

/// `-m ah [--ahspi A[:B]]`, in IPv6 also `[--ahlen N] [--ahres]`
#[derive(Debug, Clone)]
pub struct Ah {
    spi: Option<Between>,
    length: Option<Between>,
    reserved: bool,
}

impl<'t> Extension<'t> for Ah {
    const NAME: &'static str = "ah";
    const OPTIONS: &'static [Opt] = &[opt("--ahspi", 1), opt("--ahlen", 1), opt("--ahres", 0)];
    const LISTED: &'static [Listed] = &[opens("ah spi:", "--ahspi", 1), opens("ah spis:", "--ahspi", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let only_v6 = args.list.iter().find(|arg| arg.option != "--ahspi").filter(|_| args.family == Family::V4);
        if let Some(arg) = only_v6 {
            return Err(arg.bad("an option of IPv4"));
        }
        let between = |option| args.get(option).map(|arg| Between::read(arg, u32::MAX)).transpose();
        Ok(Self { spi: between("--ahspi")?, length: between("--ahlen")?, reserved: args.has("--ahres") })
    }
}

impl Matches for Ah {
    /// In IPv6 it is a header in front of others.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let there = match cx.packet.family {
            Family::V4 => cx.is_protocol(Protocol(51)),
            Family::V6 => has_header(cx, "ah", "an authentication header"),
        };
        let holds = |between: &Option<Between>, name| {
            between.as_ref().map_or(Outcome::Always, |between| between.holds(cx, name))
        };
        let zero = || {
            cx.ask(
                "ah-reserved",
                Some(Presumed::usually(true)),
                "the reserved field of its authentication header is zero".into(),
                "the reserved field of its authentication header is not zero".into(),
            )
        };
        let reserved = if self.reserved { zero() } else { Outcome::Always };
        there.and(holds(&self.spi, "ah-spi")).and(holds(&self.length, "ah-length")).and(reserved)
    }
}

impl fmt::Display for Ah {
    /// The full range is not saved.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for between in [&self.spi, &self.length].into_iter().flatten().filter(|between| !between.is_all()) {
            between.fmt(f)?;
        }
        f.write_str(if self.reserved { " --ahres" } else { "" })
    }
}
