//! KPT606: two Services at one address and port.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::extension::matches::{Match, What};
use crate::extension::targets::Target;
use crate::kube::{self, Entry, Role, Via};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, TableId, Then};
use crate::save::TableName;

/// Jumps that are followed from an address to an endpoint: kube-proxy needs three.
const DEEP: usize = 6;

pub(super) static LINT: Lint = Lint {
    code: "KPT606",
    name: "vip-conflict",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/vip-conflict.md"),
    check,
};

/// What a connection is told apart by.
type Place = (TableId, Via, Option<IpAddr>, u16, Protocol);

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut first: HashMap<Place, Entry> = HashMap::new();
    for entry in kube::entries(input.ruleset).filter(|entry| entry.rule.chain.table.name == TableName::Nat) {
        let table = entry.rule.chain.table;
        // All addresses are asked in one chain, and so are all node ports.
        let via = if entry.address.is_some() { Via::ClusterIp } else { Via::NodePort };
        let place = (table, via, entry.address, entry.port, entry.protocol);
        match first.get(&place) {
            Some(before) => findings.extend(conflict(input, before, &entry)),
            None if takes_all(input, &entry) => {
                first.insert(place, entry);
            }
            None => {}
        }
    }
}

/// Does the entry take all connections to its address and port, and translate each?
fn takes_all(input: &Input<'_, '_>, entry: &Entry) -> bool {
    let plain = input.ruleset.rule(entry.rule).is_some_and(kube::takes_all);
    plain && entry.chain.is_some_and(|chain| translates(input, chain, entry.protocol, DEEP))
}

/// Is whatever comes to the chain translated there, or in a chain that it leads to in any case?
fn translates(input: &Input<'_, '_>, chain: ChainId, protocol: Protocol, deep: usize) -> bool {
    input.rules(chain).any(|(_, rule)| {
        let header = &rule.header;
        let same = header.protocol.as_ref().is_none_or(|test| !test.not && test.value == protocol);
        let noted = |extension: &Match<'_>| match extension {
            Match::Comment(_) => true,
            Match::Recent(recent) => !recent.not && recent.what == What::Set,
            bare => matches!(bare.to_string().trim(), "tcp" | "udp" | "sctp"),
        };
        let every =
            same && header.src.is_none() && header.dst.is_none() && header.input.is_none() && header.output.is_none();
        let on = || rule.leads_to().is_some_and(|to| deep > 0 && translates(input, to, protocol, deep - 1));
        every && rule.matches.iter().all(noted) && (matches!(rule.then, Then::Target(Target::Dnat(_))) || on())
    })
}

fn conflict(input: &Input<'_, '_>, before: &Entry, entry: &Entry) -> Option<Finding> {
    let hash = |entry: &Entry| entry.chain.and_then(|chain| input.role(chain)).and_then(Role::service_hash);
    if hash(before) == hash(entry) {
        return None;
    }
    let name = |entry: &Entry| {
        let chain = || entry.chain.map_or_else(String::new, |chain| format!("`{}`", input.ruleset.name(chain)));
        entry.service.as_ref().map_or_else(chain, |service| format!("Service {service}"))
    };
    let at = entry.address.map_or_else(|| "node port".to_owned(), |address| address.to_string());
    let (winner, loser, port) = (name(before), name(entry), entry.port);
    let message = format!(
        "{loser} gets no connection at {at} {port}/{}: {winner} has the same and is asked before",
        entry.protocol
    );
    Some(
        Finding::new(message)
            .at(entry.rule, "never takes a packet")
            .at(before.rule, "takes all of them")
            .help("give one of the two another address or port; which of them wins may differ from node to node"),
    )
}
