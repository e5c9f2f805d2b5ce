//! KPT003: a table or chain that stands twice, so that the first is thrown away.

use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Place, Severity};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::diagnostic::{Code, Diagnostic};
use crate::save::TableName;
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: "KPT003",
    name: "redefinition",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/redefinition.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if !input.tells_of_text() {
        return;
    }
    let spans = input.problems_of(Code::RepeatedTable).filter_map(Diagnostic::span);
    findings.extend(spans.filter_map(|span| repeated_table(input, span)));
    findings.extend(repeated_chains(input.source.text()));
}

fn repeated_table(input: &Input<'_, '_>, span: Span) -> Option<Finding> {
    let table = TableName::named(input.source.slice(span).trim_start().strip_prefix('*')?.trim_end())?;
    let message =
        format!("iptables-restore keeps only the last `{table}` table of this file and throws away those before it");
    let finding = Finding::new(message).at(span, "replaces what stood before").table(table).key(table.as_str());
    Some(
        finding.help(
            "put the rules of all into one block; if these are dumps of two hosts or moments, look at one at a time",
        ),
    )
}

/// The chains of a table so far: where each is declared, and which have rules.
#[derive(Default)]
struct Block<'t> {
    table: Option<TableName>,
    declared: FxHashMap<&'t str, u32>,
    filled: FxHashSet<&'t str>,
}

fn repeated_chains(text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut block = Block::default();
    for (number, line) in (1..).zip(text.lines()) {
        if let Some(name) = line.strip_prefix('*') {
            block = Block { table: TableName::named(name.trim_end()), ..Block::default() };
        } else if line.starts_with("COMMIT") {
            block = Block::default();
        } else if let Some(name) = line.strip_prefix(':').and_then(|rest| rest.split_ascii_whitespace().next()) {
            found.extend(block.declare(name, number));
        } else if let Some(name) = line.split("-A ").nth(1).and_then(|rest| rest.split_ascii_whitespace().next()) {
            block.filled.insert(name);
        }
    }
    found
}

impl<'t> Block<'t> {
    fn declare(&mut self, name: &'t str, line: u32) -> Option<Finding> {
        let table = self.table?;
        let first = self.declared.insert(name, line).filter(|_| self.filled.remove(name))?;
        let message =
            format!("iptables-restore throws away the rules of `{name}` that stand above: it is declared again");
        let finding =
            Finding::new(message).at(Place::Line(line), "empties the chain").at(Place::Line(first), "declared first");
        Some(finding.table(table).chain(name).key(name).help("declare each chain once, at the top of its table"))
    }
}
