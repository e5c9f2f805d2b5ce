//! KPT607: endpoints at addresses where no pod can be.

use std::net::IpAddr;

use rustc_hash::FxHashMap;

use crate::extension::targets::Target;
use crate::kube::{self, About, read_comment};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::TableName::Nat;

pub(super) static LINT: Lint = Lint {
    code: "KPT607",
    name: "endpoint-outlier",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/endpoint-outlier.md"),
    check,
};

/// Addresses of Services themselves, and the rules that say so.
type Vips = FxHashMap<IpAddr, RuleId>;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let vips = vips(input);
    let chains = input.endpoint_chains();
    for (id, rule) in chains.filter(|chain| input.is_reached(*chain)).flat_map(|chain| input.rules(chain)) {
        findings.extend(finding(input, &vips, id, rule));
    }
}

/// The addresses that comments call those of a Service itself; external ones may be addresses of a node, where pods may be.
fn vips(input: &Input<'_, '_>) -> Vips {
    let says_so = |rule: &Rule<'_>| matches!(rule.comments().find_map(read_comment), Some((_, About::ClusterIp)));
    let entries = kube::entries(input.ruleset).filter(|entry| entry.rule.chain.table.name == Nat);
    let own = entries.filter(|entry| input.ruleset.rule(entry.rule).is_some_and(says_so));
    own.filter_map(|entry| Some((entry.address?, entry.rule))).collect()
}

fn finding(input: &Input<'_, '_>, vips: &Vips, id: RuleId, rule: &Rule<'_>) -> Option<Finding> {
    let Then::Target(Target::Dnat(dnat)) = &rule.then else { return None };
    let address = dnat.only().0?;
    let service = input.service(id.chain).map_or_else(|| "a Service".to_owned(), ToString::to_string);
    let vip = vips.get(&address);
    let why = match vip {
        Some(_) => "the address of a Service, which nothing on this node translates a second time",
        None => no_host(address).or_else(|| in_service_range(input, address))?,
    };
    let message = format!("connections to {service} are sent to {address}, {why}");
    let finding = Finding::new(message).at(id, "sends them there");
    let finding = vip.into_iter().fold(finding, |finding, vip| finding.at(*vip, "has this address"));
    Some(finding.help("compare with `kubectl get endpointslices -A`: take the address out where somebody wrote it, otherwise restart kube-proxy"))
}

/// Why no pod has such an address; link-local ones are left out, as agents listen there.
fn no_host(address: IpAddr) -> Option<&'static str> {
    let is_broadcast = matches!(address, IpAddr::V4(v4) if v4.is_broadcast());
    match address {
        _ if address.is_unspecified() => Some("which is no address"),
        _ if address.is_loopback() => Some("which is whatever node they come to"),
        _ if address.is_multicast() || is_broadcast => Some("which is an address of many hosts"),
        _ => None,
    }
}

fn in_service_range(input: &Input<'_, '_>, address: IpAddr) -> Option<&'static str> {
    let is_service = input.facts.is_service(address) == Some(true);
    is_service.then_some("an address of the Service range, where nothing listens")
}
