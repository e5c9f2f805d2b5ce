//! Rules in front of another rule that let new connections through.

use std::collections::BTreeSet;

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};

use super::stance::Breadth;

/// A rule that accepts new connections, and the way to it.
#[derive(Debug, Clone)]
pub struct Lets {
    /// The rules from one of the chain that was asked about to the ACCEPT.
    pub way: Vec<RuleId>,
    /// Only packets with a mark.
    pub marked: bool,
}

impl Lets {
    /// The rule that accepts.
    pub fn rule(&self) -> Option<RuleId> {
        self.way.last().copied()
    }

    /// The rule of the chain that was asked about.
    pub fn front(&self) -> Option<RuleId> {
        self.way.first().copied()
    }
}

/// Chains within chains are not followed any deeper.
const DEEPEST: usize = 8;

/// What lets new connections through in front of `rule`. What is not understood is left out, and so is what stands behind a
/// rule that takes every packet.
pub fn lets(ruleset: &Ruleset<'_>, rule: RuleId) -> Vec<Lets> {
    let mut search = Search { ruleset, seen: BTreeSet::new(), found: Vec::new() };
    search.chain(rule.chain, rule.index as usize, &Lets { way: Vec::new(), marked: false });
    search.found
}

/// Follows what rules lead to; a chain is looked at once, by the first way there.
struct Search<'a, 't> {
    ruleset: &'a Ruleset<'t>,
    seen: BTreeSet<ChainId>,
    found: Vec<Lets>,
}

impl Search<'_, '_> {
    fn chain(&mut self, chain: ChainId, rules: usize, before: &Lets) {
        for (index, rule) in (0..).zip(self.ruleset.rules(chain)).take(rules) {
            if let Some(marked) = asks_new(rule) {
                let mut way = before.way.clone();
                way.push(RuleId { chain, index });
                self.follow(Lets { way, marked: before.marked || marked }, rule);
            }
            let ends = matches!(rule.then, Then::Target(_) | Then::Goto(_)) && !rule.is_harmless();
            if ends && Breadth::of(rule) == Breadth::All || matches!(rule.then, Then::Unreadable) {
                return;
            }
        }
    }

    fn follow(&mut self, way: Lets, rule: &Rule<'_>) {
        match &rule.then {
            Then::Target(Target::Accept(_)) => self.found.push(way),
            Then::Jump(to) | Then::Goto(to) if way.way.len() < DEEPEST && self.seen.insert(*to) => {
                self.chain(*to, usize::MAX, &way);
            }
            _ => {}
        }
    }
}

/// May the first packet of a connection match, whatever else is asked: then, whether it needs a mark.
fn asks_new(rule: &Rule<'_>) -> Option<bool> {
    let mut marked = false;
    for extension in &rule.matches {
        match extension {
            Match::Comment(_)
            | Match::Tcp(_)
            | Match::Udp(_)
            | Match::Sctp(_)
            | Match::Multiport(_)
            | Match::Set(_) => {}
            Match::Conntrack(_) | Match::State(_) => {
                let words = extension.to_string();
                if !words.contains("state ") || words.contains("! --") == words.contains("NEW") {
                    return None;
                }
            }
            Match::Mark(_) => marked = true,
            _ => return None,
        }
    }
    Some(marked)
}
