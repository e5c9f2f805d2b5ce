//! KPT402: rules that let go what kube-proxy would masquerade.

use crate::analyze::masquerade_bits;
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::{Hook, TableName};

/// Stands first by intent, where Cilium does kube-proxy's work.
const CILIUM: &str = "CILIUM_POST_nat";

pub(super) static LINT: Lint = Lint {
    code: "KPT402",
    name: "masq-preempted",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/masq-preempted.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let to = |rule: &Rule<'_>| rule.leads_to().and_then(|to| input.role(to));
    let bits = masquerade_bits(input.ruleset).unwrap_or(0);
    for table in input.ruleset.tables_named(TableName::Nat) {
        let Some(base) = input.ruleset.base(table, Hook::Postrouting) else { continue };
        let jump = input.rules(base).find(|(_, rule)| to(rule) == Some(Role::Postrouting));
        let Some((jump, _)) = jump else { continue };
        let before = input.rules(base).filter(|(id, _)| id.index < jump.index);
        let ends = before.filter_map(|(id, rule)| Some((id, ending(input, id, rule, bits)?)));
        findings.extend(ends.map(|(id, at)| finding(input, id, at, jump)));
    }
}

/// The rule that ends the way of what may be marked: `rule` itself, or one of a chain that it leads to.
fn ending(input: &Input<'_, '_>, id: RuleId, rule: &Rule<'_>, bits: u32) -> Option<RuleId> {
    if !may_take(rule, bits) {
        return None;
    }
    if matches!(rule.then, Then::Target(Target::Return(_))) {
        return Some(id);
    }
    if ends(rule) {
        return Some(id);
    }
    let to = rule.leads_to().filter(|to| input.ruleset.name(*to) != CILIUM)?;
    let reached = input.graph(to.table)?.reach(to);
    let mut rules = reached.into_iter().flat_map(|chain| input.rules(chain));
    rules.find(|(_, rule)| ends(rule) && may_take(rule, bits)).map(|(id, _)| id)
}

const fn ends(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Accept(_) | Target::Snat(_)))
}

/// May the rule take what carries these bits? What only goes by lo is never sent on.
fn may_take(rule: &Rule<'_>, bits: u32) -> bool {
    let excludes = |extension: &Match<'_>| match extension {
        Match::Mark(test) => test.mark.mask & !bits == 0 && test.mark.fits(bits) == test.not,
        _ => false,
    };
    let output = rule.header.output.as_deref();
    let by_lo = output.is_some_and(|test| !test.not && test.value.only() == Some("lo"));
    !by_lo && !rule.matches.iter().any(excludes)
}

fn finding(input: &Input<'_, '_>, id: RuleId, at: RuleId, jump: RuleId) -> Finding {
    let does = match input.ruleset.rule(at).map(|rule| &rule.then) {
        Some(Then::Target(Target::Snat(_))) => "gets this source address and not the node's",
        _ => "is not masqueraded",
    };
    let message =
        format!("what Services have marked {does} if this rule takes it: it is asked before `KUBE-POSTROUTING`");
    let finding = Finding::new(message).at(at, "ends the way of a packet in this table");
    let finding = if at == id { finding } else { finding.at(id, "leads there") };
    finding.at(jump, "would masquerade what is marked").help(
        "restart kube-proxy, which puts its jump first, and then the program that owns this rule; a rule of your own belongs behind \
         the jump, or asks for `! --mark 0x4000/0x4000`",
    )
}
