//! KPT103: rules that do again what earlier ones have done.

use crate::analyze::Death;
use crate::lint::dead::{Group, groups, then};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};

pub(super) static LINT: Lint = Lint {
    code: "KPT103",
    name: "redundant-rule",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/redundant-rule.md"),
    check,
};

/// From how many copies on somebody keeps adding them.
const MANY: usize = 10;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let groups = groups(input, Death::Redundant);
    // Calico's rules differ in a comment by which it knows them, and repeat on purpose.
    let own = groups
        .iter()
        .filter(|group| input.owner(group.first.rule.chain).is_none_or(|owner| owner.as_str() != "Calico"));
    findings.extend(own.filter_map(|group| finding(input, group)));
}

fn finding(input: &Input<'_, '_>, group: &Group<'_>) -> Option<Finding> {
    let cause = *group.first.causes.first()?;
    let same = input.words(cause);
    let copies = group.rules.iter().filter(|rule| input.words(**rule) == same).count() + 1;
    let many = copies >= MANY;
    let does = if group.rules.len() == 1 { "changes" } else { "change" };
    let message = if many {
        format!("`{same}` stands {copies} times in `{}`: something keeps adding it", group.chain(input))
    } else {
        format!(
            "{} {does} nothing: {} above, `{}`, took every such packet",
            group.subject(input),
            group.causes(),
            then(input, cause)
        )
    };
    let finding = group.finding(message, "can be taken out", "takes its packets");
    let finding = if many {
        finding.severity(Severity::Warning).help(
            "upgrade the iptables of the program that adds it (1.8.1 and 1.8.2 do not find rules), and restart it",
        )
    } else {
        finding.help("take it out")
    };
    Some(finding.command(format!(
        "{} -D {} {}",
        input.command(cause.chain.table.name),
        group.chain(input),
        group.first.rule.number()
    )))
}
