//! `-m udp`: ports of UDP (`net/netfilter/xt_tcpudp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Asks, Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m udp`
#[derive(Debug, Clone)]
pub struct Udp {
    ports: Ports,
}

impl<'t> Extension<'t> for Udp {
    const NAME: &'static str = "udp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT];
    const LISTED: &'static [Listed] = &[opens("udp", "", 0), DPTS, DPT, SPTS, SPT];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mut ports = Ports::default();
        for arg in &args.list {
            ports.read(arg)?;
        }
        Ok(Self { ports })
    }
}

impl Udp {
    /// The destination port, if the rule asks for just one.
    pub fn dport(&self) -> Option<u16> {
        self.ports.dport()
    }
}

impl Matches for Udp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.ports.matches(cx)
    }

    fn asks(&self) -> Option<Asks> {
        Some(self.ports.ask(Asks::over(&[Protocol::UDP])))
    }
}

impl fmt::Display for Udp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.fmt(f)
    }
}
