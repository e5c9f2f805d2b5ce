//! `-m limit`: a bucket of tokens (`net/netfilter/xt_limit.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::rate;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m limit --limit N/unit [--limit-burst B]`
#[derive(Debug, Clone)]
pub struct Limit {
    rate: Rate,
    burst: u32,
}

/// In units of 100 µs (`XT_LIMIT_SCALE`).
type Rate = rate::Rate<10_000>;

/// The rate of a rule that names none.
const USUAL: Rate = Rate::once_in(20 * 60);
const BURST: u32 = 5;

impl<'t> Extension<'t> for Limit {
    const NAME: &'static str = "limit";
    const OPTIONS: &'static [Opt] = &[opt("--limit", 1), opt("--limit-burst", 1)];
    const LISTED: &'static [Listed] = &[opens("limit: avg", "--limit", 1), goes_on("burst", "--limit-burst", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let rate = match args.get("--limit") {
            Some(arg) => read(&arg.text(0)).ok_or_else(|| arg.bad("a rate such as 3/min"))?,
            None => USUAL,
        };
        let burst = match args.get("--limit-burst") {
            Some(arg) => arg.number_in(0..=10_000, "a number of packets up to 10000")?,
            None => BURST,
        };
        Ok(Self { rate, burst })
    }
}

fn read(text: &str) -> Option<Rate> {
    let (count, unit) = rate::read(text)?;
    Rate::of(count, unit)
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
