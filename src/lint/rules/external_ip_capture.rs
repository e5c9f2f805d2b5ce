//! KPT802: a Service takes in an address that is most likely somebody else's.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::kube::{self, Entry, Via};
use crate::lint::{Confidence, Facts, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::is_public;
use crate::save::TableName::Nat;

pub(super) static LINT: Lint = Lint {
    code: "KPT802",
    name: "external-ip-capture",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/external-ip-capture.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut seen = BTreeSet::new();
    for entry in kube::entries(input.ruleset).filter(|entry| entry.rule.chain.table.name == Nat) {
        let Some(address) = entry.address else { continue };
        let key = (entry.service.clone(), address, entry.port, entry.protocol);
        if let Some(why) = suspicious(input.facts, &entry, address)
            && seen.insert(key)
        {
            findings.add(finding(&entry, address, why));
        }
    }
}

/// Why the address is none that a Service should have.
fn suspicious(facts: &Facts, entry: &Entry, address: IpAddr) -> Option<&'static str> {
    let allowed = facts.external_ips.as_ref().map(|nets| nets.iter().any(|net| net.contains(address)));
    let is_node = facts.node_addresses.as_ref().is_some_and(|nodes| nodes.contains(&address));
    match (entry.via, allowed) {
        (Via::ExternalIp | Via::LoadBalancer, Some(true)) => None,
        (Via::ExternalIp, _) if is_node => Some("an address of this node"),
        (Via::ExternalIp, _) if facts.is_service(address) == Some(true) => Some("an address of the Service range"),
        (Via::ExternalIp | Via::LoadBalancer, Some(false)) => Some("none of the external addresses that are allowed"),
        (Via::ExternalIp, None) if is_public(address) => Some("an address of the internet"),
        _ => None,
    }
}

fn finding(entry: &Entry, address: IpAddr, why: &str) -> Finding {
    let Entry { port, protocol, .. } = entry;
    let whose = entry.service.as_ref().map_or_else(|| "a Service".to_owned(), ToString::to_string);
    let message = format!(
        "what pods and this node send to {address}, {protocol} port {port}, goes to {whose} instead: it is {why}"
    );
    let finding = Finding::new(message)
        .key(format!("{protocol} {port}"))
        .at(entry.rule, "takes in the address")
        .help(
            "if the address is not meant, take it out of `externalIPs` of the Service; the admission plugin \
             DenyServiceExternalIPs forbids such Services; addresses that are meant go into `external-ips` of the file of facts",
        )
        .command("kubectl get services -A -o wide");
    match &entry.service {
        Some(service) => finding.service(service.clone()),
        None => finding,
    }
}
