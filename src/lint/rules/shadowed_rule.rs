//! KPT102: rules whose packets earlier ones take and treat in another way.

use crate::analyze::Death;
use crate::lint::dead::{Group, groups, then};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};

pub(super) static LINT: Lint = Lint {
    code: "KPT102",
    name: "shadowed-rule",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/shadowed-rule.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let groups = groups(input, Death::Shadowed);
    findings.extend(groups.iter().filter(|group| !group.is_layout(input)).filter_map(|group| finding(input, group)));
}

fn finding(input: &Input<'_, '_>, group: &Group<'_>) -> Option<Finding> {
    let cause = *group.first.causes.first()?;
    let chain = group.chain(input);
    let does = if group.rules.len() == 1 { "does" } else { "do" };
    let all = if group.first.elsewhere { "all that comes here and that it asks for" } else { "all that it asks for" };
    let message = format!(
        "{} {does} nothing: {} above, `{}`, took {all}",
        group.subject(input),
        group.causes(),
        then(input, cause)
    );
    let label = match group.witness(input) {
        Some(packet) => format!("never sees a packet, not even {packet}"),
        None => "never sees a packet".to_owned(),
    };
    let finding = group.finding(message, &label, "takes its packets");
    let number = cause.number();
    let help = format!("if it is meant to count, put it in front of rule {number} of `{chain}`; otherwise take it out");
    if let Some(owner) = input.owner(cause.chain) {
        return Some(finding.help(format!("`{chain}` belongs to {owner}, which writes it anew; {help}")));
    }
    let words = input.words(group.first.rule);
    let program = input.command(cause.chain.table.name);
    Some(finding.help(help).command(format!("{program} -I {chain} {number} {words}")))
}
