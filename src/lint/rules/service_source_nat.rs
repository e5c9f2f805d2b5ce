//! KPT405: what pods send to Services gets an address of this node as source.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::analyze::{holds_any, marks_for_masquerade, translated_to};
use crate::kube::{self, About, Role, read_comment};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Mode, Need, Severity};
use crate::packet::Net;
use crate::ruleset::{AddressTest, ChainId, Rule, RuleId, Test};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT405",
    name: "service-source-nat",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/service-source-nat.md"),
    check,
};

/// So many endpoints tell where pods are, even if some are hosts.
const ENOUGH: usize = 5;
/// A longer prefix is most likely the range of one node, where there need not be an endpoint.
const LONGEST: (u32, u32) = (20, 56);
const HELP: &str = "set `clusterCIDR` of kube-proxy to the range of the pods, `masqueradeAll: false`, and restart it";

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.mode() != Mode::Iptables {
        return;
    }
    let marking = marking(input);
    let endpoints = endpoints(input);
    let wrong = marking.iter().find_map(|(id, rule)| wrong_range(*id, rule, &endpoints));
    findings.extend(wrong.or_else(|| for_all(&marking)).or_else(|| absent(input, &marking, &endpoints)));
}

/// The rules that mark what is sent to the address of a Service in the cluster.
fn marking<'i, 't>(input: &'i Input<'_, 't>) -> Vec<(RuleId, &'i Rule<'t>)> {
    let says_so = |rule: &Rule<'_>| matches!(rule.comments().find_map(read_comment), Some((_, About::ClusterIp)));
    let chains = input.chains_of(TableName::Nat);
    let rules = chains.flat_map(|chain| input.rules(chain)).filter(|(id, rule)| match input.role(id.chain) {
        Some(Role::Cluster(_) | Role::Local(_)) => address(rule).is_some(),
        Some(Role::Services) => address(rule).is_some() && says_so(rule),
        _ => false,
    });
    rules.filter(|(_, rule)| marks_for_masquerade(input.ruleset, rule)).collect()
}

/// The address of the Service that a rule asks for.
fn address(rule: &Rule<'_>) -> Option<IpAddr> {
    match rule.header.dst.as_deref() {
        Some(Test { not: false, value: AddressTest::Net(net) }) => net.only(),
        _ => None,
    }
}

/// The addresses of all endpoints that are not known to be hosts. The API server is one in most clusters.
fn endpoints(input: &Input<'_, '_>) -> BTreeSet<IpAddr> {
    let is_api = |chain: ChainId| {
        input.service(chain).is_some_and(|service| service.namespace == "default" && service.name == "kubernetes")
    };
    let chains = input.endpoint_chains();
    let is_host = |address: &IpAddr| input.facts.node_addresses.as_ref().is_some_and(|own| own.contains(address));
    let pods = chains.filter(|chain| !is_api(*chain)).flat_map(|chain| translated_to(input.ruleset, chain));
    pods.filter(|address| !is_host(address)).collect()
}

/// The range whose clients keep their address has no endpoint: it is not that of the pods.
fn wrong_range(id: RuleId, rule: &Rule<'_>, endpoints: &BTreeSet<IpAddr>) -> Option<Finding> {
    let Some(Test { not: true, value: AddressTest::Net(range) }) = rule.header.src.as_deref() else { return None };
    let is_of_services = address(rule).is_some_and(|service| range.contains(service));
    let is_suspicious = is_of_services && !endpoints.is_empty() || endpoints.len() >= ENOUGH && is_wide(*range);
    if !is_suspicious || holds_any(*range, endpoints) {
        return None;
    }
    let message =
        "what pods send to Services arrives with an address of this node, so that network policies do not know them";
    let label = if is_of_services {
        format!("spares {range}, which is the range of the Services")
    } else {
        format!("spares {range}, where no endpoint is")
    };
    Some(Finding::new(message).key("range").at(id, label).help(HELP))
}

const fn is_wide(range: Net) -> bool {
    match range {
        Net::V4(_, mask) => mask.leading_ones() <= LONGEST.0,
        Net::V6(_, mask) => mask.leading_ones() <= LONGEST.1,
    }
}

/// Every client is masqueraded, as `--masquerade-all` says.
fn for_all(marking: &[(RuleId, &Rule<'_>)]) -> Option<Finding> {
    let is_for_all = |rule: &Rule<'_>| rule.header.src.is_none() && rule.header.input.is_none();
    let (first, _) = marking.first()?;
    let message = "whoever reaches a Service arrives with an address of this node, so that network policies do not know the client";
    let finding = Finding::new(message).severity(Severity::Info).key("all").at(*first, "asks for no source");
    marking.iter().all(|(_, rule)| is_for_all(rule)).then(|| finding.help(HELP))
}

/// No client is.
fn absent(input: &Input<'_, '_>, marking: &[(RuleId, &Rule<'_>)], endpoints: &BTreeSet<IpAddr>) -> Option<Finding> {
    if !marking.is_empty() || endpoints.is_empty() {
        return None;
    }
    let entry =
        kube::entries(input.ruleset).find(|entry| entry.via == kube::Via::ClusterIp && entry.chain.is_some())?;
    let message = "clients outside the cluster that use the address of a Service by way of this node may get no answer: none is masqueraded";
    let finding = Finding::new(message).severity(Severity::Info).key("none");
    Some(
        finding
            .at(entry.rule, "no rule marks who is not a pod")
            .help("tell kube-proxy the range of the pods (`clusterCIDR`)"),
    )
}
