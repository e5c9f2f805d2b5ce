//! `-j HL`: changes the hop limit of IPv6 (`hl_tg6` in `net/netfilter/xt_HL.c`; mangle).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::hops::HopChange;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j HL --hl-set N | --hl-inc N | --hl-dec N`
#[derive(Debug, Clone)]
pub struct HopLimit {
    change: HopChange,
}

impl<'t> Extension<'t> for HopLimit {
    const NAME: &'static str = "HL";
    const OPTIONS: &'static [Opt] = &[opt("--hl-set", 1), opt("--hl-inc", 1), opt("--hl-dec", 1)];
    const LISTED: &'static [Listed] = &[
        goes_on("HL set to", "--hl-set", 1),
        goes_on("HL increment by", "--hl-inc", 1),
        goes_on("HL decrement by", "--hl-dec", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { change: HopChange::read(&args, ["--hl-set", "--hl-inc", "--hl-dec"])? })
    }
}

impl Acts for HopLimit {
    fn act(&self, cx: &Context<'_>) -> Effect {
        self.change.act(cx)
    }
}

impl fmt::Display for HopLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.change.fmt(f)
    }
}
