//! KPT404: connections from outside whose answers do not come back this way.

use std::collections::HashSet;

use crate::analyze::{marks_for_masquerade, takes_all};
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT404",
    name: "external-masq-missing",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/external-masq-missing.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for chain in input.chains_of(TableName::Nat).filter(|chain| input.is_reached(*chain)) {
        if input.ruleset.name(chain).starts_with("KUBE-EXT-") {
            findings.extend(unmarked(input, chain));
        } else if input.role(chain) == Some(Role::NodePorts) {
            findings.extend(node_ports(input, chain));
        }
    }
}

/// A jump of `KUBE-EXT-` to all endpoints that takes whoever comes, none of whom is marked before.
fn unmarked(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let (jump, _) = input.rules(chain).find(|(_, rule)| takes_all(rule) && leads_to_all(input, rule).is_some())?;
    let before = input.rules(chain).filter(|(id, _)| id.index < jump.index);
    let marked = before
        .into_iter()
        .any(|(_, rule)| takes_all(rule) && marks_for_masquerade(input.ruleset, rule) || is_unclear(rule));
    (!marked).then(|| finding(input, jump))
}

/// Before 1.24, a node port leads to all endpoints behind a rule that marks it, or to a chain that does so.
fn node_ports(input: &Input<'_, '_>, chain: ChainId) -> Vec<Finding> {
    let mut marked: HashSet<(Option<Protocol>, Option<u16>)> = HashSet::new();
    let mut found = Vec::new();
    for (id, rule) in input.rules(chain) {
        let asked = (protocol(rule), rule.dport());
        if marks_for_masquerade(input.ruleset, rule) || is_unclear(rule) {
            marked.insert(asked);
        } else if let Some(service) = leads_to_all(input, rule)
            && asked.1.is_some()
            && !marked.contains(&asked)
            && !marked.contains(&(None, None))
            && !marks_port(input, service, asked.1)
        {
            found.push(finding(input, id));
        }
    }
    found
}

/// Does the chain of a Service mark what was sent to this port?
fn marks_port(input: &Input<'_, '_>, chain: ChainId, port: Option<u16>) -> bool {
    let marks =
        |rule: &Rule<'_>| marks_for_masquerade(input.ruleset, rule) && (rule.dport() == port || takes_all(rule));
    input.rules(chain).any(|(_, rule)| marks(rule) || is_unclear(rule))
}

/// The chain of all endpoints of a Service that the rule leads to.
fn leads_to_all(input: &Input<'_, '_>, rule: &Rule<'_>) -> Option<ChainId> {
    rule.leads_to().filter(|to| matches!(input.role(*to), Some(Role::Cluster(_))))
}

fn protocol(rule: &Rule<'_>) -> Option<Protocol> {
    rule.header.protocol.as_ref().filter(|test| !test.not).map(|test| test.value)
}

const fn is_unclear(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Unreadable | Then::Target(Target::Unread(_)))
}

fn finding(input: &Input<'_, '_>, jump: RuleId) -> Finding {
    let to = input.ruleset.rule(jump).and_then(Rule::leads_to);
    let whose = to
        .and_then(|to| input.service(to))
        .map_or_else(|| "this Service".to_owned(), |service| format!("Service {service}"));
    let message = format!(
        "clients outside get no answer from endpoints of {whose} on other nodes: the answers do not come back this way"
    );
    let help =
        "restart kube-proxy, which marks connections from outside before it draws an endpoint; leave its chains alone";
    Finding::new(message).at(jump, "draws an endpoint for connections that are not marked for masquerading").help(help)
}
