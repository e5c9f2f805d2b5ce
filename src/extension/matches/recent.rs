//! `-m recent`: lists of addresses seen before (`net/netfilter/xt_recent.c`).
//!
//! How long ago a list last noted the address is a quantity that the dump does not tell. The default is a client that
//! was never seen; what this packet itself was added to on its way is known.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Fact, Outcome, Presumed, Values};
use crate::packet::{Context, Noted, Packet, Value};
use crate::save::quote;

/// `-m recent`
#[derive(Debug, Clone)]
pub struct Recent<'t> {
    /// Behind a `!`.
    pub not: bool,
    /// What is done with the list.
    pub what: What,
    /// `--seconds`: how old the last note may be; any age if absent.
    pub seconds: Option<u32>,
    reap: bool,
    /// `--hitcount`: how many notes there must be.
    pub hits: Option<u32>,
    rttl: bool,
    /// The list.
    pub name: Cow<'t, str>,
    /// `--mask`: the bits of the address that count; all if absent.
    pub mask: Option<IpAddr>,
    /// `--rdest`: the destination is noted, not the source.
    pub dest: bool,
}

/// What a rule does with its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Adds the address or notes it anew; always matches.
    Set,
    /// Asks whether it is there.
    Check,
    /// Asks, and notes it anew if it is.
    Update,
    /// Takes it out; matches if it was there.
    Remove,
}

const WHAT: [(&str, What); 4] =
    [("--set", What::Set), ("--rcheck", What::Check), ("--update", What::Update), ("--remove", What::Remove)];

impl<'t> Extension<'t> for Recent<'t> {
    const NAME: &'static str = "recent";
    const OPTIONS: &'static [Opt] = &[
        opt("--set", 0),
        opt("--rcheck", 0),
        opt("--update", 0),
        opt("--remove", 0),
        opt("--seconds", 1),
        opt("--reap", 0),
        opt("--hitcount", 1),
        opt("--rttl", 0),
        opt("--name", 1),
        opt("--mask", 1),
        opt("--rsource", 0),
        opt("--rdest", 0),
    ];
    const LISTED: &'static [Listed] = &[
        opens("recent: SET", "--set", 0),
        opens("recent: CHECK", "--rcheck", 0),
        opens("recent: UPDATE", "--update", 0),
        opens("recent: REMOVE", "--remove", 0),
        goes_on("seconds:", "--seconds", 1),
        goes_on("reap", "--reap", 0),
        goes_on("hit_count:", "--hitcount", 1),
        goes_on("TTL-Match", "--rttl", 0),
        goes_on("name:", "--name", 1),
        goes_on("side: source", "--rsource", 0),
        goes_on("side: dest", "--rdest", 0),
        goes_on("mask:", "--mask", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        if args.has("--reap") && !args.has("--seconds") {
            return Err(args.missing("--seconds"));
        }
        let mut recent = None;
        for (option, what) in WHAT {
            recent = recent.or(args.get(option).map(|arg| (arg.not, what)));
        }
        let (not, what) = recent.ok_or_else(|| args.missing("--set"))?;
        let mut recent = Self {
            not,
            what,
            seconds: None,
            reap: args.has("--reap"),
            hits: None,
            rttl: args.has("--rttl"),
            name: "DEFAULT".into(),
            mask: None,
            dest: args.has("--rdest"),
        };
        for arg in &args.list {
            match arg.option {
                "--seconds" => recent.seconds = Some(arg.value("a number of seconds")?),
                "--hitcount" => recent.hits = Some(arg.value("a number of packets")?),
                "--name" => recent.name = arg.text(0),
                "--mask" => recent.mask = Some(arg.value("a netmask")?),
                _ => {}
            }
        }
        Ok(recent)
    }
}

