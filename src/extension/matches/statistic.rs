//! `-m statistic`: matches some packets by chance, or every nth (`net/netfilter/xt_statistic.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Probability, Share};
use crate::packet::Context;

/// `-m statistic`
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Statistic {
    /// `--mode random [!] --probability P`
    Random {
        /// Behind a `!`.
        not: bool,
        /// The chance to match.
        probability: Probability,
    },
    /// `--mode nth [!] --every N --packet P`
    Nth {
        /// Behind a `!`.
        not: bool,
        /// Of how many packets one matches; at least 1.
        every: u32,
        /// Which one, counted from 0.
        packet: u32,
    },
}

impl<'t> Extension<'t> for Statistic {
    const NAME: &'static str = "statistic";
    const OPTIONS: &'static [Opt] = &[opt("--mode", 1), opt("--probability", 1), opt("--every", 1), opt("--packet", 1)];
    const LISTED: &'static [Listed] = &[
        opens("statistic mode", "--mode", 1),
        goes_on("probability", "--probability", 1),
        goes_on("every", "--every", 1),
        goes_on("packet", "--packet", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mode = args.get("--mode").ok_or_else(|| args.missing("--mode"))?;
        match &*mode.text(0) {
            "random" => {
                let arg = args.get("--probability").ok_or_else(|| args.missing("--probability"))?;
                let probability = Probability::parse(&arg.text(0)).ok_or_else(|| arg.bad("a number from 0 to 1"))?;
                Ok(Self::Random { not: arg.not, probability })
            }
            "nth" => {
                let arg = args.get("--every").ok_or_else(|| args.missing("--every"))?;
                let every = arg.value("a number from 1 to 4294967295")?;
                let packet = match args.get("--packet") {
                    Some(packet) => packet.value("a number below that of `--every`")?,
                    None => 0,
                };
                if packet >= every {
                    return Err(arg.bad("a number above that of `--packet`"));
                }
                Ok(Self::Nth { not: arg.not, every, packet })
            }
            _ => Err(mode.bad("`random` or `nth`")),
        }
    }
}

impl Matches for Statistic {
    /// Which packet it is that the counter of `nth` is at cannot be seen in a dump: one in `every`, over many.
    fn matches(&self, _cx: &Context<'_>) -> Outcome {
        let (not, share) = match *self {
            Self::Random { not, probability } => (not, probability.share()),
            Self::Nth { not, every, .. } => (not, Share::one_of(every)),
        };
        match share.get() {
            0.0 => Outcome::Never,
            1.0 => Outcome::Always,
            _ => Outcome::Chance(share),
        }
        .negated(not)
    }
}

impl fmt::Display for Statistic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Random { not: inverted, probability } => {
                write!(f, " --mode random{} --probability {probability}", not(inverted))
            }
            Self::Nth { not: inverted, every, packet } => {
                write!(f, " --mode nth{} --every {every} --packet {packet}", not(inverted))
            }
        }
    }
}
