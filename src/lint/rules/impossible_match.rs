//! KPT105: rules that ask for what no packet is.

use crate::analyze::Death;
use crate::extension::matches::{Match, Statistic};
use crate::lint::dead::{Group, groups};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{Kind, RuleId};
use crate::save::Hook;

/// Rules that lead to the chain and are pointed at.
const CALLERS: usize = 4;

pub(super) static LINT: Lint = Lint {
    code: "KPT105",
    name: "impossible-match",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/impossible-match.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let groups = groups(input, Death::Impossible);
    findings.extend(groups.iter().filter(|group| !group.is_layout(input)).map(|group| finding(input, group)));
    let dead = |id| input.dead().iter().any(|dead| dead.rule == id);
    for (id, rule) in input.all_rules().filter(|(_, rule)| rule.matches.iter().any(never_drawn)) {
        if !dead(id) {
            let message =
                format!("rule {} of `{}` is drawn with a chance of 0", id.number(), input.ruleset.name(id.chain));
            let label = format!("line {} never matches", rule.line);
            findings.add(
                Finding::new(message).at(id, label).help("give it the chance that it should have, or take it out"),
            );
        }
    }
}

fn never_drawn(extension: &Match<'_>) -> bool {
    matches!(extension, Match::Statistic(Statistic::Random { not: false, probability }) if probability.count() == 0)
}

fn finding(input: &Input<'_, '_>, group: &Group<'_>) -> Finding {
    let rule = group.first.rule;
    let why = if group.first.elsewhere { reason(input, rule) } else { "what it asks for excludes itself".to_owned() };
    let verb = if group.rules.len() == 1 { "matches" } else { "match" };
    let message = format!("{} {verb} no packet: {why}", group.subject(input));
    let is_base = input.ruleset.chain(rule.chain).is_some_and(|chain| matches!(chain.kind, Kind::Base { .. }));
    let only_jumps = group.first.elsewhere && !is_base;
    let finding = group.finding(message, "matches nothing", "");
    let finding = if only_jumps { finding.severity(Severity::Warning) } else { finding };
    let callers = input.graph(rule.chain.table).into_iter().flat_map(|graph| graph.callers(rule.chain));
    let callers: Vec<_> = callers.take(if group.first.elsewhere { CALLERS } else { 0 }).collect();
    let finding = callers.into_iter().fold(finding, |finding, caller| finding.at(caller, "leads here"));
    finding.help("correct what it asks for, or take it out")
}

/// Why nothing that the rule asks for comes to its chain.
fn reason(input: &Input<'_, '_>, id: RuleId) -> String {
    let hooks: Vec<_> = input.hooks_of(id.chain).map(Hook::as_str).collect();
    format!("nothing of that comes here from `{}` of `{}`", hooks.join("`, `"), id.chain.table)
}