impl Recent<'_> {
    fn side(&self) -> &'static str {
        if self.dest { "dst" } else { "src" }
    }

    /// The list and the side of the packet that it is asked about.
    fn key(&self) -> String {
        format!("{}:{}", self.name, self.side())
    }

    /// What the list is asked for: the address, as far as the mask shows it.
    fn address(&self, packet: &Packet) -> Value<IpAddr> {
        let address = if self.dest { &packet.dst } else { &packet.src };
        match (address, self.mask) {
            (Value::Known(IpAddr::V4(address)), Some(IpAddr::V4(mask))) => Value::Known(IpAddr::V4(*address & mask)),
            (Value::Known(IpAddr::V6(address)), Some(IpAddr::V6(mask))) => Value::Known(IpAddr::V6(*address & mask)),
            _ => address.clone(),
        }
    }

    /// How many notes this packet has left there on its way.
    fn recorded(&self, packet: &Packet) -> u32 {
        let address = self.address(packet);
        packet.recorded.iter().map(|(list, noted)| u32::from(**list == *self.name && *noted == address)).sum()
    }

    /// What a copy of the list says of the address.
    fn noted(&self, cx: &Context<'_>) -> Option<Noted> {
        let address = self.address(cx.packet);
        cx.host.seen().of(&self.name, *address.known()?)
    }

    /// Is the address there, recently and often enough?
    fn is_there(&self, cx: &Context<'_>) -> Outcome {
        let hits = self.hits.unwrap_or(1).max(1);
        if self.recorded(cx.packet) >= hits {
            return Outcome::Always;
        }
        let noted = self.noted(cx);
        match noted {
            Some(Noted::Never) => return Outcome::Never,
            Some(Noted::Before(ago)) if self.seconds.is_some_and(|seconds| ago > u64::from(seconds)) => {
                return Outcome::Never;
            }
            Some(Noted::Before(_)) if self.seconds.is_none() && hits == 1 => return Outcome::Always,
            _ => {}
        }
        let who = if self.dest { "the destination" } else { "the client" };
        let within = self.seconds.map(|seconds| format!(" in the last {seconds} s")).unwrap_or_default();
        let (list, key) = (&self.name, self.key());
        let usually = Some(Presumed::usually(noted.is_some()));
        if self.hits.is_some() {
            return cx.ask(
                &format!("recent:{key}:{hits}"),
                usually,
                format!("{who} was noted in `{list}` {hits} times{within}, this packet included"),
                format!("{who} was not noted in `{list}` {hits} times{within}, this packet included"),
            );
        }
        let age = Values::range(0u8, self.seconds.map_or(u128::MAX - 1, u128::from));
        let fact = Fact::named(
            &format!("recent:{key}"),
            usually,
            format!("{who} was noted in `{list}`{within}"),
            format!("{who} was not noted in `{list}`{within}"),
        );
        cx.assumptions.outcome(fact.within(age))
    }
}

impl Matches for Recent<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        match self.what {
            What::Set => Outcome::Always.negated(self.not),
            What::Check | What::Update | What::Remove => self.is_there(cx).negated(self.not),
        }
    }

    /// An entry is made by `--set` alone, and noted anew by an `--update` that matches (`recent_mt`).
    fn record(&self, packet: &mut Packet, matched: bool) {
        let address = self.address(packet);
        let is_there = !self.not || self.recorded(packet) > 0;
        match self.what {
            What::Update if !(matched && is_there) => {}
            What::Set | What::Update => packet.recorded.push((Arc::from(&*self.name), address)),
            What::Remove => packet.recorded.retain(|(list, noted)| **list != *self.name || *noted != address),
            What::Check => {}
        }
    }

    fn records(&self) -> bool {
        self.what != What::Check
    }
}

impl fmt::Display for Recent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = WHAT.iter().find(|(_, what)| *what == self.what).map_or("", |(option, _)| option);
        write!(f, "{} {what}", not(self.not))?;
        if let Some(seconds) = self.seconds {
            write!(f, " --seconds {seconds}")?;
        }
        if self.reap {
            f.write_str(" --reap")?;
        }
        if let Some(hits) = self.hits {
            write!(f, " --hitcount {hits}")?;
        }
        if self.rttl {
            f.write_str(" --rttl")?;
        }
        write!(f, " --name {}", quote(&self.name))?;
        if let Some(mask) = self.mask {
            write!(f, " --mask {mask}")?;
        }
        f.write_str(if self.dest { " --rdest" } else { " --rsource" })
    }
}
