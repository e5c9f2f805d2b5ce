//! `-m hl`: the hop limit of IPv6 (`hl_mt6` in `net/netfilter/xt_hl.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::hops::Hops;
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m hl [!] --hl-eq N | --hl-lt N | --hl-gt N`
#[derive(Debug, Clone)]
pub struct HopLimit {
    hops: Hops,
}

impl<'t> Extension<'t> for HopLimit {
    const NAME: &'static str = "hl";
    const OPTIONS: &'static [Opt] = &[opt("--hl-eq", 1), opt("--hl-lt", 1), opt("--hl-gt", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { hops: Hops::read(&args)? })
    }
}

impl Matches for HopLimit {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.hops.matches(cx)
    }
}

impl fmt::Display for HopLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hops.fmt(f)
    }
}
