//! `-j SNPT`: another prefix for the source, without state (`net/ipv6/netfilter/ip6t_NPT.c`; mangle, IPv6).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::npt::{self, Npt};
use crate::extension::{Acts, Effect, Extension, Listed, Verdict, goes_on};
use crate::logic::Field;
use crate::packet::{Context, Packet};

/// `-j SNPT --src-pfx PREFIX --dst-pfx PREFIX`
#[derive(Debug, Clone)]
pub struct Snpt {
    npt: Npt,
}

impl<'t> Extension<'t> for Snpt {
    const NAME: &'static str = "SNPT";
    const OPTIONS: &'static [Opt] = &npt::OPTIONS;
    const LISTED: &'static [Listed] = &[goes_on("SNPT src-pfx", "--src-pfx", 1), npt::LISTED];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { npt: Npt::read(&args)? })
    }
}

impl Acts for Snpt {
    /// Its connection does not hear of it.
    fn act(&self, cx: &Context<'_>) -> Effect {
        match self.npt.map(&cx.packet.src, Field::Src, cx.line) {
            Some(src) => Effect::Change(Box::new(Packet { src, ..cx.packet.clone() })),
            None => Effect::Verdict(Verdict::Drop),
        }
    }
}

impl fmt::Display for Snpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.npt.fmt(f)
    }
}
