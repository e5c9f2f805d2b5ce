//! KPT404: traffic from outside keeps its source, so that answers of endpoints on other nodes go around this one.

use rustc_hash::FxHashSet;

use crate::analyze::{marks_for_masquerade, takes_all};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT404",
    name: "external-masq-missing",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/external-masq-missing.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for chain in input.chains_of(TableName::Nat).filter(|chain| input.is_reached(*chain)) {
        // `KUBE-XLB-` sends on to endpoints of this node only.
        let is_layout_known = !input.ruleset.name(chain).starts_with("KUBE-XLB-");
        match input.role(chain) {
            Some(Role::External(_)) if is_layout_known => findings.extend(outside(input, chain)),
            Some(Role::NodePorts) => node_ports(input, chain, findings),
            _ => {}
        }
    }
}

/// The rule of a chain for traffic from outside that leads to all endpoints, if nothing marks before.
fn outside(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    for (id, rule) in input.rules(chain) {
        let marks = takes_all(rule) && marks_for_masquerade(input.ruleset, rule);
        if marks || is_unclear(rule) {
            return None;
        }
        if takes_all(rule) && leads_to_all(input, rule) {
            return Some(finding(input, id, &format!("`{}`", input.ruleset.name(chain))));
        }
    }
    None
}

/// Before 1.24, each node port has two rules that ask for the same: one that marks, and one that leads on.
fn node_ports(input: &Input<'_, '_>, chain: ChainId, findings: &mut Findings<'_, '_, '_>) {
    let mut marked: FxHashSet<String> = FxHashSet::default();
    for (id, rule) in input.rules(chain) {
        if is_unclear(rule) {
            return;
        }
        let asked = asked(rule);
        if marks_for_masquerade(input.ruleset, rule) {
            marked.insert(asked);
        } else if leads_to_all(input, rule) && !marked.contains(&asked) && !marked.contains("") {
            let port = rule.dport().map_or_else(|| "`KUBE-NODEPORTS`".to_owned(), |port| format!("node port {port}"));
            findings.add(finding(input, id, &port));
        }
    }
}

/// What a rule asks for, apart from comments.
fn asked(rule: &Rule<'_>) -> String {
    let matches = rule.matches.iter().filter(|extension| !matches!(extension, Match::Comment(_)));
    let matches = matches.map(|extension| format!(" -m {extension}"));
    [rule.header.to_string()].into_iter().chain(matches).collect()
}

fn is_unclear(rule: &Rule<'_>) -> bool {
    // A chain that the input lacks is a target that nobody knows.
    let unknown = |target: &Target<'_>| matches!(target, Target::Unread(_)) && !target.name().starts_with("KUBE-");
    matches!(&rule.then, Then::Unreadable) || matches!(&rule.then, Then::Target(target) if unknown(target))
}

/// Does it lead to a chain that draws one of all endpoints, and that does not mark by itself?
fn leads_to_all(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    let to = rule.leads_to().filter(|to| matches!(input.role(*to), Some(Role::Cluster(_))));
    let marks =
        |rule: &Rule<'_>| is_unclear(rule) || rule.header.dst.is_none() && marks_for_masquerade(input.ruleset, rule);
    to.is_some_and(|to| !input.rules(to).any(|(_, rule)| marks(rule)))
}

fn finding(input: &Input<'_, '_>, id: RuleId, way: &str) -> Finding {
    let to = input.ruleset.rule(id).and_then(Rule::leads_to);
    let service = to.and_then(|to| input.service(to));
    let whose = service.map_or_else(|| "a Service".to_owned(), ToString::to_string);
    let finding = Finding::new(format!(
        "clients outside get no answer from endpoints of {whose} on other nodes: {way} leads there without masquerading"
    ))
    .at(id, "nothing before it marks this traffic for masquerading");
    let finding = match service {
        Some(service) => finding.service(service.clone()),
        None => finding,
    };
    finding.help("restart kube-proxy, which writes all its rules anew; edits of its chains do not last")
}
