//! Names of chains and rules that are cheap to copy and compare.

use crate::save::TableName;

/// A chain of a [`super::Ruleset`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChainId {
    /// Its table.
    pub table: TableName,
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
