//! The answer in a few words: what becomes of a packet, and where it ends.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::kube::Entry;
use crate::logic::Share;
use crate::packet::{Packet, Value};
use crate::ruleset::{ChainId, RuleId, Ruleset};

use super::answer::{Answer, Path, WorldAnswer, entry};
use super::outcome::Outcome;

/// What becomes of a packet, as the default world has it.
#[derive(Debug, Clone)]
pub struct Brief {
    /// In one word.
    pub outcome: Outcome,
    /// The Service entry that takes it in.
    pub entry: Option<Entry>,
    /// Where rules send it, with the part of all packets that goes there.
    pub endpoints: BTreeMap<(Value<IpAddr>, Value<u16>), Share>,
    /// How many of its ways give it another source.
    pub snat: Part,
    /// The rule that most of what does not get through ends at; no rule for the policy of the chain.
    pub ended_by: Option<(ChainId, Option<RuleId>)>,
}

/// How many of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// None of them.
    None,
    /// Some of them.
    Some,
    /// All of them.
    All,
}

impl Part {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "no",
            Self::Some => "some",
            Self::All => "yes",
        }
    }
}

impl Brief {
    /// The short form of an answer.
    pub fn of(answer: &Answer) -> Self {
        Self::told(answer.outcome, answer.entry.clone(), &answer.worlds)
    }

    /// What the worlds say of `packet`, the default one first.
    pub(super) fn of_worlds(ruleset: &Ruleset<'_>, packet: &Packet, worlds: &[WorldAnswer]) -> Self {
        let defaults = worlds.iter().filter(|world| world.default).map(|world| world.outcome);
        Self::told(Outcome::of_worlds(defaults), entry(ruleset, packet, worlds), worlds)
    }

    fn told(outcome: Outcome, entry: Option<Entry>, worlds: &[WorldAnswer]) -> Self {
        let paths = worlds.first().map_or(&[] as &[Path], |world| &world.paths);
        let mut endpoints: BTreeMap<_, Share> = BTreeMap::new();
        for path in paths.iter().filter(|path| path.dnat.is_some()) {
            let share = endpoints.entry((path.packet.dst.clone(), path.packet.dport.clone())).or_insert(Share::NONE);
            *share = share.plus(path.share);
        }
        let snat = match paths.iter().filter(|path| path.snat.is_some()).count() {
            0 => Part::None,
            all if all == paths.len() => Part::All,
            _ => Part::Some,
        };
        Self { outcome, entry, endpoints, snat, ended_by: ended_by(paths) }
    }
}

fn ended_by(paths: &[Path]) -> Option<(ChainId, Option<RuleId>)> {
    let mut ends: BTreeMap<_, Share> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.outcome() != Outcome::Delivered) {
        if let Some(step) = path.steps.last() {
            let share = ends.entry((step.chain, step.rule)).or_insert(Share::NONE);
            *share = share.plus(path.share);
        }
    }
    ends.into_iter().max_by(|(_, one), (_, other)| one.get().total_cmp(&other.get())).map(|(end, _)| end)
}
