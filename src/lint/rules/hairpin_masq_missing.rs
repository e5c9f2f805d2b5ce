//! KPT403: endpoints that cannot call their own Service.

use std::net::IpAddr;

use crate::analyze::marks_for_masquerade;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{AddressTest, ChainId, Rule, Test, Then};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT403",
    name: "hairpin-masq-missing",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/hairpin-masq-missing.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let endpoints =
        input.chains_of(TableName::Nat).filter(|chain| matches!(input.role(*chain), Some(Role::Endpoint(_))));
    findings.extend(endpoints.filter(|chain| input.is_reached(*chain)).filter_map(|chain| kept(input, chain)));
}

/// An endpoint whose own connections keep their source although they come back to it.
fn kept(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let (translates, address) = input.rules(chain).find_map(|(id, rule)| Some((id, endpoint(rule)?)))?;
    let nodes = input.facts.node_addresses.as_ref();
    if nodes.is_some_and(|nodes| nodes.contains(&address)) {
        return None;
    }
    let before = input.rules(chain).filter(|(id, _)| id.index < translates.index);
    if before.into_iter().any(|(_, rule)| marks(input, rule, address) || is_unclear(rule)) {
        return None;
    }
    let whose = input.service(chain).map_or_else(|| "a Service".to_owned(), |service| format!("Service {service}"));
    let message = format!(
        "a pod at {address} cannot reach itself through {whose}: its connection keeps its own address as source"
    );
    let help = match input.owner(chain) {
        Some(owner) => format!("restart {owner}, which marks such connections for masquerading"),
        None => format!("mark what comes from {address} before the DNAT rule"),
    };
    Some(Finding::new(message).at(translates, "is not preceded by a rule that marks what comes from there").help(help))
}

fn endpoint(rule: &Rule<'_>) -> Option<IpAddr> {
    match &rule.then {
        Then::Target(Target::Dnat(dnat)) => dnat.only().0,
        _ => None,
    }
}

fn marks(input: &Input<'_, '_>, rule: &Rule<'_>, address: IpAddr) -> bool {
    let from_there = match rule.header.src.as_deref() {
        Some(Test { not, value: AddressTest::Net(net) }) => net.contains(address) != *not,
        None | Some(_) => true,
    };
    from_there && marks_for_masquerade(input.ruleset, rule)
}

/// May it mark, or lead away, without our knowing?
const fn is_unclear(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Unreadable | Then::Target(Target::Unread(_) | Target::Accept(_) | Target::Return(_)))
}
