//! Worlds: one for each way of answering what nobody said.
//!
//! A world leads its packets on until a question comes up that it has no answer to. Then it parts: one goes on with the
//! default answer, the other, which starts from the same place, supposes the contrary. Worlds are looked at in the order
//! of how many defaults they contradict.

use std::collections::{BTreeMap, BTreeSet};

use crate::extension::Verdict;
use crate::logic::{Assumptions, Fact, Grounds, Presumed, Share, Unknown};
use crate::packet::{Host, Packet};
use crate::ruleset::Ruleset;
use crate::save::Hook;

use super::chain::{Scene, Stop};
use super::journey::{Onward, first_stage};
use super::order::pass;
use super::place::{Place, Stage};
use super::trail::{Journal, TrailId};
use super::traveller::{End, Goes, Traveller};

/// How far to look.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// How many quantities may contradict their defaults in one world.
    pub contradictions: usize,
    /// Also suppose what is far-fetched.
    pub far_fetched: bool,
    /// How many worlds are looked at.
    pub worlds: usize,
    /// How many ends of packets they have together; the first world may have more.
    pub ends: usize,
    /// How much work is done, in rules tried: a world that costs more is given up, and once all worlds together have cost
    /// more, no other is looked at.
    pub work: u64,
}

impl Limits {
    /// The default world and those that differ from it in one fact.
    pub const NEAR: Self = Self { contradictions: 1, far_fetched: false, worlds: 256, ends: 4096, work: 50_000_000 };
    /// Every world.
    pub const ALL: Self =
        Self { contradictions: usize::MAX, far_fetched: true, worlds: 4096, ends: 1 << 16, work: 200_000_000 };
}

/// One way of answering every question that came up, and how every packet ends in it.
#[derive(Debug)]
pub struct World {
    /// The answers.
    pub assumptions: Assumptions,
    /// No answer contradicts a default.
    pub default: bool,
    /// The ends; their shares sum to 1.
    pub ends: Vec<End>,
}

/// Every world that was looked at.
#[derive(Debug)]
pub struct Explored {
    /// The first is the default one.
    pub worlds: Vec<World>,
    /// The steps that [`End::trail`] refers to.
    pub journal: Journal,
    /// How many worlds were not looked at because there are too many.
    pub unexplored: usize,
}

/// Follows `packet` through every world within `limits`, starting from what is assumed already.
pub fn explore(
    ruleset: &Ruleset<'_>,
    host: &Host,
    packet: &Packet,
    assumptions: Assumptions,
    limits: Limits,
) -> Explored {
    let mut explorer =
        Explorer { ruleset, host, limits, journal: Journal::new(), open: BTreeMap::new(), opened: 0, unexplored: 0 };
    explorer.open_world(Open::start(packet, assumptions));
    let mut worlds = Vec::new();
    let mut ends = 0;
    while let Some((_, open)) = explorer.open.pop_first() {
        if !worlds.is_empty() && (explorer.journal.work() > limits.work || ends > limits.ends) {
            explorer.unexplored += explorer.open.len() + 1;
            break;
        }
        explorer.journal.begin(limits.work);
        let world = explorer.follow(open);
        ends += world.ends.len();
        worlds.push(world);
    }
    Explored { worlds, journal: explorer.journal, unexplored: explorer.unexplored }
}

struct Explorer<'a, 't> {
    ruleset: &'a Ruleset<'t>,
    host: &'a Host,
    limits: Limits,
    journal: Journal,
    /// Worlds still to be followed, by how many defaults they contradict and when they were opened.
    open: BTreeMap<(usize, usize), Open>,
    opened: usize,
    unexplored: usize,
}

/// A world that is not at its end.
#[derive(Clone)]
struct Open {
    assumptions: Assumptions,
    /// The quantities whose defaults are contradicted.
    contradicted: BTreeSet<Unknown>,
    /// Packets on their way. Equal packets at one place are one.
    front: BTreeMap<(Place, Packet), Arrived>,
    ends: Vec<End>,
}

#[derive(Clone, Copy)]
struct Arrived {
    share: Share,
    trail: Option<TrailId>,
    goes: Option<Goes>,
    first: Option<TrailId>,
}

impl Open {
    fn start(packet: &Packet, assumptions: Assumptions) -> Self {
        let place = Place::start(Stage::Begin);
        let arrived = Arrived { share: Share::ALL, trail: None, goes: None, first: None };
        Self {
            assumptions,
            contradicted: BTreeSet::new(),
            front: BTreeMap::from([((place, packet.clone()), arrived)]),
            ends: Vec::new(),
        }
    }

