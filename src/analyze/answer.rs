//! The answer to `kpt trace`: how every packet ends, in every world that differs.

use crate::extension::Verdict;
use crate::kube::{self, Entry};
use crate::logic::{Assumed, Assumptions, Fact, Field, Grounds, Pattern, Set, Share, Unknown};
use crate::packet::{FoundIn, Host, Packet, Rewrite, Value};
use crate::ruleset::{RuleId, Ruleset};
use crate::walk::{Action, End, Explored, Goes, Journal, Limits, Step, World, explore};

use super::affinity::{self, Affinity};
use super::masquerade::{self, Why};
use super::near_miss::{self, NearMiss};
use super::outcome::{Fault, Outcome};
use super::worlds;

/// Where a packet goes.
#[derive(Debug)]
pub struct Answer {
    /// The packet that was asked about.
    pub asked: Packet,
    /// The Service entry that takes it in.
    pub entry: Option<Entry>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// The worlds that differ, the default one first.
    pub worlds: Vec<WorldAnswer>,
    /// How its Service remembers clients, if it does.
    pub affinity: Option<Affinity>,
    /// Facts that were asked for and change nothing.
    pub moot: Vec<Fact>,
    /// How many worlds were not looked at because there are too many.
    pub unexplored: usize,
}

/// What happens in one world.
#[derive(Debug)]
pub struct WorldAnswer {
    /// What it assumes.
    pub assumptions: Vec<Assumed>,
    /// Other assumptions that lead to the same.
    pub also: Vec<Vec<Assumed>>,
    /// No answer contradicts a default.
    pub default: bool,
    /// What becomes of the packet.
    pub outcome: Outcome,
    /// The ways it may take; their shares sum to 1.
    pub paths: Vec<Path>,
}

/// One way of a packet.
#[derive(Debug)]
pub struct Path {
    /// Its part of all packets of its world.
    pub share: Share,
    /// How it ends.
    pub verdict: Verdict,
    /// Why it fails although it is let through.
    pub fault: Option<Fault>,
    /// The packet at the end, as far as this world knows it.
    pub packet: Packet,
    /// The rule that rewrote its destination.
    pub dnat: Option<Mapping>,
    /// The rule that rewrote its source.
    pub snat: Option<Mapping>,
    /// Why its source was rewritten.
    pub why: Option<Why>,
    /// Where it was sent; `None` if it never came to a routing decision.
    pub goes: Option<Goes>,
    /// Every rule that matched and every policy that decided, in order.
    pub steps: Vec<Step>,
    /// The rule that would have accepted what was dropped, but for one thing.
    pub near_miss: Option<NearMiss>,
}

impl Path {
    /// What it comes to.
    pub const fn outcome(&self) -> Outcome {
        Outcome::of(&self.verdict, self.fault)
    }
}

/// A rule of the nat table and the mapping it set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapping {
    /// The rule.
    pub rule: RuleId,
    /// What it does.
    pub rewrite: Rewrite,
    /// Where its destination was found, if the rule has lost it.
    pub found: Option<FoundIn>,
}

/// Follows `packet`, starting from what the user said.
pub fn trace(ruleset: &Ruleset<'_>, host: &Host, packet: &Packet, given: Assumptions, limits: Limits) -> Answer {
    let Worlds { worlds, unexplored, .. } = every_world(ruleset, host, packet, given, limits);
    let (worlds, moot) = worlds::differing(worlds);
    let defaults = worlds.iter().filter(|world| world.default).map(|world| world.outcome);
    Answer {
        asked: packet.clone(),
        entry: entry(ruleset, packet, &worlds),
        affinity: worlds.first().and_then(|world| affinity::of_paths(ruleset, &world.paths)),
        outcome: Outcome::of_worlds(defaults),
        worlds,
        moot,
        unexplored,
    }
}

/// Every world that was looked at, those that end alike too.
#[derive(Debug)]
pub struct Worlds {
    /// The first is the default one.
    pub worlds: Vec<WorldAnswer>,
    /// The host, with what the rules suggest about it.
    pub host: Host,
    /// How many worlds were not looked at because there are too many.
    pub unexplored: usize,
}

/// Follows `packet` as [`trace`] does, and keeps every world.
pub fn every_world(ruleset: &Ruleset<'_>, host: &Host, packet: &Packet, given: Assumptions, limits: Limits) -> Worlds {
    let mut host = host.clone();
    kube::presume(ruleset, packet, &mut host);
    let Explored { worlds, journal, unexplored } = explore(ruleset, &host, packet, without_loopback(given), limits);
    let worlds = worlds.iter().map(|world| read(ruleset, &host, &journal, world)).collect();
    Worlds { worlds, host, unexplored }
}

