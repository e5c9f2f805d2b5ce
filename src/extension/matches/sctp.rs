//! `-m sctp`: ports and chunks of SCTP (`net/netfilter/xt_sctp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::chunks::Chunks;
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Asks, Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m sctp`
#[derive(Debug, Clone)]
pub struct Sctp {
    ports: Ports,
    chunks: Option<Chunks>,
}

impl<'t> Extension<'t> for Sctp {
    const NAME: &'static str = "sctp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT, opt("--chunk-types", 2)];
    const LISTED: &'static [Listed] = &[opens("sctp", "", 0), DPTS, DPT, SPTS, SPT];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let ports = Ports::ordered(&args)?;
        Ok(Self { ports, chunks: args.one_of(&["--chunk-types"])?.map(Chunks::read).transpose()? })
    }
}

impl Sctp {
    /// The destination port, if the rule asks for just one.
    pub fn dport(&self) -> Option<u16> {
        self.ports.dport()
    }
}

impl Matches for Sctp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let chunks = self.chunks.as_ref().map_or(Outcome::Always, |chunks| chunks.matches(cx));
        cx.is_protocol(Protocol::SCTP).and(self.ports.matches(cx)).and(chunks)
    }

    fn asks(&self) -> Option<Asks> {
        Some(self.ports.ask(Asks::over(&[Protocol::SCTP])).with_more(self.chunks.is_some()))
    }
}

impl fmt::Display for Sctp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.write_every(f)?;
        self.chunks.iter().try_for_each(|chunks| chunks.fmt(f))
    }
}
