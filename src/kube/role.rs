//! What a chain is for, by the name that kube-proxy gives it.

use crate::extension::targets::Target;
use crate::ruleset::{ChainId, Ruleset, Then};
use crate::save::TableName;

/// The part that a chain plays. A hash is what stands behind the prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role<'t> {
    /// `KUBE-SERVICES`: finds the Service by its address.
    Services,
    /// `KUBE-NODEPORTS`: finds it by its node port.
    NodePorts,
    /// `KUBE-SVC-`: picks one of all endpoints.
    Cluster(&'t str),
    /// `KUBE-SVL-`: picks one of this node's endpoints.
    Local(&'t str),
    /// `KUBE-EXT-`, before 1.24 `KUBE-FW-` and `KUBE-XLB-`: traffic from outside.
    External(&'t str),
    /// `KUBE-SEP-`: one endpoint.
    Endpoint(&'t str),
    /// `KUBE-MARK-MASQ`: marks what will be masqueraded.
    MarkMasq,
    /// `KUBE-MARK-DROP`: marks what will be dropped.
    MarkDrop,
    /// `KUBE-POSTROUTING`: masquerades what is marked.
    Postrouting,
}

impl<'t> Role<'t> {
    /// The part of the chain called `name`; `None` if it is none of kube-proxy's nat chains.
    pub fn of(name: &'t str) -> Option<Self> {
        match name {
            "KUBE-SERVICES" => Some(Self::Services),
            "KUBE-NODEPORTS" => Some(Self::NodePorts),
            "KUBE-MARK-MASQ" => Some(Self::MarkMasq),
            "KUBE-MARK-DROP" => Some(Self::MarkDrop),
            "KUBE-POSTROUTING" => Some(Self::Postrouting),
            _ => match name.strip_prefix("KUBE-")?.split_once('-')? {
                ("SVC", hash) => Some(Self::Cluster(hash)),
                ("SVL", hash) => Some(Self::Local(hash)),
                ("EXT" | "FW" | "XLB", hash) => Some(Self::External(hash)),
                ("SEP", hash) => Some(Self::Endpoint(hash)),
                _ => None,
            },
        }
    }

    /// The hash of the Service port that the chain belongs to; an endpoint's chain has one of its own.
    pub const fn service_hash(self) -> Option<&'t str> {
        match self {
            Self::Cluster(hash) | Self::Local(hash) | Self::External(hash) => Some(hash),
            _ => None,
        }
    }
}

/// The chains of the nat table that do nothing but set a mark, such as `KUBE-MARK-MASQ`.
pub fn mark_chains<'r>(ruleset: &'r Ruleset<'_>) -> impl Iterator<Item = ChainId> + 'r {
    ruleset
        .tables_named(TableName::Nat)
        .flat_map(|table| ruleset.chains(table))
        .filter(|(_, chain)| chain.name.starts_with("KUBE-MARK-"))
        .map(|(id, _)| id)
        .filter(|id| ruleset.rules(*id).iter().all(|rule| matches!(rule.then, Then::Target(Target::Mark(_)))))
}
