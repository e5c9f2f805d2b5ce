//! KPT002: a table that `iptables-restore` refuses because of how the file is written.

use crate::diagnostic::{Code, Diagnostic};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Place, Severity};
use crate::save::TableName;
use crate::source::Span;

pub(super) static LINT: Lint = Lint {
    code: "KPT002",
    name: "truncated-table",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/truncated-table.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if !input.tells_of_text() {
        return;
    }
    let spans = input.problems_of(Code::Truncated).filter_map(Diagnostic::span);
    findings.extend(spans.filter_map(|span| cut(input, span)));
    let lines = (1..).zip(input.source.text().lines());
    findings.extend(lines.filter(|(_, line)| has_comment(line)).map(|(line, _)| annotated(line)));
    findings.extend(carriage_returns(input));
    findings.extend(unended(input));
}

fn cut(input: &Input<'_, '_>, span: Span) -> Option<Finding> {
    let table = TableName::named(input.source.slice(span).trim_start().strip_prefix('*')?.trim_end())?;
    let message = format!("iptables-restore loads nothing of the `{table}` table: it has no `COMMIT`");
    let finding = Finding::new(message).at(span, "begins here and does not end").table(table).key(table.as_str());
    Some(
        finding.help("the file may be cut: dump again; if it is whole, put `COMMIT` behind the last rule of the table"),
    )
}

/// Does a rule have a word outside of quotes that begins with `#`?
fn has_comment(line: &str) -> bool {
    let mut quoted = false;
    let mut before = ' ';
    line.starts_with("-A ")
        && line.chars().any(|c| {
            quoted ^= c == '"' && before != '\\';
            let begins = c == '#' && before == ' ' && !quoted;
            before = c;
            begins
        })
}

fn annotated(line: u32) -> Finding {
    Finding::new("iptables-restore refuses the table of this rule: a comment stands behind it")
        .at(Place::Line(line), "iptables-restore takes the comment for words of the rule")
        .help("put the comment on a line of its own")
}

/// A last `COMMIT` without a line break, which legacy takes for a rule and nft for what it is.
fn unended(input: &Input<'_, '_>) -> Option<Finding> {
    let (before, _) = input.source.text().rsplit_once('\n').filter(|(_, last)| *last == "COMMIT")?;
    let line = u32::try_from(before.lines().count()).ok()? + 1;
    let finding =
        Finding::new("iptables-legacy-restore loads nothing of the last table: the file ends without a line break");
    let finding = finding.severity(Severity::Warning).at(Place::Line(line), "is not understood without one").key("end");
    Some(finding.help("end the last line too"))
}

/// Lines of a table that end as on Windows; told once.
fn carriage_returns(input: &Input<'_, '_>) -> Option<Finding> {
    let is_own = |line: &str| line.ends_with('\r') && line.starts_with(['*', ':', '-']);
    let at = input.source.text().split('\n').position(is_own)?;
    let line = u32::try_from(at).ok()? + 1;
    let finding = Finding::new("iptables-restore refuses the file: its lines end with a carriage return");
    Some(finding.at(Place::Line(line), "the first such line").key("CR").help("`dos2unix` takes them out"))
}
