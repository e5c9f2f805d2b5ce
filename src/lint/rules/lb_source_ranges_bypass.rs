//! KPT803: the sources that a load balancer is open to, and another way in that is open to all.

use std::net::IpAddr;

use crate::kube::{self, Entry, Role, Via};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::is_public;
use crate::ruleset::{AddressTest, ChainId, Rule, Test};
use crate::save::TableName::Nat;

pub(super) static LINT: Lint = Lint {
    code: "KPT803",
    name: "lb-source-ranges-bypass",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/lb-source-ranges-bypass.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let entries: Vec<_> = kube::entries(input.ruleset).filter(|entry| entry.rule.chain.table.name == Nat).collect();
    for firewall in input.chains_of(Nat).filter(|chain| input.ruleset.name(*chain).starts_with("KUBE-FW-")) {
        let Some(behind) = limited(input, firewall) else { continue };
        let mut around: Vec<_> = entries.iter().filter(|entry| leads_around(input, entry, firewall, &behind)).collect();
        around.sort_by_key(|entry| (entry.via, entry.address, entry.port));
        around.dedup_by_key(|entry| (entry.via, entry.address, entry.port));
        findings.extend(around.into_iter().map(|entry| finding(input, firewall, entry)));
    }
}

/// The chains that a chain lets some sources through to, if it lets no other through.
fn limited(input: &Input<'_, '_>, firewall: ChainId) -> Option<Vec<ChainId>> {
    let lets =
        |rule: &&Rule<'_>| rule.leads_to().is_some_and(|to| input.role(to).and_then(Role::service_hash).is_some());
    let through: Vec<_> = input.ruleset.rules(firewall).iter().filter(lets).collect();
    let is_limited = |rule: &&Rule<'_>| matches!(rule.header.src.as_deref(), Some(Test { not: false, value: AddressTest::Net(net) }) if !net.is_all());
    (!through.is_empty() && through.iter().all(is_limited))
        .then(|| through.iter().filter_map(|rule| rule.leads_to()).collect())
}

/// Does an entry that anybody may use lead to the same endpoints, and not by way of the chain that asks for the source?
fn leads_around(input: &Input<'_, '_>, entry: &Entry, firewall: ChainId, behind: &[ChainId]) -> bool {
    let outside = matches!(entry.via, Via::NodePort | Via::ExternalIp);
    let open =
        input.ruleset.rule(entry.rule).is_some_and(|rule| rule.header.src.is_none() && rule.header.input.is_none());
    outside && open && entry.chain.is_some_and(|chain| chain != firewall && behind.contains(&chain))
}

fn finding(input: &Input<'_, '_>, firewall: ChainId, entry: &Entry) -> Finding {
    let whose = entry.service.as_ref().map_or_else(|| "the Service".to_owned(), ToString::to_string);
    let Entry { port, protocol, .. } = entry;
    let (way, key) = match entry.address {
        Some(address) => (format!("its external address {address}"), "external".to_owned()),
        None => (format!("node port {port}/{protocol}"), "node port".to_owned()),
    };
    let limits = input.rules(firewall).find(|(_, rule)| rule.header.src.is_some());
    let finding = Finding::new(format!(
        "{whose} can be reached from anywhere at {way}: its loadBalancerSourceRanges are not asked there"
    ))
    .severity(severity(input, entry.address))
    .key(key)
    .at(entry.rule, "asks for no source");
    let finding = match limits {
        Some((limit, _)) => finding.at(limit, "lets just these sources through"),
        None => finding,
    };
    let finding = match entry.address {
        Some(_) => finding.help("take the address out of `externalIPs`, or filter it before it comes to this node"),
        None => finding.help(
            "set `allocateLoadBalancerNodePorts: false` where the load balancer needs no node port, keep kube-proxy's node ports to \
             an inner address (`--nodeport-addresses`), or filter the port in mangle PREROUTING",
        ),
    };
    match &entry.service {
        Some(service) => finding.service(service.clone()),
        None => finding,
    }
}

/// kube-proxy does so by design; it weighs more where the internet can use it.
fn severity(input: &Input<'_, '_>, address: Option<IpAddr>) -> Severity {
    let nodes = input.facts.node_addresses.as_deref().unwrap_or_default();
    let public = address.map_or_else(|| nodes.iter().copied().any(is_public), is_public);
    if public { Severity::Warning } else { Severity::Info }
}
