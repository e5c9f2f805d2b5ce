//! KPT203: endpoints that are drawn and do not translate, and endpoints that are never drawn.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::{Dead, Death, Fan, may_rewrite, other_fans};
use crate::diagnostic::Code;
use crate::extension::matches::{Match, Statistic};
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT203",
    name: "endpoint-never-matches",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/endpoint-never-matches.md"),
    check,
};

/// The rules that no packet reaches and matches.
type DeadRules<'d> = FxHashMap<RuleId, &'d Dead>;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.problems_of(Code::Elided).next().is_some() {
        return findings.skip("the endpoints of chains that are not shown whole");
    }
    let dead: DeadRules<'_> = input.dead().iter().map(|dead| (dead.rule, dead)).collect();
    let endpoints = input.endpoint_chains();
    for chain in endpoints {
        findings.extend(untranslated(input, &dead, chain));
    }
    let services = input
        .chains_of(TableName::Nat)
        .filter(|chain| matches!(input.role(*chain), Some(Role::Cluster(_) | Role::Local(_))));
    let of_services = services.map(|chain| Fan::of_chain(input.ruleset, chain));
    for fan in of_services.chain(other_fans(input.ruleset)) {
        findings.extend(undrawn(input, &dead, &fan));
    }
}

/// An endpoint's chain that packets come to and that translates none of them.
fn untranslated(input: &Input<'_, '_>, dead: &DeadRules<'_>, chain: ChainId) -> Option<Finding> {
    let sends = |caller: &RuleId| input.is_reached(caller.chain) && is_alive(input, dead, *caller);
    let caller = input.graph(chain.table)?.callers(chain).find(sends)?;
    let translating: Vec<_> = input.rules(chain).filter(|(_, rule)| may_translate(input, rule)).collect();
    if translating.iter().any(|(id, _)| is_alive(input, dead, *id)) {
        return None;
    }
    let whose = input.service(chain).map_or_else(|| "a Service".to_owned(), |service| format!("Service {service}"));
    let name = input.ruleset.name(chain);
    let message =
        format!("connections that {whose} sends to `{name}` keep the address of the Service, so that they are lost");
    let finding = Finding::new(message);
    let finding = match translating.first() {
        Some((first, rule)) => finding.at(*first, asked_in_vain(rule)),
        None => finding.at(chain, "has no DNAT rule"),
    };
    Some(finding.at(caller, "sends connections there").help(help(input, chain)))
}

/// An endpoint that a chain never draws.
fn undrawn(input: &Input<'_, '_>, dead: &DeadRules<'_>, fan: &Fan) -> Option<Finding> {
    let drawing: FxHashSet<RuleId> = fan.endpoints.iter().map(|endpoint| endpoint.drawn_by).collect();
    let taken_by = |id: RuleId| {
        let dead = dead.get(&id).filter(|dead| dead.death != Death::Redundant)?;
        dead.causes.iter().copied().find(|cause| drawing.contains(cause))
    };
    let never = |id: RuleId| input.ruleset.rule(id).is_some_and(is_never_drawn);
    let (id, cause) = fan.endpoints.iter().find_map(|endpoint| {
        let (id, cause) = (endpoint.drawn_by, taken_by(endpoint.drawn_by));
        (cause.is_some() || never(id)).then_some((id, cause))
    })?;
    let to = input.ruleset.rule(id).and_then(Rule::leads_to);
    let to = to.map_or_else(|| "an endpoint".to_owned(), |to| format!("`{}`", input.ruleset.name(to)));
    let chain = input.ruleset.name(fan.chain);
    let finding = Finding::new(format!("{to} gets none of the connections that `{chain}` spreads"));
    let finding = match cause {
        Some(cause) => finding.at(id, "is never reached").at(cause, "takes all that comes to it"),
        None => finding.at(id, "has a chance of 0"),
    };
    Some(finding.help(help(input, fan.chain)))
}

fn is_alive(input: &Input<'_, '_>, dead: &DeadRules<'_>, id: RuleId) -> bool {
    !dead.contains_key(&id) && !input.ruleset.rule(id).is_some_and(is_never_drawn)
}

fn is_never_drawn(rule: &Rule<'_>) -> bool {
    let never = |extension: &Match<'_>| matches!(extension, Match::Statistic(Statistic::Random { not: false, probability }) if probability.count() == 0);
    rule.matches.iter().any(never)
}

/// May it give a new destination, or lead to a rule that does?
fn may_translate(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    may_rewrite(rule) || rule.leads_to().is_some_and(|to| input.role(to) != Some(Role::MarkMasq))
}

fn asked_in_vain(rule: &Rule<'_>) -> String {
    match rule.header.protocol.as_ref().filter(|test| !test.not) {
        Some(test) => format!("takes none of what comes here: it asks for {}", test.value),
        None => "takes none of what comes here".to_owned(),
    }
}

fn help(input: &Input<'_, '_>, chain: ChainId) -> String {
    match input.owner(chain) {
        Some(owner) => format!("restart {owner}, which writes all its rules anew"),
        None => "give each rule the chance that its place needs (`kpt lb-weights` shows the shares)".to_owned(),
    }
}
