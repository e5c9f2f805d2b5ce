//! `-m sctp`: ports and chunks of SCTP (`net/netfilter/xt_sctp.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m sctp`
#[derive(Debug, Clone)]
pub struct Sctp<'t> {
    ports: Ports,
    chunks: Option<Chunks<'t>>,
}

/// `--chunk-types any|all|only LIST`
#[derive(Debug, Clone)]
struct Chunks<'t> {
    not: bool,
    which: Cow<'t, str>,
    list: Cow<'t, str>,
}

impl<'t> Extension<'t> for Sctp<'t> {
    const NAME: &'static str = "sctp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT, opt("--chunk-types", 2)];
    const LISTED: &'static [Listed] = &[opens("sctp", "", 0), DPTS, DPT, SPTS, SPT];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mut sctp = Self { ports: Ports::default(), chunks: None };
        for arg in &args.list {
            if !sctp.ports.read(arg)? {
                sctp.chunks = Some(Chunks { not: arg.not, which: arg.text(0), list: arg.text(1) });
            }
        }
        Ok(sctp)
    }
}

impl Sctp<'_> {
    /// The destination port, if the rule asks for just one.
    pub fn dport(&self) -> Option<u16> {
        self.ports.dport()
    }
}

impl Matches for Sctp<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let chunks = match &self.chunks {
            Some(Chunks { not, which, list }) => cx
                .ask(
                    &format!("sctp-chunks:{which}:{list}"),
                    None,
                    format!("the packet's chunks are {which} of {list}"),
                    format!("the packet's chunks are not {which} of {list}"),
                )
                .negated(*not),
            None => Outcome::Always,
        };
        self.ports.matches(cx).and(chunks)
    }
}

impl fmt::Display for Sctp<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.fmt(f)?;
        match &self.chunks {
            Some(chunks) => write!(f, "{} --chunk-types {} {}", not(chunks.not), chunks.which, chunks.list),
            None => Ok(()),
        }
    }
}
