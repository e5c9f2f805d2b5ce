//! `-m rt`: the routing header of IPv6 (`net/ipv6/netfilter/ip6t_rt.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m rt`
#[derive(Debug, Clone)]
pub struct Routing<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Routing<'t> {
    const NAME: &'static str = "rt";
    const OPTIONS: &'static [Opt] = &[
        opt("--rt-type", 1),
        opt("--rt-segsleft", 1),
        opt("--rt-len", 1),
        opt("--rt-0-res", 0),
        opt("--rt-0-addrs", 1),
        opt("--rt-0-not-strict", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { options: Given::all(&args) })
    }
}

impl Matches for Routing<'_> {
    /// The default is a packet without a routing header, which never matches.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("rt{self}"),
            Some(Presumed::usually(false)),
            format!("the packet has a routing header that fits{self}"),
            format!("the packet has no routing header that fits{self}"),
        )
    }
}

impl fmt::Display for Routing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
