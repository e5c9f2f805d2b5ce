//! Which rules of a chain no packet can reach and match, and because of which earlier ones.

use crate::ruleset::{ChainId, Rule, RuleId, Ruleset};

use super::chains::Chains;
use super::change::Changes;
use super::earlier::{Earlier, Left};
use super::fate::Fate;
use super::reading::Reading;
use super::space::Space;

/// A rule that no packet reaches and matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The rule.
    pub rule: RuleId,
    /// Why that is.
    pub why: Why,
}

/// Why no packet reaches and matches a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What it asks for contradicts itself.
    Empty,
    /// These earlier rules of its chain take every packet that it could match; without any of them some would be left.
    By(Vec<RuleId>),
}

/// The rules of one chain that no packet reaches and matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// In order.
    pub covered: Vec<Covered>,
    /// Rules of which it would have taken too long to tell.
    pub undecided: Vec<RuleId>,
}

/// Asks about the chains of one ruleset; what a chain does to those that call it is worked out once.
#[derive(Debug)]
pub struct Reach<'r, 't> {
    chains: Chains<'r, 't>,
}

impl<'r, 't> Reach<'r, 't> {
    /// Asks about the chains of `ruleset`.
    pub fn new(ruleset: &'r Ruleset<'t>) -> Self {
        Self { chains: Chains::new(ruleset) }
    }

    /// The rules of `chain` that no packet reaches and matches, however it came to the chain.
    pub fn covered(&mut self, chain: ChainId) -> Coverage {
        let mut coverage = Coverage::default();
        let mut earlier = Earlier::default();
        for (index, rule) in (0..).zip(self.chains.ruleset.rules(chain)) {
            let id = RuleId { chain, index };
            let reading = Reading::of(rule, self.chains.family());
            let why = if reading.upper.is_empty() {
                Some(Why::Empty)
            } else {
                match earlier.left_of(&reading.upper, &mut self.chains) {
                    Left::Nothing(by) => Some(Why::By(by.into_iter().map(|index| RuleId { chain, index }).collect())),
                    Left::Something => None,
                    Left::Undecided => {
                        coverage.undecided.push(id);
                        None
                    }
                }
            };
            match why {
                // What no packet matches takes nothing, and its target changes nothing.
                Some(why) => {
                    earlier.changes(index, &Changes::by_matches(rule));
                    coverage.covered.push(Covered { rule: id, why });
                }
                None => self.pass(&mut earlier, index, rule, reading),
            }
        }
        coverage
    }

    /// Goes on to the next rule.
    fn pass(&mut self, earlier: &mut Earlier, index: u32, rule: &Rule<'_>, reading: Reading) {
        let chain = match Fate::of(rule) {
            Fate::Ends | Fate::Leaves | Fate::Goes(_) => Some(None),
            Fate::Calls(chain) => Some(Some(chain)),
            Fate::Continues | Fate::Unknown => None,
        };
        if let Some(chain) = chain.filter(|_| reading.certain) {
            earlier.takes(index, reading.upper, chain);
        }
        earlier.changes(index, &self.chains.changes_of(rule));
    }
}

/// The packets that may match a rule: no other does.
pub fn may_match(ruleset: &Ruleset<'_>, rule: RuleId) -> Option<Space> {
    ruleset.rule(rule).map(|rule| Reading::of(rule, ruleset.family).upper)
}
