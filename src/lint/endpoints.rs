//! Where Services send their connections, by the rules that rewrite destinations.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::extension::targets::Target;
use crate::kube::Role;
use crate::ruleset::{ChainId, RuleId, Then};
use crate::save::TableName::Nat;

use super::input::Input;

impl Input<'_, '_> {
    /// The chains that stand for one endpoint each, in file order.
    pub fn endpoint_chains(&self) -> impl Iterator<Item = ChainId> {
        self.chains_of(Nat).filter(|chain| matches!(self.role(*chain), Some(Role::Endpoint(_))))
    }

    /// The addresses of endpoints that packets may be sent to, each with the first rule that does.
    pub fn endpoints(&self) -> BTreeMap<IpAddr, RuleId> {
        let chains = self.endpoint_chains().filter(|chain| self.is_reached(*chain));
        let mut endpoints = BTreeMap::new();
        for (id, rule) in chains.flat_map(|chain| self.rules(chain)) {
            if let Then::Target(Target::Dnat(dnat)) = &rule.then
                && let Some(address) = dnat.only().0
            {
                endpoints.entry(address).or_insert(id);
            }
        }
        endpoints
    }
}