/// Only what this host sends to itself goes by lo, and that is known to: an interface that is not known is another.
fn without_loopback(mut given: Assumptions) -> Assumptions {
    for field in [Field::In, Field::Out, Field::FirstOut] {
        let loopback = Fact::new(Unknown::Field(field), Set::Names(Pattern::new("lo")));
        if given.answer(&loopback).is_none() {
            given.assume(&loopback, false, Grounds::Given, None);
        }
    }
    given
}

/// The entry of the packet's destination. A node port is one only where the packet goes that way.
pub fn entry(ruleset: &Ruleset<'_>, packet: &Packet, worlds: &[WorldAnswer]) -> Option<Entry> {
    let entry = kube::entry_for(ruleset, packet)?;
    let steps = worlds.iter().filter(|world| world.default).flat_map(|world| &world.paths).flat_map(|path| &path.steps);
    let met = steps.filter_map(|step| step.rule).any(|rule| rule == entry.rule);
    (met || entry.address.is_some()).then_some(entry)
}

/// Was it asked about, or only given? What the user named is assumed when it is asked.
fn asked(world: &World, assumed: &Assumed) -> bool {
    assumed.line.is_some() || assumed.grounds != Grounds::Given || world.assumptions.told(&assumed.fact).is_some()
}

/// The most paths of one world that are told one by one where they only differ in what they passed.
const HISTORIES: usize = 64;

fn read(ruleset: &Ruleset<'_>, host: &Host, journal: &Journal, world: &World) -> WorldAnswer {
    let mut paths: Vec<_> = world.ends.iter().flat_map(|end| paths(ruleset, host, journal, world, end)).collect();
    // In the order of the rules that they part at.
    paths.sort_by_cached_key(|path| path.steps.iter().map(|step| step.rule).collect::<Vec<_>>());
    let outcome = Outcome::of_paths(paths.iter().map(Path::outcome));
    let assumptions = world.assumptions.list().into_iter().filter(|assumed| asked(world, assumed));
    let assumptions = assumptions.cloned().collect();
    WorldAnswer { assumptions, also: Vec::new(), default: world.default, outcome, paths }
}

fn paths(ruleset: &Ruleset<'_>, host: &Host, journal: &Journal, world: &World, end: &End) -> Vec<Path> {
    let packet = resolved(&end.packet, &world.assumptions);
    let fault = if end.verdict == Verdict::Accept { Fault::of(&packet, end.goes) } else { None };
    // nat decided for the first packet of the connection.
    let first = journal.histories(end.first, 1).pop().map(|(_, steps)| steps).unwrap_or_default();
    let histories = journal.histories(end.trail, HISTORIES).into_iter();
    let path = |(part, steps): (Share, Vec<&Step>)| {
        let nat = if end.first.is_some() { &first } else { &steps };
        let mapping = |wanted| mapping(ruleset, host, nat, wanted);
        let snat = mapping(|rewrite| matches!(rewrite, Rewrite::Source { .. }));
        let lost = Outcome::of(&end.verdict, fault) == Outcome::Dropped && fault.is_none();
        let rejected = matches!(end.verdict, Verdict::Reject(_));
        Path {
            share: end.share * part,
            verdict: end.verdict.clone(),
            fault,
            packet: packet.clone(),
            dnat: mapping(|rewrite| matches!(rewrite, Rewrite::Destination { .. })),
            why: snat.as_ref().and_then(|snat| masquerade::why(ruleset, nat, snat.rule)),
            snat,
            goes: end.goes,
            near_miss: if lost || rejected {
                near_miss::find(ruleset, host, &world.assumptions, &end.packet, &steps)
            } else {
                None
            },
            steps: steps.into_iter().cloned().collect(),
        }
    };
    histories.map(path).collect()
}

/// The last mapping of a kind.
fn mapping(ruleset: &Ruleset<'_>, host: &Host, steps: &[&Step], wanted: fn(&Rewrite) -> bool) -> Option<Mapping> {
    steps.iter().rev().find_map(|step| match &step.action {
        Action::Target(Some(rewrite)) if wanted(rewrite) => {
            let rule = step.rule?;
            let recovered = ruleset.rule(rule).and_then(|rule| host.recovered(rule.line));
            Some(Mapping { rule, rewrite: rewrite.clone(), found: recovered.map(|recovered| recovered.found) })
        }
        _ => None,
    })
}

/// The packet with what this world has narrowed to a single value.
fn resolved(packet: &Packet, world: &Assumptions) -> Packet {
    let only = |field| world.values(&Unknown::Field(field))?.only();
    let mut packet = packet.clone();
    let family = packet.family;
    if packet.src == Value::field(Field::Src)
        && let Some(src) = only(Field::Src)
    {
        packet.src = Value::Known(family.address(src));
    }
    for (port, field) in [(&mut packet.sport, Field::Sport), (&mut packet.dport, Field::Dport)] {
        if *port == Value::field(field)
            && let Some(known) = only(field)
        {
            *port = Value::Known(u16::try_from(known).unwrap_or(u16::MAX));
        }
    }
    packet
}
