//! `-m ttl`: the time to live of IPv4 (`ttl_mt` in `net/netfilter/xt_hl.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::hops::Hops;
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m ttl [!] --ttl-eq N | --ttl-lt N | --ttl-gt N`
#[derive(Debug, Clone)]
pub struct Ttl {
    hops: Hops,
}

impl<'t> Extension<'t> for Ttl {
    const NAME: &'static str = "ttl";
    const OPTIONS: &'static [Opt] = &[opt("--ttl-eq", 1).or(&["--ttl"]), opt("--ttl-lt", 1), opt("--ttl-gt", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { hops: Hops::read(&args)? })
    }
}

impl Matches for Ttl {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.hops.matches(cx)
    }
}

impl fmt::Display for Ttl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.hops.fmt(f)
    }
}
