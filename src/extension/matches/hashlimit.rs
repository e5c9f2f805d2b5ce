//! `-m hashlimit`: a bucket of tokens for each address or port (`net/netfilter/xt_hashlimit.c`).

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::byte_rate::{ByteRate, factor, rounded};
use crate::extension::rate::{self, SECOND};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::number::number;
use crate::packet::Context;
use crate::save::{Family, bare};

/// In microseconds (`XT_HASHLIMIT_SCALE_v2`).
type Rate = rate::Rate<1_000_000>;

/// `-m hashlimit`
#[derive(Debug, Clone)]
pub struct HashLimit<'t> {
    above: bool,
    limit: Limit,
    /// What has a bucket of its own, in the order of [`KEYS`]; all have one together if there is none.
    keys: Vec<&'static str>,
    name: Cow<'t, str>,
    table: Table,
    /// Lengths of the prefixes that share a bucket, and the length that is usual.
    src: u8,
    dst: u8,
    whole: u8,
    /// How many seconds packets are counted in, where there are no buckets (`--hashlimit-rate-match`).
    interval: Option<u32>,
}

/// How fast a bucket fills, and how much it holds.
#[derive(Debug, Clone)]
enum Limit {
    Packets(Rate, u32),
    /// The bucket in seconds' worth of it.
    Bytes(ByteRate, Option<u64>),
}

/// How the kernel keeps the buckets.
#[derive(Debug, Clone)]
struct Table {
    /// 0 is as many as the kernel likes.
    size: u32,
    max: u32,
    /// In milliseconds.
    collect: u32,
    expire: u32,
}

const KEYS: [&str; 4] = ["srcip", "srcport", "dstip", "dstport"];
const BURST: u32 = 5;
const LARGEST_BURST: u64 = 1_000_000;
const COLLECT: u32 = 1000;

impl<'t> Extension<'t> for HashLimit<'t> {
    const NAME: &'static str = "hashlimit";
    const OPTIONS: &'static [Opt] = &[
        opt("--hashlimit-upto", 1).or(&["--hashlimit"]),
        opt("--hashlimit-above", 1),
        opt("--hashlimit-burst", 1),
        opt("--hashlimit-mode", 1),
        opt("--hashlimit-name", 1),
        opt("--hashlimit-htable-size", 1),
        opt("--hashlimit-htable-max", 1),
        opt("--hashlimit-htable-gcinterval", 1),
        opt("--hashlimit-htable-expire", 1),
        opt("--hashlimit-srcmask", 1),
        opt("--hashlimit-dstmask", 1),
        opt("--hashlimit-rate-match", 0),
        opt("--hashlimit-rate-interval", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let rate = args.one_of(&["--hashlimit-upto", "--hashlimit-above"])?;
        let rate = rate.ok_or_else(|| args.missing("--hashlimit-upto"))?;
        let (limit, seconds) = limit(&args, rate)?;
        let whole = if args.family == Family::V4 { 32 } else { 128 };
        let length = |option| args.get(option).map_or(Ok(whole), |arg| length(arg, whole));
        let interval = match args.get("--hashlimit-rate-interval") {
            Some(arg) => arg.number_in(1..=u32::MAX, "a number of seconds")?,
            None => seconds,
        };
        Ok(Self {
            above: (rate.option == "--hashlimit-above") != rate.not,
            keys: args.get("--hashlimit-mode").map_or(Ok(Vec::new()), keys)?,
            name: name(&args)?,
            table: Table::read(&args, limit.unused(seconds))?,
            src: length("--hashlimit-srcmask")?,
            dst: length("--hashlimit-dstmask")?,
            whole,
            interval: args.has("--hashlimit-rate-match").then_some(interval),
            limit,
        })
    }
}

/// The limit, and how many seconds the unit has that it was given in.
fn limit(args: &Args<'_>, rate: &Arg<'_>) -> Result<(Limit, u32), Diagnostic> {
    let burst = args.get("--hashlimit-burst").map(|arg| Ok((arg, burst(arg)?))).transpose()?;
    let (text, bad) = (rate.text(0), || rate.bad("a rate such as 10/sec or 512kb/s"));
    if let Some((before, _)) = text.split_once("b/s") {
        let bytes = ByteRate::read(before).ok_or_else(bad)?;
        let seconds = burst.map(|(arg, burst)| {
            bytes.seconds_of(burst).ok_or_else(|| arg.bad("no less than the rate lets through in a second"))
        });
        return Ok((Limit::Bytes(bytes, seconds.transpose()?), 1));
    }
    let (count, unit) = rate::read(&text).ok_or_else(bad)?;
    // Packets that are counted in an interval are so many in it, whatever its length.
    let of = if args.has("--hashlimit-rate-match") { SECOND } else { unit };
    let burst = match burst {
        Some((arg, burst)) => within(burst).ok_or_else(|| arg.bad("from 1 to 1000000 packets"))?,
        None => BURST,
    };
    Ok((Limit::Packets(Rate::of(count, of).ok_or_else(bad)?, burst), unit.seconds))
}

fn within(burst: u64) -> Option<u32> {
    u32::try_from(burst).ok().filter(|_| (1..=LARGEST_BURST).contains(&burst))
}

