//! KPT302: clients that are looked up after somebody has been drawn for them, or noted after they have left.

use crate::analyze::may_rewrite;
use crate::extension::matches::{Match, What};
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT302",
    name: "affinity-order",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/affinity-order.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for chain in input.chains_of(TableName::Nat) {
        match input.role(chain) {
            Some(Role::Cluster(_) | Role::Local(_) | Role::External(_)) => findings.extend(late_check(input, chain)),
            Some(Role::Endpoint(_)) => findings.extend(late_note(input, chain)),
            _ => {}
        }
    }
}

/// A rule that asks for remembered clients behind one that draws.
fn late_check(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let (first, _) = input.rules(chain).find(|(_, rule)| draws(input, rule))?;
    let (late, _) = input
        .rules(chain)
        .find(|(id, rule)| id.index > first.index && remembers(rule, &[What::Check, What::Update]))?;
    let service = whose(input, chain);
    let finding = Finding::new(format!("clients of {service} are not sent back to the endpoint that they had before"))
        .at(late, "asks for remembered clients too late")
        .at(first, "has drawn an endpoint already");
    Some(advised(input, chain, finding, "put all rules that ask for remembered clients before those that draw"))
}

/// A client that is noted only behind the rule that takes it away.
fn late_note(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let notes = |rule: &Rule<'_>| remembers(rule, &[What::Set]);
    let (translates, _) = input.rules(chain).find(|(_, rule)| may_rewrite(rule) && is_whole(rule))?;
    let (first, _): (RuleId, _) = input.rules(chain).find(|(_, rule)| notes(rule))?;
    if first.index <= translates.index {
        return None;
    }
    let finding = Finding::new(format!(
        "clients of {} are never noted, so that none is sent back to its endpoint",
        whose(input, chain)
    ))
    .at(first, "is never reached")
    .at(translates, "ends the way of every packet in this table");
    Some(advised(input, chain, finding, "note the client in the DNAT rule or before it"))
}

/// Does the rule send to an endpoint whoever comes?
fn draws(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    let to_endpoint = rule.leads_to().is_some_and(|to| matches!(input.role(to), Some(Role::Endpoint(_))));
    to_endpoint && is_whole(rule)
}

/// Does it ask for nothing but a protocol or a chance?
fn is_whole(rule: &Rule<'_>) -> bool {
    let whole = |extension: &Match<'_>| match extension {
        Match::Comment(_) | Match::Statistic(_) => true,
        extension => matches!(extension.to_string().trim(), "tcp" | "udp" | "sctp"),
    };
    rule.header.is_open() && rule.matches.iter().all(whole)
}

fn remembers(rule: &Rule<'_>, what: &[What]) -> bool {
    rule.matches
        .iter()
        .any(|extension| matches!(extension, Match::Recent(recent) if !recent.not && what.contains(&recent.what)))
}

fn whose(input: &Input<'_, '_>, chain: ChainId) -> String {
    input.service(chain).map_or_else(|| format!("`{}`", input.ruleset.name(chain)), ToString::to_string)
}

fn advised(input: &Input<'_, '_>, chain: ChainId, finding: Finding, by_hand: &str) -> Finding {
    match input.owner(chain) {
        Some(owner) => {
            finding.help(format!("restart {owner}, which writes all its rules anew; in rules of your own, {by_hand}"))
        }
        None => finding.help(by_hand),
    }
}
