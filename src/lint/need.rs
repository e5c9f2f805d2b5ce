//! What a lint cannot do without.

use std::fmt;

use crate::save::TableName;

use super::facts::Facts;
use super::input::Input;

/// Something that a lint needs; without it the lint is skipped, and told as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// A table: one that is not in the input may have any rules.
    Table(TableName),
    /// The whole dump: what is not in a part of one may exist all the same.
    Whole,
    /// The rules of the other family, from the same input or `--v6`.
    OtherFamily,
    /// The rules of the legacy backend beside those of nft, from the same input or `--legacy`.
    Legacy,
    /// Something about the host, from `--facts`.
    Fact(Fact),
}

/// A kind of fact, each a key of the file of facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fact {
    /// `pod-cidrs`
    PodCidrs,
    /// `service-cidrs`
    ServiceCidrs,
    /// `node-addresses`
    NodeAddresses,
    /// `uplinks`
    Uplinks,
    /// `sysctls`
    Sysctls,
    /// `external-ips`
    ExternalIps,
    /// `listening`
    Listening,
}

impl Fact {
    /// Its key in the file of facts.
    pub const fn key(self) -> &'static str {
        match self {
            Self::PodCidrs => "pod-cidrs",
            Self::ServiceCidrs => "service-cidrs",
            Self::NodeAddresses => "node-addresses",
            Self::Uplinks => "uplinks",
            Self::Sysctls => "sysctls",
            Self::ExternalIps => "external-ips",
            Self::Listening => "listening",
        }
    }

    /// Is it told?
    pub const fn is_in(self, facts: &Facts) -> bool {
        match self {
            Self::PodCidrs => facts.pod_cidrs.is_some(),
            Self::ServiceCidrs => facts.service_cidrs.is_some(),
            Self::NodeAddresses => facts.node_addresses.is_some(),
            Self::Uplinks => facts.uplinks.is_some(),
            Self::Sysctls => facts.sysctls.is_some(),
            Self::ExternalIps => facts.external_ips.is_some(),
            Self::Listening => facts.listening.is_some(),
        }
    }
}

impl Need {
    /// Why the input does not do; `None` if it does.
    pub fn lacks(self, input: &Input<'_, '_>) -> Option<String> {
        match self {
            Self::Table(table) => input
                .is_missing(table)
                .then(|| format!("the input has no {table} table, so that what it holds is not known")),
            Self::Whole => input.fragment.then(|| "the input is part of a dump".to_owned()),
            Self::OtherFamily => {
                input.other.is_none().then(|| "the rules of the other family are not given (`--v6`)".to_owned())
            }
            Self::Legacy => input
                .legacy()
                .is_none()
                .then(|| "the rules of the legacy backend are not given (`--legacy`)".to_owned()),
            Self::Fact(fact) => {
                (!fact.is_in(input.facts)).then(|| format!("`{}` is not given (`--facts`)", fact.key()))
            }
        }
    }
}

impl fmt::Display for Need {
    /// As pages tell it: `nat`, `whole`, `v6`, `legacy`, `pod-cidrs`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Table(table) => table.as_str(),
            Self::Whole => "whole",
            Self::OtherFamily => "v6",
            Self::Legacy => "legacy",
            Self::Fact(fact) => fact.key(),
        })
    }
}
