//! `-j TTL`: changes the time to live of IPv4 (`ttl_tg` in `net/netfilter/xt_HL.c`; mangle).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::hops::HopChange;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j TTL --ttl-set N | --ttl-inc N | --ttl-dec N`
#[derive(Debug, Clone)]
pub struct Ttl {
    change: HopChange,
}

impl<'t> Extension<'t> for Ttl {
    const NAME: &'static str = "TTL";
    const OPTIONS: &'static [Opt] = &[opt("--ttl-set", 1), opt("--ttl-inc", 1), opt("--ttl-dec", 1)];
    const LISTED: &'static [Listed] = &[
        goes_on("TTL set to", "--ttl-set", 1),
        goes_on("TTL increment by", "--ttl-inc", 1),
        goes_on("TTL decrement by", "--ttl-dec", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { change: HopChange::read(&args, ["--ttl-set", "--ttl-inc", "--ttl-dec"])? })
    }
}

impl Acts for Ttl {
    fn act(&self, cx: &Context<'_>) -> Effect {
        self.change.act(cx)
    }
}

impl fmt::Display for Ttl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.change.fmt(f)
    }
}
