//! Names of chains and rules that are cheap to copy and compare.

use std::fmt;

use crate::save::{Backend, TableName};

/// A table of a [`super::Ruleset`]: each backend has its own. Prints as its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId {
    /// The half of the kernel that it is in.
    pub backend: Backend,
    /// Its name.
    pub name: TableName,
}

impl TableId {
    /// The table called `name` of a backend.
    pub const fn new(backend: Backend, name: TableName) -> Self {
        Self { backend, name }
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

/// A chain of a [`super::Ruleset`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainId {
    /// Its table.
    pub table: TableId,
    /// Its place among the chains of that table.
    pub index: u32,
}

/// A rule of a [`super::Ruleset`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId {
    /// Its chain.
    pub chain: ChainId,
    /// Its place in that chain, from 0.
    pub index: u32,
}

impl RuleId {
    /// The number that `iptables -L --line-numbers` shows.
    pub const fn number(self) -> u32 {
        self.index + 1
    }
}
