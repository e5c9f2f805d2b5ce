//! The answers to many packets. Those that nothing on their way tells apart share one.
//!
//! A packet whose source is not known asks for it where a rule does, and what it asks is written down. So the answer to
//! one of which only the destination is known, and whose questions about the source are answered for a packet, is the
//! answer to that packet and to every other that answers these questions in the same way.

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use rustc_hash::FxHashMap;

use crate::logic::{Assumed, Assumptions, Fact, Field, Grounds, Set, Unknown};
use crate::packet::{Host, NewSource, Packet, Rewrite, Value};
use crate::ruleset::Ruleset;
use crate::walk::Limits;

use super::answer::{Path, WorldAnswer, every_world};
use super::brief::Brief;

/// How far to look: what is taken if nobody says, and no further.
const LIMITS: Limits = Limits { contradictions: 0, ..Limits::NEAR };
/// How often the questions about a source are answered until no other comes up.
const ROUNDS: usize = 64;
/// Destinations whose answers are kept.
const KEPT: usize = 1 << 18;
/// Facts that an extension names and that are the same, or presumed to be, for every source from outside.
const SAME: [&str; 7] = ["conntrack:", "joined:", "local:", "recent:", "route:", "sysctl:", "unread:"];

/// Answers packets, several at the same time. `T` is what is made of an answer.
pub struct Asker<'a, 't, T> {
    ruleset: &'a Ruleset<'t>,
    host: &'a Host,
    given: Assumptions,
    /// May answers be shared?
    shares: bool,
    tell: Box<dyn Fn(&Brief) -> T + Sync + 'a>,
    /// By the packet without its source.
    known: RwLock<FxHashMap<Packet, Vec<Shared<T>>>>,
}

/// An answer, and what a source must be for it.
struct Shared<T> {
    asked: Vec<(Field, Set, bool)>,
    /// Where its ways lead. What comes from there comes back to itself, and is asked about alone.
    ends: Vec<IpAddr>,
    told: Arc<T>,
}

impl<'a, 't, T> Asker<'a, 't, T> {
    /// Asks about packets to this host. Where `shares` is not set, each packet is followed by itself: what was `given` may be
    /// about one source, or the host may know what it remembers of it.
    pub fn new(
        ruleset: &'a Ruleset<'t>,
        host: &'a Host,
        given: Assumptions,
        shares: bool,
        tell: impl Fn(&Brief) -> T + Sync + 'a,
    ) -> Self {
        Self { ruleset, host, given, shares, tell: Box::new(tell), known: RwLock::default() }
    }

    /// What becomes of `packet`.
    pub fn ask(&self, packet: &Packet) -> Arc<T> {
        let Some(key) = self.key(packet) else { return Arc::new(self.alone(packet)) };
        {
            let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
            let shared = known.get(&key).and_then(|shared| shared.iter().find(|shared| shared.holds_for(packet)));
            if let Some(shared) = shared {
                return Arc::clone(&shared.told);
            }
        }
        let Some(shared) = self.shared(&key, packet) else { return Arc::new(self.alone(packet)) };
        let told = Arc::clone(&shared.told);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() < KEPT || known.contains_key(&key) {
            known.entry(key).or_default().push(shared);
        }
        told
    }

    /// The packet without its source, if others may share its answer. What is made here, or sent to where it comes from, is
    /// known by more than its address.
    fn key(&self, packet: &Packet) -> Option<Packet> {
        let plain = packet.src.known().is_some_and(|src| self.host.is_plain(*src));
        let shares = self.shares && plain && !packet.local && packet.src != packet.dst;
        shares.then(|| Packet { src: Value::field(Field::Src), sport: Value::field(Field::Sport), ..packet.clone() })
    }

    fn alone(&self, packet: &Packet) -> T {
        let worlds = every_world(self.ruleset, self.host, packet, self.given.clone(), LIMITS).worlds;
        (self.tell)(&Brief::of_worlds(self.ruleset, packet, &worlds))
    }

    /// Follows `key` until its questions are answered as they are for `packet`. `None` if it asks for what cannot be told so.
    fn shared(&self, key: &Packet, packet: &Packet) -> Option<Shared<T>> {
        let (mut given, mut asked) = (self.given.clone(), Vec::new());
        for _ in 0..ROUNDS {
            let worlds = every_world(self.ruleset, self.host, key, given.clone(), LIMITS).worlds;
            if worlds.iter().flat_map(|world| &world.paths).any(is_mapped) {
                return None;
            }
            let wrong = corrections(&worlds, packet, &mut asked)?;
            if wrong.is_empty() {
                let told = Arc::new((self.tell)(&Brief::of_worlds(self.ruleset, packet, &worlds)));
                let shared = Shared { asked, ends: ends(&worlds), told };
                return shared.holds_for(packet).then_some(shared);
            }
            for (fact, answer) in wrong {
                given.assume(&fact, answer, Grounds::Given, None);
            }
        }
        None
    }
}

impl<T> Shared<T> {
    fn holds_for(&self, packet: &Packet) -> bool {
        let comes_back = packet.src.known().is_some_and(|src| self.ends.contains(src));
        !comes_back && self.asked.iter().all(|(field, set, answer)| lies_in(packet, *field, set) == Some(*answer))
    }
}

/// Is its source made from the one it had?
fn is_mapped(path: &Path) -> bool {
    let made = path.snat.as_ref().map(|snat| &snat.rewrite);
    matches!(made, Some(Rewrite::Source { kind: NewSource::Snat, address: Value::Unknown(_), .. }))
}

fn ends(worlds: &[WorldAnswer]) -> Vec<IpAddr> {
    let mut ends: Vec<_> =
        worlds.iter().flat_map(|world| &world.paths).filter_map(|path| path.packet.dst.known().copied()).collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// What these worlds take the source for and it is not. Everything that they ask about it is added to `asked`. `None` if they
/// ask for what is not told by an address and a port.
fn corrections(
    worlds: &[WorldAnswer],
    packet: &Packet,
    asked: &mut Vec<(Field, Set, bool)>,
) -> Option<Vec<(Fact, bool)>> {
    let mut wrong = Vec::new();
    for Assumed { fact, answer, .. } in worlds.iter().flat_map(|world| &world.assumptions) {
        match &fact.about {
            Unknown::Field(field @ (Field::Src | Field::Sport)) => {
                let truth = lies_in(packet, *field, &fact.within)?;
                if truth != *answer {
                    wrong.push((fact.clone(), truth));
                }
                let question = (*field, fact.within.clone(), truth);
                if !asked.contains(&question) {
                    asked.push(question);
                }
            }
            Unknown::Named(name) if !SAME.iter().any(|same| name.starts_with(same)) => return None,
            Unknown::Field(_) | Unknown::Number(_) | Unknown::Named(_) => {}
        }
    }
    Some(wrong)
}

/// Does the packet's source lie in `set`? `None` if that is not known.
fn lies_in(packet: &Packet, field: Field, set: &Set) -> Option<bool> {
    let Set::Values(values) = set else { return None };
    let value = match field {
        Field::Src => match *packet.src.known()? {
            IpAddr::V4(address) => address.to_bits().into(),
            IpAddr::V6(address) => address.to_bits(),
        },
        _ => u128::from(*packet.sport.known()?),
    };
    Some(values.contains(value))
}
