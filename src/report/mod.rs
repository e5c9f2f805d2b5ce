//! Answers in words, for people and for programs: the only place that knows colour, width and markup.

pub mod csv;
mod facts;
pub mod json;
pub mod lint;
mod safe;
pub mod text;
mod words;

pub use safe::Safe;

use crate::analyze::{Memory, Observed};
use crate::kernlog::Connection;
use crate::ruleset::{ChainId, Kind, RuleId, Ruleset, TableId};
use crate::save::Backend;
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

    /// The backend of a table, where there are tables of both.
    pub fn backend(&self, table: TableId) -> Option<Backend> {
        self.ruleset.is_mixed().then_some(table.backend)
    }

    /// A chain with its table: `filter INPUT`, or `filter INPUT (nft)` where there are tables of both backends.
    pub fn chain_of(&self, table: TableId, chain: &str) -> String {
        let backend = self.backend(table).map(|backend| format!(" ({})", backend.as_str()));
        format!("{table} {}{}", Safe(chain), backend.unwrap_or_default())
    }
}

/// A connection of a log, and what it is laid beside.
#[derive(Debug, Clone, Copy)]
pub struct LogSubject<'a, 't> {
    /// The rules.
    pub subject: Subject<'a, 't>,
    /// The lines.
    pub connection: &'a Connection,
}

/// What is told of a fan beside its shares.
#[derive(Debug, Clone, Copy)]
pub struct Beside<'a> {
    /// What a simulation drew.
    pub drawn: Option<&'a Observed>,
    /// How many clients come, and how many a list holds.
    pub memory: Memory,
}