    /// The packet that is least far.
    fn next(&mut self) -> Option<Traveller> {
        let ((place, packet), Arrived { share, trail, goes, first }) = self.front.pop_first()?;
        Some(Traveller { place, packet, share, trail, goes, first })
    }

    /// Puts a packet at its place, where it joins an equal one.
    fn arrive(&mut self, journal: &mut Journal, traveller: Traveller) {
        journal.arrive();
        let Traveller { place, packet, share, trail, goes, first } = traveller;
        let there = self.front.entry((place, packet));
        there
            .and_modify(|there| {
                there.trail = Some(journal.meet([(there.trail, there.share), (trail, share)]));
                there.share = there.share.plus(share);
            })
            .or_insert(Arrived { share, trail, goes, first });
    }
}

impl Explorer<'_, '_> {
    fn open_world(&mut self, open: Open) {
        self.open.insert((open.contradicted.len(), self.opened), open);
        self.opened += 1;
    }

    /// Leads every packet of a world to its end.
    fn follow(&mut self, mut open: Open) -> World {
        while let Some(traveller) = open.next() {
            let scene =
                Scene { ruleset: self.ruleset, host: self.host, world: &open.assumptions, hook: Hook::Prerouting };
            let stop = match scene.go_on(traveller) {
                Onward::Chain(traveller, hook) => Scene { hook, ..scene }.run(&mut self.journal, traveller),
                Onward::Ended(traveller, verdict) => Stop::Ended(traveller, verdict),
                Onward::Asked(traveller, fact) => Stop::Asked(traveller, fact, None),
            };
            self.settle(&mut open, stop);
        }
        World { assumptions: open.assumptions, default: open.contradicted.is_empty(), ends: open.ends }
    }

    fn settle(&mut self, open: &mut Open, stop: Stop) {
        match stop {
            Stop::Paused(traveller) => open.arrive(&mut self.journal, traveller),
            Stop::Drawn { matched, missed } => {
                open.arrive(&mut self.journal, missed);
                self.settle(open, *matched);
            }
            Stop::Accepted(mut traveller) => {
                pass(&mut traveller);
                open.arrive(&mut self.journal, traveller);
            }
            Stop::Ended(mut traveller, verdict) => match traveller.packet.ahead_of.take() {
                Some(asked) => self.follow_first(open, traveller, *asked, &verdict),
                None => open.ends.push(traveller.end(verdict)),
            },
            Stop::Asked(traveller, fact, line) => self.ask(open, traveller, &fact, line),
        }
    }

    /// The first packet of the connection is at its end; now comes the one that was asked about.
    fn follow_first(&mut self, open: &mut Open, first: Traveller, asked: Packet, verdict: &Verdict) {
        let accepted = *verdict == Verdict::Accept;
        let fact = Fact::named(
            "conntrack:made",
            Some(Presumed::usually(true)),
            "its connection was made although these rules do not let its first packet through".into(),
            "its connection was not made".into(),
        );
        if !accepted && open.assumptions.answer(&fact).is_none() {
            open.assumptions.assume(&fact, true, Grounds::Default, None);
        }
        let packet = asked.after(&first.packet, accepted);
        let place = first.place.again(first_stage(&packet));
        open.arrive(
            &mut self.journal,
            Traveller { place, packet, share: first.share, trail: None, goes: None, first: first.trail },
        );
    }

    /// Answers a question, and opens the world in which the answer is the other one.
    fn ask(&mut self, open: &mut Open, traveller: Traveller, fact: &Fact, line: Option<u32>) {
        let (answer, grounds) = match (open.assumptions.told(fact), fact.default) {
            (Some(told), _) => (told, Grounds::Given),
            (None, Some(presumed)) => (presumed.answer, Grounds::Default),
            (None, None) => (false, Grounds::Supposed),
        };
        let is_near = grounds != Grounds::Given && self.is_near(open, fact);
        if is_near && self.opened >= self.limits.worlds {
            self.unexplored += 1;
        } else if is_near {
            let mut other = open.clone();
            other.assumptions.assume(fact, !answer, Grounds::Supposed, line);
            if fact.default.is_some() {
                other.contradicted.insert(fact.about.clone());
            }
            other.arrive(&mut self.journal, traveller.clone());
            self.open_world(other);
        }
        open.assumptions.assume(fact, answer, grounds, line);
        open.arrive(&mut self.journal, traveller);
    }

    /// Is the contrary of the default worth a world? A fact without a default always has two.
    fn is_near(&self, open: &Open, fact: &Fact) -> bool {
        let Some(presumed) = fact.default else { return true };
        let others = open.contradicted.iter().filter(|about| **about != fact.about).count();
        others < self.limits.contradictions && (self.limits.far_fetched || !presumed.firm)
    }
}