/// `10`, `0x10`, `1mb`, `2k`; what has no letter behind it is at most a million.
fn burst(arg: &Arg<'_>) -> Result<u64, Diagnostic> {
    let text = arg.text(0);
    let bad = || arg.bad("a number of packets up to 1000000, or of bytes such as 1mb");
    if let Some(plain) = number::<u64>(&text) {
        return Some(plain).filter(|plain| (1..=LARGEST_BURST).contains(plain)).ok_or_else(bad);
    }
    let (digits, suffix) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let read = digits.parse::<u64>().ok().and_then(|read| read.checked_mul(factor(suffix.chars().next())));
    read.filter(|read| *read > 0).ok_or_else(bad)
}

fn keys(arg: &Arg<'_>) -> Result<Vec<&'static str>, Diagnostic> {
    let text = arg.text(0);
    let given: Vec<&str> = text.split(',').filter(|key| !key.is_empty()).collect();
    if given.iter().any(|key| !KEYS.contains(key)) {
        return Err(arg.bad("some of srcip, srcport, dstip, dstport"));
    }
    Ok(KEYS.into_iter().filter(|key| given.contains(key)).collect())
}

/// It becomes the name of a file.
fn name<'t>(args: &Args<'t>) -> Result<Cow<'t, str>, Diagnostic> {
    let arg = args.get("--hashlimit-name").ok_or_else(|| args.missing("--hashlimit-name"))?;
    let name = arg.text(0);
    let is_file = !matches!(&*name, "" | "." | "..") && !name.contains('/');
    if is_file { Ok(name) } else { Err(arg.bad("a name that a file can have")) }
}

/// A prefix length, or a mask that is one.
fn length(arg: &Arg<'_>, whole: u8) -> Result<u8, Diagnostic> {
    let mask = arg.text(0).parse::<IpAddr>().ok().and_then(|mask| ipnet::ip_mask_to_prefix(mask).ok());
    mask.filter(|length| *length <= whole).map_or_else(|| arg.number_in(0..=whole, "a prefix length"), Ok)
}

impl Table {
    fn read(args: &Args<'_>, expire: u32) -> Result<Self, Diagnostic> {
        let read = |option, usual, least| {
            let number = |arg: &Arg<'_>| arg.number_in(least..=u32::MAX, "a number");
            args.get(option).map_or(Ok(usual), number)
        };
        Ok(Self {
            size: read("--hashlimit-htable-size", 0, 0)?,
            max: read("--hashlimit-htable-max", 0, 0)?,
            collect: read("--hashlimit-htable-gcinterval", COLLECT, 1)?,
            expire: read("--hashlimit-htable-expire", expire, 1)?,
        })
    }
}

impl Limit {
    /// After how many milliseconds a bucket that is not used goes, if the rule does not say. For packets that is the unit
    /// of the rate, here of so many seconds.
    const fn unused(&self, seconds: u32) -> u32 {
        match self {
            Self::Packets(..) => seconds * 1000,
            Self::Bytes(_, None) => 15_000,
            Self::Bytes(_, Some(_)) => 60_000,
        }
    }

    /// The same, as iptables takes it from what it prints.
    fn usual_expire(&self) -> u32 {
        match self {
            Self::Packets(rate, _) => self.unused(rate.unit().seconds),
            Self::Bytes(..) => self.unused(1),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Packets(rate, _) => rate.fmt(f),
            Self::Bytes(rate, _) => rate.fmt(f),
        }
    }
}

impl Matches for HashLimit<'_> {
    /// Rules that share a name share its buckets. A bucket that was not used is full, so the default is that the limit is
    /// not exceeded.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let Self { name, limit, .. } = self;
        let each = if self.keys.is_empty() { String::new() } else { format!(" for each {}", self.keys.join(",")) };
        cx.ask(
            &format!("hashlimit:{name}"),
            Some(Presumed::usually(false)),
            format!("the rate limit `{name}` of {limit}{each} is exceeded"),
            format!("the rate limit `{name}` of {limit}{each} is not exceeded"),
        )
        .negated(!self.above)
    }
}

impl fmt::Display for HashLimit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --hashlimit-{} {}", if self.above { "above" } else { "upto" }, self.limit)?;
        match &self.limit {
            Limit::Packets(_, burst) => write!(f, " --hashlimit-burst {burst}")?,
            Limit::Bytes(_, None) => {}
            Limit::Bytes(rate, Some(seconds)) => {
                write!(f, " --hashlimit-burst {}", rounded(rate.bytes().saturating_mul(*seconds)))?;
            }
        }
        if !self.keys.is_empty() {
            write!(f, " --hashlimit-mode {}", self.keys.join(","))?;
        }
        write!(f, " --hashlimit-name {}", bare(&self.name))?;
        let Table { size, max, collect, expire } = self.table;
        let numbers = [
            ("htable-size", size, 0),
            ("htable-max", max, 0),
            ("htable-gcinterval", collect, COLLECT),
            ("htable-expire", expire, self.limit.usual_expire()),
            ("srcmask", self.src.into(), self.whole.into()),
            ("dstmask", self.dst.into(), self.whole.into()),
        ];
        for (option, value, _) in numbers.iter().filter(|(_, value, usual)| value != usual) {
            write!(f, " --hashlimit-{option} {value}")?;
        }
        match self.interval {
            None => Ok(()),
            Some(1) => f.write_str(" --hashlimit-rate-match"),
            Some(seconds) => write!(f, " --hashlimit-rate-match --hashlimit-rate-interval {seconds}"),
        }
    }
}
