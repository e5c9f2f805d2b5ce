//! `-j TPROXY`: hands the packet to a local socket without rewriting it (`net/netfilter/xt_TPROXY.c`; mangle PREROUTING).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension, Unclear, Verdict};
use crate::packet::Context;

/// `-j TPROXY --on-port P [--on-ip A] [--tproxy-mark V/M]`
#[derive(Debug, Clone)]
pub struct Tproxy<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Tproxy<'t> {
    const NAME: &'static str = "TPROXY";
    const OPTIONS: &'static [Opt] = &[opt("--on-port", 1), opt("--on-ip", 1), opt("--tproxy-mark", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        if args.has("--on-port") { Ok(Self { options: Given::all(&args) }) } else { Err(args.missing("--on-port")) }
    }
}

impl Acts for Tproxy<'_> {
    /// Delivered to the socket if one listens, dropped otherwise; no later rule is asked.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        let port = self.options.value("--on-port").unwrap_or("?");
        Effect::Verdict(Verdict::Undetermined(Unclear::Socket(port.to_owned())))
    }
}

impl fmt::Display for Tproxy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
