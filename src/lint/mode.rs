//! How Services come to be on this host: by kube-proxy's iptables mode, by IPVS, or not at all.

use std::fmt;

use crate::extension::matches::Match;
use crate::kube::Role;
use crate::ruleset::{Rule, Ruleset, Then};
use crate::save::TableName;

/// The mode of kube-proxy, as far as the rules show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// `KUBE-SERVICES` leads to chains of Services.
    Iptables,
    /// Sets of kube-proxy (`KUBE-CLUSTER-IP`, …) and its chains for them.
    Ipvs,
    /// No Services.
    Plain,
}

impl Mode {
    /// The mode of a ruleset.
    pub fn of(ruleset: &Ruleset<'_>) -> Self {
        let entries = ["KUBE-SERVICES", "KUBE-NODEPORTS"];
        let entries = entries.into_iter().flat_map(|name| ruleset.find_any(TableName::Nat, name));
        if entries.flat_map(|chain| ruleset.rules(chain)).any(|rule| leads_to_service(ruleset, rule)) {
            return Self::Iptables;
        }
        let chains = || ruleset.tables().flat_map(|table| ruleset.chains(table));
        let by_name = chains().any(|(_, chain)| matches!(chain.name, "KUBE-NODE-PORT" | "KUBE-LOAD-BALANCER"));
        let asks_set = |rule: &Rule<'_>| rule.matches.iter().any(asks_kube_set);
        let kube = chains().filter(|(_, chain)| chain.name.starts_with("KUBE-"));
        if by_name || kube.flat_map(|(id, _)| ruleset.rules(id)).any(asks_set) {
            return Self::Ipvs;
        }
        Self::Plain
    }

    /// The mode as it is printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Iptables => "iptables",
            Self::Ipvs => "ipvs",
            Self::Plain => "plain",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

fn leads_to_service(ruleset: &Ruleset<'_>, rule: &Rule<'_>) -> bool {
    let name = match &rule.then {
        Then::Jump(chain) | Then::Goto(chain) => ruleset.name(*chain),
        Then::Target(target) => target.name(),
        Then::Next | Then::Unreadable => return false,
    };
    Role::of(name).is_some_and(|role| role.service_hash().is_some())
}

fn asks_kube_set(extension: &Match<'_>) -> bool {
    matches!(extension, Match::Set(_)) && extension.to_string().contains("--match-set KUBE-")
}
