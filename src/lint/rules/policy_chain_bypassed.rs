//! KPT504: packets of pods that are let through before network policies are asked.

use std::collections::BTreeSet;

use crate::analyze::{Breadth, Lets, lets};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::logic::Pattern;
use crate::packet::Net;
use crate::ruleset::{AddressTest, Rule, RuleId, Test};
use crate::save::Hook;
use crate::save::TableName::Filter;

pub(super) static LINT: Lint = Lint {
    code: "KPT504",
    name: "policy-chain-bypassed",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Filter)],
    page: include_str!("../../../docs/lints/policy-chain-bypassed.md"),
    check,
};

/// The chains of FORWARD that enforce network policies.
const ENGINES: [&str; 5] = ["cali-FORWARD", "KUBE-ROUTER-FORWARD", "WEAVE-NPC", "WEAVE-NPC-EGRESS", "AZURE-NPM"];
/// Beginnings of the names of interfaces behind which only pods are.
const POD_INTERFACES: [&str; 5] = ["cali", "cni0", "cbr0", "weave", "flannel"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let bases = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Forward));
    let pods = input.pods();
    for base in bases {
        let Some((engine, name)) = input.rules(base).find_map(|(id, rule)| Some((id, engine(input, rule)?))) else {
            continue;
        };
        let mut told = BTreeSet::new();
        for lets in lets(input.ruleset, engine) {
            if let Some(finding) = finding(input, engine, name, &lets, &pods).filter(|_| told.insert(lets.front())) {
                findings.add(finding);
            }
        }
    }
}

/// The chain for network policies that a rule leads to, if it has rules.
fn engine<'t>(input: &Input<'_, 't>, rule: &Rule<'_>) -> Option<&'t str> {
    let to = rule.leads_to().filter(|to| !input.ruleset.rules(*to).is_empty())?;
    Some(input.ruleset.name(to)).filter(|name| ENGINES.contains(name))
}

fn finding(input: &Input<'_, '_>, engine: RuleId, name: &str, lets: &Lets, pods: &BTreeSet<Net>) -> Option<Finding> {
    let (front, rule) = (lets.front()?, lets.rule()?);
    let by_proxy = input.ruleset.rule(front)?.leads_to().is_some_and(|to| input.ruleset.name(to) == "KUBE-FORWARD");
    let finding = match (lets.marked, by_proxy) {
        (true, true) => {
            let message = format!(
                "connections to node ports and others that kube-proxy masquerades are let through before `{name}` is asked: no network policy keeps them from pods"
            );
            Finding::new(message).severity(Severity::Info)
        }
        (true, false) => return None,
        (false, _) if !is_for_pods(input, lets, pods) => return None,
        (false, _) => Finding::new(format!(
            "rule {} of `FORWARD` lets connections of pods through before `{name}` is asked: no network policy keeps them",
            front.number()
        )),
    };
    let finding = finding.at(front, "comes first").at(engine, "is asked only for what is left");
    let finding = if rule == front { finding } else { finding.at(rule, "lets them through") };
    let owner = input.owner(input.ruleset.rule(engine)?.leads_to()?);
    let agent = owner.map_or("the agent that enforces policies", |owner| owner.as_str());
    Some(finding.help(format!(
        "restart {agent}, which puts its jump first (for Calico, `chainInsertMode: Insert`), or let the rule stand behind `{name}`"
    )))
}

/// Is it sure that packets of pods are let through?
fn is_for_pods(input: &Input<'_, '_>, lets: &Lets, pods: &BTreeSet<Net>) -> bool {
    let rules: Vec<_> = lets.way.iter().filter_map(|rule| input.ruleset.rule(*rule)).collect();
    // Of what lets everything through, KPT804 tells.
    let says_all = matches!(rules.as_slice(), [only] if Breadth::of(only) == Breadth::All);
    let asks_nobody = rules.iter().all(|rule| rule.header.is_open());
    let names_pods = rules.iter().any(|rule| is_net_of(rule, pods) || is_interface_of_pods(rule));
    names_pods || asks_nobody && !says_all
}

fn is_net_of(rule: &Rule<'_>, pods: &BTreeSet<Net>) -> bool {
    let tests = [rule.header.src.as_deref(), rule.header.dst.as_deref()];
    tests.into_iter().flatten().any(|test| match test {
        Test { not: false, value: AddressTest::Net(net) } => pods.iter().any(|pods| net.overlaps(*pods)),
        _ => false,
    })
}

fn is_interface_of_pods(rule: &Rule<'_>) -> bool {
    let tests = [rule.header.input.as_deref(), rule.header.output.as_deref()];
    let is_of_pods = |pattern: &Pattern| POD_INTERFACES.iter().any(|name| pattern.to_string().starts_with(name));
    tests.into_iter().flatten().any(|test| !test.not && is_of_pods(&test.value))
}
