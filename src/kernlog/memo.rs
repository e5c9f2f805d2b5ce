//! Connections that cannot differ: those of one kind are laid beside the rules once, however many a log holds.

use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::packet::Net;
use crate::ruleset::{AddressTest, Ruleset};

use super::group::Connection;
use super::record::Told;
use super::tally::Count;

/// How many kinds are remembered.
const KINDS: usize = 1 << 14;
/// The options of rules that look at nothing but what a [`Kind`] has.
const PLAIN: [&str; 27] = [
    "--comment",
    "--dport",
    "--dports",
    "--mark",
    "--set-xmark",
    "--set-mark",
    "--mode",
    "--probability",
    "--every",
    "--packet",
    "--ctstate",
    "--state",
    "--dst-type",
    "--limit",
    "--limit-burst",
    "--log-prefix",
    "--log-level",
    "--log-uid",
    "--reject-with",
    "--to-destination",
    "--random",
    "--random-fully",
    "--tcp-flags",
    "--icmp-type",
    "--icmpv6-type",
    "--nflog-prefix",
    "--nflog-group",
];

/// What was counted of each kind.
#[derive(Debug)]
pub struct Memo {
    /// None if rules look at more of a packet.
    sources: Option<Sources>,
    known: FxHashMap<Kind, Count>,
}

/// The sources that rules ask for.
#[derive(Debug, Default)]
struct Sources {
    single: FxHashSet<IpAddr>,
    wide: Vec<Net>,
}

/// Everything that the way of a connection depends on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kind {
    /// The source, if a rule asks for just that.
    source: Option<IpAddr>,
    /// The networks that it lies in.
    within: Vec<u16>,
    protocol: u8,
    flags: u8,
    icmp: Option<(u8, Option<u8>)>,
    /// Hops that it has left, if those are few.
    hops: u8,
    lines: Vec<Line>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Line {
    told: Option<Told>,
    dst: (IpAddr, Option<u16>),
    /// The source is that of the first line.
    same_source: bool,
    /// It is sent to where it comes from.
    to_itself: bool,
    interfaces: (Box<str>, Box<str>),
    mark: Option<u32>,
    mac: bool,
}

impl Memo {
    /// Looks at what the rules look at.
    pub fn new(ruleset: &Ruleset<'_>) -> Self {
        Self { sources: sources(ruleset), known: FxHashMap::default() }
    }

    /// The kind of a connection; `None` if connections cannot be told apart so simply.
    pub fn kind(&self, connection: &Connection) -> Option<Kind> {
        let sources = self.sources.as_ref()?;
        let first = connection.first.first()?.headers.as_deref()?;
        // Words of other tools and packets without a number differ in more than this.
        let line = |record: &super::record::Record| {
            let headers = record.headers.as_deref()?;
            Some(Line {
                told: record.told.clone(),
                dst: (headers.dst, headers.dport),
                same_source: (headers.src, headers.sport) == (first.src, first.sport),
                to_itself: headers.src == headers.dst,
                interfaces: (headers.input.clone(), headers.output.clone()),
                mark: record.mark,
                mac: headers.mac.is_some(),
            })
        };
        let lines = connection.first.iter().map(line).collect::<Option<Vec<_>>>()?;
        lines.iter().all(|line| line.same_source).then_some(())?;
        let within = (0..).zip(&sources.wide).filter(|(_, net)| net.contains(first.src)).map(|(at, _)| at);
        // What is made here makes its source an address of the host.
        let own = sources.single.contains(&first.src) || first.input.is_empty() || &*first.input == "lo";
        Some(Kind {
            source: own.then_some(first.src),
            within: within.collect(),
            protocol: first.protocol.map_or(0, |protocol| protocol.0),
            flags: first.flags.unwrap_or(0),
            icmp: first.icmp,
            hops: first.ttl.unwrap_or(u8::MAX).min(3),
            lines,
        })
    }

    /// What was counted of this kind.
    pub fn get(&self, kind: &Kind) -> Option<Count> {
        self.known.get(kind).copied()
    }

    /// Remembers what is counted of a kind.
    pub fn keep(&mut self, kind: Kind, count: Count) {
        if self.known.len() >= KINDS {
            self.known.clear();
        }
        self.known.insert(kind, count);
    }
}

/// The sources that rules ask for, if they ask for nothing else that a [`Kind`] does not have.
fn sources(ruleset: &Ruleset<'_>) -> Option<Sources> {
    let mut sources = Sources::default();
    let rules = || ruleset.tables().flat_map(|table| ruleset.chains(table)).flat_map(|(id, _)| ruleset.rules(id));
    for rule in rules() {
        match rule.header.src.as_deref().map(|test| &test.value) {
            Some(AddressTest::Net(net)) => match net.only() {
                Some(only) => _ = sources.single.insert(only),
                None if !sources.wide.contains(net) => sources.wide.push(*net),
                None => {}
            },
            Some(_) => return None,
            None => {}
        }
        let printed = rule.display(|chain| ruleset.name(chain)).to_string();
        let mut words = printed.split(' ').filter(|word| word.starts_with("--"));
        // An address is drawn from a range by a hash of the source.
        if !words.all(|word| PLAIN.contains(&word))
            || printed.split("--to-destination ").nth(1).is_some_and(|to| to.contains('-'))
        {
            return None;
        }
    }
    Some(sources)
}
