//! Answers in words, for people and for programs: the only place that knows colour, width and markup.

mod facts;
pub mod json;
mod safe;
pub mod text;
mod words;

pub use safe::Safe;

use crate::ruleset::{ChainId, Kind, RuleId, Ruleset};
use crate::source::{Place, Source};

/// What an answer is about, to look up names and places.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a, 't> {
    /// The rules.
    pub ruleset: &'a Ruleset<'t>,
    /// The text they were read from.
    pub source: &'a Source,
}

impl Subject<'_, '_> {
    /// Where a rule stands; `None` for a rule that was added to a fragment.
    pub fn place(&self, rule: RuleId) -> Option<Place<'_>> {
        self.source.place(self.ruleset.rule(rule)?.line)
    }

    /// Where a built-in chain's policy stands, if the input has it.
    pub fn policy_place(&self, chain: ChainId) -> Option<Place<'_>> {
        match self.ruleset.chain(chain)?.kind {
            Kind::Base { line, .. } => self.source.place(line?),
            Kind::User => None,
        }
    }
}
