//! Some rules of a ruleset.

use std::collections::{BTreeMap, BTreeSet};

use super::id::{ChainId, RuleId};

/// Whole chains and single rules.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `None` is the whole chain.
    chains: BTreeMap<ChainId, Option<BTreeSet<u32>>>,
}

impl Selection {
    /// Takes a chain, whole.
    pub fn add_chain(&mut self, chain: ChainId) {
        self.chains.insert(chain, None);
    }

    /// Takes a rule.
    pub fn add_rule(&mut self, rule: RuleId) {
        if let Some(rules) = self.chains.entry(rule.chain).or_insert_with(|| Some(BTreeSet::new())) {
            rules.insert(rule.index);
        }
    }

    /// Is nothing selected?
    pub fn is_empty(&self) -> bool {
        self.chains.is_empty()
    }

    /// Is something of the chain selected?
    pub fn has_chain(&self, chain: ChainId) -> bool {
        self.chains.contains_key(&chain)
    }

    /// Is the rule selected?
    pub fn has_rule(&self, rule: RuleId) -> bool {
        let rules = self.chains.get(&rule.chain);
        rules.is_some_and(|rules| rules.as_ref().is_none_or(|rules| rules.contains(&rule.index)))
    }
}
