//! KPT005: chains that lead back to themselves.

use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::ruleset::{ChainGraph, RuleId};

pub(super) static LINT: Lint = Lint {
    code: "KPT005",
    name: "chain-loop",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/chain-loop.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for table in input.ruleset.tables() {
        let cycles = input.graph(table).map(ChainGraph::cycles).unwrap_or_default();
        cycles.iter().filter_map(|cycle| finding(input, cycle)).for_each(|finding| findings.add(finding));
    }
}

fn finding(input: &Input<'_, '_>, cycle: &[RuleId]) -> Option<Finding> {
    let (first, others) = cycle.split_first()?;
    let table = first.chain.table;
    let names: Vec<_> = cycle.iter().chain([first]).map(|rule| input.ruleset.name(rule.chain)).collect();
    let circle = names.join("` -> `");
    let reached = input.is_reached(first.chain);
    let (severity, message) = if reached {
        (Severity::Error, format!("iptables refuses to load the `{table}` table: `{circle}` is a circle"))
    } else {
        (
            Severity::Warning,
            format!("`{circle}` is a circle in `{table}`: the first jump to it from a built-in chain will be refused"),
        )
    };
    let finding = Finding::new(message).severity(severity).at(*first, "leads back to where it came from");
    let number = first.number();
    let name = input.ruleset.name(first.chain);
    let finding = others.iter().fold(finding, |finding, rule| finding.at(*rule, "jumps on")).path();
    let finding = finding.help("take out one of these jumps; `-j RETURN` goes back to the caller");
    Some(if reached { finding } else { finding.command(format!("{} -D {name} {number}", input.command(table.name))) })
}
