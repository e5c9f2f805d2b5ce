//! `-m limit`: a bucket of tokens (`net/netfilter/xt_limit.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m limit --limit N/unit [--limit-burst B]`
#[derive(Debug, Clone)]
pub struct Limit {
    rate: Rate,
    burst: u32,
}

/// So many in a unit of time, kept as the kernel has it: the time between two, in units of 100 µs
/// (`XT_LIMIT_SCALE`), at least 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rate {
    period: u32,
}

/// Units in full, as saved, and their length in units of 100 µs, the longest first.
const UNITS: [(&str, &str, u32); 4] = [
    ("day", "day", 24 * 60 * 60 * 10_000),
    ("hour", "hour", 60 * 60 * 10_000),
    ("minute", "min", 60 * 10_000),
    ("second", "sec", 10_000),
];

impl Rate {
    /// The rate of a rule that names none.
    const USUAL: Self = Self { period: 20 * 60 * 10_000 };
}

impl std::str::FromStr for Rate {
    type Err = ();

    /// Reads `3/min`, `25/s`, `10`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, unit) = text.split_once('/').unwrap_or((text, "second"));
        let named = UNITS.iter().find(|(long, ..)| !unit.is_empty() && long.starts_with(unit));
        let (.., length) = named.ok_or(())?;
        let period = length.checked_div(count.parse().map_err(drop)?).filter(|period| *period > 0);
        Ok(Self { period: period.ok_or(())? })
    }
}

impl fmt::Display for Rate {
    /// In the shortest unit, or the one before it that says the rate no worse (`print_rate` in `libxt_limit.c`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let worse = |length: u32| self.period > length || length / self.period < length % self.period;
        let shorter = UNITS.iter().position(|(.., length)| worse(*length)).unwrap_or(UNITS.len());
        match UNITS.get(shorter.saturating_sub(1)) {
            Some((_, unit, length)) => write!(f, "{}/{unit}", length / self.period),
            None => Err(fmt::Error),
        }
    }
}

const BURST: u32 = 5;

impl<'t> Extension<'t> for Limit {
    const NAME: &'static str = "limit";
    const OPTIONS: &'static [Opt] = &[opt("--limit", 1), opt("--limit-burst", 1)];
    const LISTED: &'static [Listed] = &[opens("limit: avg", "--limit", 1), goes_on("burst", "--limit-burst", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let rate = match args.get("--limit") {
            Some(arg) => arg.value("a rate such as 3/min")?,
            None => Rate::USUAL,
        };
        let burst = match args.get("--limit-burst") {
            Some(arg) => arg.value("a number of packets")?,
            None => BURST,
        };
        Ok(Self { rate, burst })
    }
}

impl Matches for Limit {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let Self { rate, burst } = self;
        cx.ask(
            &format!("limit:{}", cx.line),
            Some(Presumed::usually(true)),
            format!("the limit of {rate} (burst {burst}) in line {} is not used up", cx.line),
            format!("the limit of {rate} (burst {burst}) in line {} is used up", cx.line),
        )
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --limit {}", self.rate)?;
        match self.burst {
            BURST => Ok(()),
            burst => write!(f, " --limit-burst {burst}"),
        }
    }
}
