//! KPT302: clients that are looked up after somebody has been drawn for them, or noted after they have left.

use rustc_hash::FxHashMap;

use crate::analyze::may_rewrite;
use crate::diagnostic::Code;
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
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/affinity-order.md"),
    check,
};

/// What takes a dead rule's packets, for each rule that is dead.
type Causes<'d> = FxHashMap<RuleId, &'d [RuleId]>;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.problems_of(Code::Elided).next().is_some() {
        return findings.skip("the order in chains that are not shown whole");
    }
    let causes: Causes<'_> = input.dead().iter().map(|dead| (dead.rule, &*dead.causes)).collect();
    for chain in input.chains_of(TableName::Nat) {
        match input.role(chain) {
            Some(Role::Cluster(_) | Role::Local(_) | Role::External(_)) => findings.extend(late_check(input, chain)),
            Some(Role::Endpoint(_)) => findings.extend(late_note(input, &causes, chain)),
            _ => {}
        }
    }
}

/// A rule that asks for remembered clients behind one that draws.
fn late_check(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let mut rules = input.rules(chain);
    let (first, drawing) = rules.find(|(_, rule)| draws(input, rule))?;
    let (late, _) = rules.find(|(_, rule)| remembers(rule, &[What::Check, What::Update]))?;
    let often = if drawing.matches.iter().any(|extension| matches!(extension, Match::Statistic(_))) {
        "only sometimes"
    } else {
        "never"
    };
    let message =
        format!("clients of {} are {often} sent back to the endpoint that they had before", whose(input, chain));
    let finding = Finding::new(message)
        .at(late, "asks for remembered clients too late")
        .at(first, "has drawn an endpoint already");
    Some(advised(input, chain, finding, "put all rules that ask for remembered clients before those that draw"))
}

/// A client who is to be noted only behind the rule that takes it away.
fn late_note(input: &Input<'_, '_>, causes: &Causes<'_>, chain: ChainId) -> Option<Finding> {
    let translates = |id: &&RuleId| input.ruleset.rule(**id).is_some_and(may_rewrite);
    let mut notes = input.rules(chain).filter(|(_, rule)| remembers(rule, &[What::Set]));
    let (late, taken_by) = notes.find_map(|(id, _)| Some((id, causes.get(&id)?.iter().find(translates)?)))?;
    let message =
        format!("clients of {} are not noted, so that none is sent back to its endpoint", whose(input, chain));
    let finding =
        Finding::new(message).at(late, "is never reached").at(*taken_by, "ends the way of its packets in this table");
    Some(advised(input, chain, finding, "note the client in the DNAT rule or before it"))
}

/// Does the rule send to an endpoint whoever comes?
fn draws(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    let whole = |extension: &Match<'_>| match extension {
        Match::Comment(_) | Match::Statistic(_) => true,
        extension => matches!(extension.to_string().trim(), "tcp" | "udp" | "sctp"),
    };
    let to_endpoint = rule.leads_to().is_some_and(|to| matches!(input.role(to), Some(Role::Endpoint(_))));
    to_endpoint && rule.header.is_open() && rule.matches.iter().all(whole)
}

fn remembers(rule: &Rule<'_>, what: &[What]) -> bool {
    let fits = |extension: &Match<'_>| matches!(extension, Match::Recent(recent) if !recent.not && what.contains(&recent.what));
    rule.matches.iter().any(fits)
}

fn whose(input: &Input<'_, '_>, chain: ChainId) -> String {
    input.service(chain).map_or_else(|| format!("`{}`", input.ruleset.name(chain)), ToString::to_string)
}

fn advised(input: &Input<'_, '_>, chain: ChainId, finding: Finding, by_hand: &str) -> Finding {
    match input.owner(chain) {
        Some(owner) => finding
            .help(format!("restart {owner}, which writes all its rules anew; in a program of your own, {by_hand}")),
        None => finding.help(by_hand),
    }
}
