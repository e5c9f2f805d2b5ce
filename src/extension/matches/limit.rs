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

/// So many in a unit of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rate {
    count: u32,
    unit: &'static str,
}

/// Units by their first letter, in full and as saved.
const UNITS: [(&str, &str); 4] = [("second", "sec"), ("minute", "min"), ("hour", "hour"), ("day", "day")];

impl std::str::FromStr for Rate {
    type Err = ();

    /// Reads `3/min`, `25/s`, `10`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (count, unit) = text.split_once('/').unwrap_or((text, "second"));
        let named = UNITS.iter().find(|(long, _)| !unit.is_empty() && long.starts_with(unit));
        let saved = UNITS.iter().find(|(_, short)| *short == unit);
        let (_, unit) = named.or(saved).ok_or(())?;
        Ok(Self { count: count.parse().map_err(drop)?, unit })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.count, self.unit)
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
            None => Rate { count: 3, unit: "hour" },
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
