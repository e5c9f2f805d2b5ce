//! KPT403: an endpoint that reaches itself through its Service keeps its address, and so never gets an answer.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::analyze::{Leaver, Leaving, leaving, marks_for_masquerade};
use crate::extension::targets::Target;
use crate::kube::{Role, is_external};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::{Net, Protocol};
use crate::ruleset::{AddressTest, ChainId, Rule, RuleId, Test, Then};
use crate::save::{Hook, TableName};

pub(super) static LINT: Lint = Lint {
    code: "KPT403",
    name: "hairpin-masq-missing",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/hairpin-masq-missing.md"),
    check,
};

/// Endpoints without such a rule that are looked at: more have the same cause.
const MOST_ENDPOINTS: usize = 500;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let endpoints = input.endpoint_chains();
    let bare = endpoints.filter(|chain| input.is_reached(*chain));
    let bare = bare.filter_map(|chain| unmarked(input, chain).map(|endpoint| (chain, endpoint)));
    let bare: Vec<_> = bare.take(MOST_ENDPOINTS).collect();
    if bare.is_empty() || input.ruleset.is_mixed() {
        return;
    }
    let Some(spared) = spared(input) else {
        return findings.skip("endpoints that reach themselves: other rules may mark them for masquerading");
    };
    for (chain, (rule, address)) in bare {
        let is_spared = spared.iter().all(|net| net.contains(address));
        let of_host = input.facts.node_addresses.as_ref().is_some_and(|own| own.contains(&address));
        if is_spared && !of_host && keeps_source(input, rule, address) {
            findings.add(finding(input, chain, rule, address));
        }
    }
}

/// The DNAT rule of an endpoint's chain and its address, unless a rule before it marks what the endpoint sends, or may.
fn unmarked(input: &Input<'_, '_>, chain: ChainId) -> Option<(RuleId, IpAddr)> {
    let translates = |rule: &Rule<'_>| match &rule.then {
        Then::Target(Target::Dnat(dnat)) => dnat.only().0,
        _ => None,
    };
    let (id, address) = input.rules(chain).find_map(|(id, rule)| Some((id, translates(rule)?)))?;
    let may_mark = |rule: &Rule<'_>| match &rule.then {
        Then::Unreadable | Then::Target(Target::Unread(_)) => true,
        _ => rule.leads_to().is_some() || marks_for_masquerade(input.ruleset, rule),
    };
    let comes = |rule: &Rule<'_>| match rule.header.src.as_deref() {
        Some(Test { not, value: AddressTest::Net(net) }) => net.contains(address) != *not,
        _ => true,
    };
    let marked =
        input.rules(chain).take_while(|(before, _)| *before != id).any(|(_, rule)| may_mark(rule) && comes(rule));
    (!marked && !address.is_loopback()).then_some((id, address))
}

/// The sources that the rules for addresses of the cluster do not mark; `None` if that is not clear.
fn spared(input: &Input<'_, '_>) -> Option<BTreeSet<Net>> {
    let of_cluster =
        |chain: &ChainId| matches!(input.role(*chain), Some(Role::Services | Role::Cluster(_) | Role::Local(_)));
    let rules = input.chains_of(TableName::Nat).filter(of_cluster).flat_map(|chain| input.rules(chain));
    let marking = rules.filter(|(_, rule)| marks_for_masquerade(input.ruleset, rule) && !is_external(rule));
    let source = |rule: &Rule<'_>| match rule.header.src.as_deref() {
        Some(Test { not: true, value: AddressTest::Net(net) }) => Some(*net),
        _ => None,
    };
    marking.map(|(_, rule)| source(rule)).collect()
}

/// Is it certain that no other rule gives a packet of the endpoint to itself another source?
fn keeps_source(input: &Input<'_, '_>, rule: RuleId, address: IpAddr) -> bool {
    let protocol = input
        .ruleset
        .rule(rule)
        .and_then(|rule| rule.header.protocol.as_ref())
        .map_or(Protocol::TCP, |test| test.value);
    let itself = Leaver { src: Some(address), dst: Some(address), dport: None, protocol, mark: 0 };
    let base = input.ruleset.base(rule.chain.table, Hook::Postrouting);
    base.is_none_or(|base| matches!(leaving(input.ruleset, base, itself), Leaving::Kept(_) | Leaving::Passed))
}

fn finding(input: &Input<'_, '_>, chain: ChainId, rule: RuleId, address: IpAddr) -> Finding {
    let whose = input.service(chain).map_or_else(|| "its Service".to_owned(), |service| format!("Service {service}"));
    let message = format!(
        "{address} cannot reach itself through {whose}: it gets packets from its own address and does not answer them"
    );
    let finding = Finding::new(message).at(rule, format!("no rule before it marks what {address} sends"));
    match input.owner(chain) {
        Some(owner) => finding.help(format!(
            "restart {owner}, which writes all its rules anew; the other half is the hairpin mode of the bridge \
             (`cat /sys/class/net/*/brport/hairpin_mode`)"
        )),
        None => finding,
    }
}
