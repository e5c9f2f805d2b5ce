//! One chain.

use std::sync::OnceLock;

use crate::diagnostic::Diagnostic;
use crate::save::{Hook, Named, Policy, RulesAt};

use super::index::Index;
use super::rule::Rule;

/// A chain of a table.
#[derive(Debug)]
pub struct Chain<'t> {
    /// Its name.
    pub name: &'t str,
    /// Built in or made by a user.
    pub kind: Kind,
    /// The 1-based line that declares it; `None` where the dump only uses it.
    pub line: Option<u32>,
    /// Where its rule lines stand.
    pub(super) lines: RulesAt,
    /// Its rules, once something has asked for them. Most chains are never asked for, so that they have room for a pointer.
    pub(super) rules: OnceLock<Box<Parsed<'t>>>,
}

impl<'t> Named<'t> for Chain<'t> {
    fn name(&self) -> &'t str {
        self.name
    }
}

impl Chain<'_> {
    /// Does it have no rules, and does not drop?
    pub fn is_plain(&self) -> bool {
        self.lines.is_empty() && !matches!(self.kind, Kind::Base { policy: Policy::Drop, .. })
    }
}

/// A chain's rules and what could not be read of them.
#[derive(Debug, Default)]
pub(super) struct Parsed<'t> {
    pub(super) rules: Vec<Rule<'t>>,
    /// Of a long chain.
    pub(super) index: Option<Index>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl Parsed<'_> {
    /// With the rules behind its own.
    pub(super) fn and(mut self, behind: Self) -> Self {
        self.rules.extend(behind.rules);
        self.diagnostics.extend(behind.diagnostics);
        self
    }
}

/// Only a built-in chain has a hook and a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Asked by the kernel itself.
    Base {
        /// Where.
        hook: Hook,
        /// What happens at its end.
        policy: Policy,
        /// Line of the policy; `None` where the dump does not say it and ACCEPT is taken.
        line: Option<u32>,
    },
    /// Asked by a jump or goto.
    User,
}
