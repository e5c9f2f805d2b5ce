//! Answers in words, for people and for programs: the only place that knows colour, width and markup.

mod facts;
pub mod json;
mod safe;
pub mod text;
mod words;

pub use safe::Safe;

use crate::ruleset::{ChainId, Kind, RuleId, Ruleset, TableId};
use crate::save::Backend;
use crate::source::Source;

/// What an answer is about, to look up names and places.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a, 't> {
    /// The rules.
    pub ruleset: &'a Ruleset<'t>,
    /// The text they were read from.
    pub source: &'a Source,
}

impl Subject<'_, '_> {
    /// The line that a rule stands in; `None` for a rule that was added to a fragment.
    pub fn line(&self, rule: RuleId) -> Option<u32> {
        self.own(self.ruleset.rule(rule)?.line)
    }

    /// The line of a built-in chain's policy, if the input has it.
    pub fn policy_line(&self, chain: ChainId) -> Option<u32> {
        match self.ruleset.chain(chain)?.kind {
            Kind::Base { line, .. } => self.own(line?),
            Kind::User => None,
        }
    }

    /// The backend of a table, where there are tables of both.
    pub fn backend(&self, table: TableId) -> Option<Backend> {
        self.ruleset.is_mixed().then_some(table.backend)
    }

    /// A chain with its table: `filter INPUT`, or `filter INPUT (nft)` where there are tables of both backends.
    pub fn chain_of(&self, table: TableId, chain: &str) -> String {
        let backend = self.backend(table).map(|backend| format!(" ({})", backend.as_str()));
        format!("{table} {}{}", Safe(chain), backend.unwrap_or_default())
    }

    /// `line`, if it is one of the input's own.
    pub fn own(&self, line: u32) -> Option<u32> {
        (line > 0 && line <= self.source.own_lines()).then_some(line)
    }
}
