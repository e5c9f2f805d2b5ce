//! KPT101: rules behind one that takes every packet.

use crate::analyze::Death;
use crate::lint::dead::{Group, groups, then};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};

pub(super) static LINT: Lint = Lint {
    code: "KPT101",
    name: "rule-after-catch-all",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/rule-after-catch-all.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    findings.extend(groups(input, Death::CatchAll).iter().filter_map(|group| finding(input, group)));
}

fn finding(input: &Input<'_, '_>, group: &Group<'_>) -> Option<Finding> {
    let cause = *group.first.causes.first()?;
    let (chain, does) = (group.chain(input), then(input, cause));
    let message =
        format!("{} {} nothing: `{does}` above takes every packet", group.subject(input), does_nothing(group));
    let finding = group.finding(message, "no packet comes here", "takes every packet");
    let number = cause.number();
    let help = format!("put it in front of rule {number} of `{chain}`, or move that rule to the end");
    if let Some(owner) = input.owner(cause.chain) {
        return Some(finding.help(format!("`{chain}` belongs to {owner}, which writes it anew; {help}")));
    }
    let words = input.words(group.first.rule);
    let program = input.command(cause.chain.table.name);
    Some(finding.help(help).command(format!("{program} -I {chain} {number} {words}")))
}

const fn does_nothing(group: &Group<'_>) -> &'static str {
    if group.rules.len() == 1 { "does" } else { "do" }
}
