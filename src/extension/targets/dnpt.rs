//! `-j DNPT`: another prefix for the destination, without state (`net/ipv6/netfilter/ip6t_NPT.c`; mangle, IPv6).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::npt::{self, Npt};
use crate::extension::{Acts, Effect, Extension, Listed, Verdict, goes_on};
use crate::logic::Field;
use crate::packet::{Context, Packet};

/// `-j DNPT --src-pfx PREFIX --dst-pfx PREFIX`
#[derive(Debug, Clone)]
pub struct Dnpt {
    npt: Npt,
}

impl<'t> Extension<'t> for Dnpt {
    const NAME: &'static str = "DNPT";
    const OPTIONS: &'static [Opt] = &npt::OPTIONS;
    const LISTED: &'static [Listed] = &[goes_on("DNPT src-pfx", "--src-pfx", 1), npt::LISTED];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { npt: Npt::read(&args)? })
    }
}

impl Acts for Dnpt {
    /// Its connection does not hear of it.
    fn act(&self, cx: &Context<'_>) -> Effect {
        match self.npt.map(&cx.packet.dst, Field::Dst, cx.line) {
            Some(dst) => Effect::Change(Box::new(Packet { dst, ..cx.packet.clone() })),
            None => Effect::Verdict(Verdict::Drop),
        }
    }
}

impl fmt::Display for Dnpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.npt.fmt(f)
    }
}
