//! `-j RATEEST`: measures the rate of the packets that come by, for `-m rateest` (`net/netfilter/xt_RATEEST.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::bare;

/// `-j RATEEST --rateest-name NAME --rateest-interval TIME --rateest-ewmalog TIME`
#[derive(Debug, Clone)]
pub struct RateEst<'t> {
    name: Cow<'t, str>,
    /// How often it is measured: 250 ms, doubled so many times.
    interval: u32,
    /// How slowly the average follows: the interval, doubled so many times.
    average: u32,
}

/// The shortest interval, in microseconds.
const SHORTEST: u32 = 250_000;
/// How often it may be doubled.
const LONGEST: u32 = 5;
/// How many times slower than the interval the average may be, as a power of two.
const SLOWEST: i32 = 30;
/// Units of time in microseconds; a number without one is in microseconds.
const UNITS: [(&[&str], f64); 3] =
    [(&["s", "sec", "secs"], 1_000_000.0), (&["ms", "msec", "msecs"], 1000.0), (&["", "us", "usec", "usecs"], 1.0)];

impl<'t> Extension<'t> for RateEst<'t> {
    const NAME: &'static str = "RATEEST";
    const OPTIONS: &'static [Opt] =
        &[opt("--rateest-name", 1), opt("--rateest-interval", 1), opt("--rateest-ewmalog", 1)];
    const LISTED: &'static [Listed] = &[
        goes_on("name", "--rateest-name", 1),
        goes_on("interval", "--rateest-interval", 1),
        goes_on("ewmalog", "--rateest-ewmalog", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let get = |option| args.get(option).ok_or_else(|| args.missing(option));
        let (name, interval, average) = (get("--rateest-name")?, get("--rateest-interval")?, get("--rateest-ewmalog")?);
        let time = time(interval)?;
        let doubled = (0..=LONGEST).find(|doubled| time <= f64::from(SHORTEST << doubled));
        let doubled = doubled.ok_or_else(|| interval.bad("a time of at most 8s"))?;
        let average =
            slowness(time, self::time(average)?).ok_or_else(|| average.bad("a time longer than the interval"))?;
        Ok(Self { name: name.text(0), interval: doubled, average })
    }
}

/// A time in microseconds.
fn time(arg: &Arg<'_>) -> Result<f64, Diagnostic> {
    let text = arg.text(0);
    let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(text.len()));
    let unit = UNITS.iter().find(|(names, _)| names.iter().any(|name| unit.eq_ignore_ascii_case(name)));
    let number = number.parse::<f64>().ok().filter(|number| number.is_sign_positive());
    let time = number.zip(unit).map(|(number, (_, unit))| number * unit);
    time.ok_or_else(|| arg.bad("a time such as 250ms or 1s"))
}

/// The last power of two for which an average over so many intervals is not slower than `average`.
fn slowness(interval: f64, average: f64) -> Option<u32> {
    let takes = |power: i32| interval / -(1.0 - 0.5_f64.powi(power)).ln();
    let fits = (1..=SLOWEST).take_while(|power| takes(*power) <= average).last()?;
    u32::try_from(fits).ok().filter(|_| fits < SLOWEST)
}

impl Acts for RateEst<'_> {
    /// What it measures is reckoned by the clock, not by this packet.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for RateEst<'_> {
    /// The name without quotes, as iptables prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let interval = u64::from(SHORTEST) << self.interval;
        write!(f, " --rateest-name {} --rateest-interval {}", bare(&self.name), Time(interval))?;
        write!(f, " --rateest-ewmalog {}", Time(interval << self.average))
    }
}

/// In microseconds; printed with one digit after the point, of which these times need no more than one.
struct Time(u64);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = if self.0 >= 1_000_000 { (1_000_000, "s") } else { (1000, "ms") };
        write!(f, "{}.{}{name}", self.0 / unit, self.0 % unit * 10 / unit)
    }
}
