//! Where the addresses of pods are from, as far as the input tells.

use std::collections::BTreeSet;

use crate::kube::Role;
use crate::packet::Net;
use crate::ruleset::{AddressTest, Rule, Test};
use crate::save::TableName;

use super::input::Input;

impl Input<'_, '_> {
    /// The ranges that pods have their addresses from: those of the facts, or what kube-proxy takes for them when it decides
    /// whom to masquerade. Empty if neither tells.
    pub fn pods(&self) -> BTreeSet<Net> {
        if let Some(pods) = &self.facts.pod_cidrs {
            return pods.iter().copied().collect();
        }
        let marks = |rule: &&Rule<'_>| rule.leads_to().is_some_and(|to| self.role(to) == Some(Role::MarkMasq));
        let others = |rule: &Rule<'_>| match rule.header.src.as_deref() {
            Some(Test { not: true, value: AddressTest::Net(net) }) => Some(*net),
            _ => None,
        };
        let chains = self.chains_of(TableName::Nat).filter(|chain| self.role(*chain).is_some());
        chains.flat_map(|chain| self.ruleset.rules(chain)).filter(marks).filter_map(others).collect()
    }
}
