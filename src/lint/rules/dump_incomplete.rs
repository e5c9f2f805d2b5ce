//! KPT001: a table that iptables left out of the dump.

use crate::diagnostic::Code;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT001",
    name: "dump-incomplete",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/dump-incomplete.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    // The remark does not say of which family it is, so it is told once.
    if !input.tells_of_text() {
        return;
    }
    for span in input.problems_of(Code::IncompatibleTable).filter_map(crate::diagnostic::Diagnostic::span) {
        let Some(name) = input.source.slice(span).split(['`', '\'']).nth(1) else { continue };
        let program = input.command(TableName::Filter);
        let family = if program == "iptables" { "ip" } else { "ip6" };
        let message =
            format!("all rules of the `{name}` table are missing here, and are asked by the kernel all the same");
        let finding = Finding::new(message)
            .at(span, "nft has put rules there that iptables cannot print")
            .key(name)
            .help(
                "find out who writes rules into the table of iptables, give them a table of their own, and dump again",
            )
            .command(format!("nft list table {family} {name}"));
        findings.add(match TableName::named(name) {
            Some(table) => finding.table(table),
            None => finding,
        });
    }
}
