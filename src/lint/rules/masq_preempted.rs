//! KPT402: a rule lets go what `KUBE-POSTROUTING` should masquerade.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::analyze::{Leaver, Leaving, leaving, masquerade_bits};
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::{Hook, TableName};

pub(super) static LINT: Lint = Lint {
    code: "KPT402",
    name: "masq-preempted",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/masq-preempted.md"),
    check,
};

/// Endpoints that are tried.
const MOST_ENDPOINTS: usize = 500;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let Some(mark) = masquerade_bits(input.ruleset).filter(|_| !input.ruleset.is_mixed()) else { return };
    let mut taken: BTreeMap<RuleId, Leaver> = BTreeMap::new();
    for (address, port, protocol) in endpoints(input) {
        let itself = Leaver { src: Some(address), dst: Some(address), dport: Some(port), protocol, mark };
        if let Some(rule) = let_go(input, itself) {
            taken.entry(rule).or_insert(itself);
        }
    }
    for (rule, itself) in taken {
        findings.extend(finding(input, rule, itself));
    }
}

/// Where the rules send connections of Services.
fn endpoints(input: &Input<'_, '_>) -> Vec<(IpAddr, u16, Protocol)> {
    let chains = input.endpoint_chains();
    let reached = chains.filter(|chain| input.is_reached(*chain));
    let endpoint = |rule: &Rule<'_>| {
        let Then::Target(Target::Dnat(dnat)) = &rule.then else { return None };
        let protocol = rule.header.protocol.as_ref().filter(|test| !test.not)?.value;
        let (address, port) = dnat.only();
        Some((address?, port?, protocol))
    };
    let all = reached.flat_map(|chain| input.rules(chain)).filter_map(|(_, rule)| endpoint(rule));
    let mut seen = BTreeSet::new();
    all.filter(|(address, ..)| seen.insert(*address)).take(MOST_ENDPOINTS).collect()
}

/// The rule that lets the packet go before `KUBE-POSTROUTING` sees it.
fn let_go(input: &Input<'_, '_>, leaver: Leaver) -> Option<RuleId> {
    let postrouting = input.ruleset.find_any(TableName::Nat, "KUBE-POSTROUTING").next()?;
    let base = input.ruleset.base(postrouting.table, Hook::Postrouting)?;
    let Leaving::Kept(rule) = leaving(input.ruleset, base, leaver) else { return None };
    // Cilium has to come first.
    let is_ciliums = input.owner(rule.chain).is_some_and(|owner| owner.as_str() == "Cilium");
    let would = matches!(leaving(input.ruleset, postrouting, leaver), Leaving::Rewritten(_));
    let leads = |called: &Rule<'_>| called.leads_to() == Some(postrouting);
    let is_first = input.rules(base).take_while(|(id, _)| *id != rule).all(|(_, rule)| !leads(rule));
    (is_first && would && rule.chain != postrouting && !is_ciliums).then_some(rule)
}

fn finding(input: &Input<'_, '_>, rule: RuleId, itself: Leaver) -> Option<Finding> {
    let address = itself.dst?;
    let any = let_go(input, Leaver { src: None, ..itself }) == Some(rule);
    let message = if any {
        format!("connections that Services send to {address} keep their source, so that answers may not come back")
    } else {
        format!(
            "{address} does not get its own answers when it reaches itself through a Service: it keeps its address as source"
        )
    };
    let postrouting = input.ruleset.find_any(TableName::Nat, "KUBE-POSTROUTING").next()?;
    let jump = input.graph(postrouting.table)?.callers(postrouting).find(|jump| *jump != rule);
    let finding = Finding::new(message)
        .key(if any { "any" } else { "itself" })
        .at(rule, "lets go what is marked for masquerading");
    let finding = match jump {
        Some(jump) => finding.at(jump, "would masquerade it, and comes too late"),
        None => finding.at(postrouting, "would masquerade it, and comes too late"),
    };
    Some(finding.help(
        "restart kube-proxy, which puts its jump first, and then the program that wrote the rule; a rule of your own belongs behind \
         the jump to `KUBE-POSTROUTING`",
    ))
}
