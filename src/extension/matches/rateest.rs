//! `-m rateest`: compares the rates that `RATEEST` measures (`net/netfilter/xt_rateest.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;
use crate::save::bare;

/// `-m rateest`
#[derive(Debug, Clone)]
pub struct RateEst<'t> {
    one: Cow<'t, str>,
    /// What it is compared with; otherwise with a number.
    other: Option<Cow<'t, str>>,
    /// How far the rates are from two numbers is compared, rather than the rates.
    delta: bool,
    not: bool,
    /// `--rateest-lt`, `--rateest-gt` or `--rateest-eq`.
    comparison: &'static str,
    /// Numbers for the two sides, in bytes per second.
    bytes: Option<[u32; 2]>,
    /// The same, in packets per second.
    packets: Option<[u32; 2]>,
}

const COMPARISONS: [&str; 3] = ["--rateest-lt", "--rateest-gt", "--rateest-eq"];

/// What a rate may end in, in bits per second; `bps` in place of `bit` is eight times as much.
const UNITS: [(&str, u128); 9] = [
    ("tibit", 1 << 40),
    ("gibit", 1 << 30),
    ("mibit", 1 << 20),
    ("kibit", 1 << 10),
    ("tbit", 1_000_000_000_000),
    ("gbit", 1_000_000_000),
    ("mbit", 1_000_000),
    ("kbit", 1000),
    ("bit", 1),
];

impl<'t> Extension<'t> for RateEst<'t> {
    const NAME: &'static str = "rateest";
    const OPTIONS: &'static [Opt] = &[
        opt("--rateest1", 1).or(&["--rateest"]),
        opt("--rateest2", 1),
        opt("--rateest-delta", 0),
        opt("--rateest-bps1", 1).or_bare(),
        opt("--rateest-bps2", 1).or(&["--rateest-bps"]).or_bare(),
        opt("--rateest-pps1", 1).or_bare(),
        opt("--rateest-pps2", 1).or(&["--rateest-pps"]).or_bare(),
        opt("--rateest-lt", 0),
        opt("--rateest-gt", 0),
        opt("--rateest-eq", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let one = args.one_of(&["--rateest1"])?.ok_or_else(|| args.missing("--rateest"))?;
        // The last one counts; iptables prints it for bytes and again for packets.
        let mut comparisons = args.list.iter().rev().filter(|arg| COMPARISONS.contains(&arg.option)).peekable();
        let comparison = comparisons.peek().ok_or_else(|| args.missing("--rateest-lt"))?.option;
        let inverted = comparisons.any(|arg| arg.not);
        if let Some(wrong) = args.list.iter().find(|arg| arg.not && !COMPARISONS.contains(&arg.option)) {
            return Err(wrong.bad("no `!` before it"));
        }
        let bytes = numbers(&args, ["--rateest-bps1", "--rateest-bps2"], bytes)?;
        let packets = numbers(&args, ["--rateest-pps1", "--rateest-pps2"], packets)?;
        if bytes.is_none() && packets.is_none() {
            return Err(args.missing("--rateest-bps"));
        }
        Ok(Self {
            one: one.text(0),
            other: args.one_of(&["--rateest2"])?.map(|arg| arg.text(0)),
            delta: args.has("--rateest-delta"),
            not: inverted,
            comparison,
            bytes,
            packets,
        })
    }
}

/// The numbers for the two sides, 0 where there is none; `None` if the options are not there.
fn numbers(
    args: &Args<'_>,
    options: [&str; 2],
    read: impl Fn(&Arg<'_>) -> Result<u32, Diagnostic>,
) -> Result<Option<[u32; 2]>, Diagnostic> {
    if !options.iter().any(|option| args.has(option)) {
        return Ok(None);
    }
    let number = |option| args.get(option).filter(|arg| !arg.values.is_empty()).map_or(Ok(0), &read);
    let [one, other] = options;
    Ok(Some([number(one)?, number(other)?]))
}

/// `1.5mbit`, `10KBps`, `8000`; without a unit in bits.
fn bytes(arg: &Arg<'_>) -> Result<u32, Diagnostic> {
    let text = arg.text(0).to_ascii_lowercase();
    let (text, times) = text.strip_suffix("bps").map_or((text.clone(), 1), |rest| (format!("{rest}bit"), 8));
    let unit = UNITS.iter().find_map(|(unit, bits)| Some((text.strip_suffix(unit)?, *bits)));
    let (number, bits) = unit.unwrap_or((&text, 1));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let read = || {
        let tens = 10_u128.checked_pow(u32::try_from(part.len()).ok()?)?;
        let number = format!("{whole}{part}").parse::<u128>().ok()?;
        u32::try_from(number.checked_mul(bits * times)? / tens / 8).ok()
    };
    read().ok_or_else(|| arg.bad("a rate such as 1mbit or 125kbps"))
}

fn packets(arg: &Arg<'_>) -> Result<u32, Diagnostic> {
    arg.number("a number of packets per second")
}

impl Matches for RateEst<'_> {
    /// How much passes on a host has no usual value.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let options = self.to_string();
        let options = options.trim_start();
        cx.ask(
            &format!("rateest:{}", options.replace("--", "").replace(' ', ":")),
            None,
            format!("the rates that are measured fit `{options}`"),
            format!("the rates that are measured do not fit `{options}`"),
        )
    }
}

impl RateEst<'_> {
    /// What is said of bytes or of packets: `unit` is their option, `print` writes their numbers.
    fn compared(&self, unit: &str, numbers: [u32; 2], print: impl Fn(u32) -> String) -> String {
        let [one, other] = numbers.map(print);
        let comparison = format!("{} {}", not(self.not), self.comparison);
        match (self.delta, &self.other) {
            (true, _) => format!(" {unit}1 {one}{comparison} {unit}2 {other}"),
            (false, Some(_)) => format!("{comparison} {unit}"),
            (false, None) => format!("{comparison} {unit} {other}"),
        }
    }
}

impl fmt::Display for RateEst<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.delta { " --rateest-delta" } else { "" })?;
        write!(f, " --rateest{} {}", if self.other.is_some() { "1" } else { "" }, bare(&self.one))?;
        if let Some(bytes) = self.bytes {
            f.write_str(&self.compared("--rateest-bps", bytes, bits))?;
        }
        if let Some(packets) = self.packets {
            f.write_str(&self.compared("--rateest-pps", packets, |number| number.to_string()))?;
        }
        self.other.iter().try_for_each(|other| write!(f, " --rateest2 {}", bare(other)))
    }
}

/// A rate in bits, in a unit of which it is a thousand or more.
fn bits(bytes: u32) -> String {
    let bits = f64::from(bytes) * 8.0;
    match bits {
        1e9.. => format!("{:.0}Mbit", bits / 1e6),
        1e6.. => format!("{:.0}Kbit", bits / 1e3),
        _ => format!("{bits}bit"),
    }
}
