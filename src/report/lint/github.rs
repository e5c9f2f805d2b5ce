//! Workflow commands of GitHub Actions, which make annotations of them.

use std::fmt::Write as _;

use crate::diagnostic::harmless;
use crate::lint::{Found, Severity};

use super::Answer;
use super::count::escaped_cell;

/// `::error file=F,line=N,col=C,title=CODE name::MESSAGE`, the worst first: a step shows only ten of each.
pub fn github(answer: &Answer<'_>) -> String {
    let mut text = String::new();
    for (input, found) in answer.results.sorted() {
        let title = property(&format!("{} {}", found.lint.code, found.lint.name));
        let place = place(found, answer.results.name(input));
        let _ = writeln!(text, "::{} {place}title={title}::{}", command(found.severity), data(&message(found)));
    }
    text
}

/// All of them as a table in Markdown, for the summary of the job.
pub fn github_summary(answer: &Answer<'_>) -> String {
    let mut text = String::from("| severity | lint | place | what |\n|---|---|---|---|\n");
    for (input, found) in answer.results.sorted() {
        let place = found
            .labels
            .0
            .first()
            .map_or_else(|| answer.results.name(input).to_owned(), |label| format!("{}:{}", label.file, label.line));
        let (code, name) = (found.lint.code, found.lint.name);
        let (place, message) = (escaped_cell(&place), escaped_cell(&found.message));
        let _ = writeln!(text, "| {} | {code} {name} | {place} | {message} |", found.severity);
    }
    text
}

const fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    }
}

/// The properties that say where it is, each with a comma behind it.
fn place(found: &Found, input: &str) -> String {
    match found.labels.0.first() {
        Some(label) => format!("file={},line={},col={},", property(&label.file), label.line, label.column),
        None if input.is_empty() => String::new(),
        None => format!("file={},", property(&harmless(input))),
    }
}

fn message(found: &Found) -> String {
    let help = found.help.iter().flat_map(|help| help.lines()).map(|line| format!("\n{}", harmless(line)));
    [harmless(&found.message)].into_iter().chain(help).collect()
}

/// What stands behind `::` (`escapeData` in actions/toolkit).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// What stands in a property (`escapeProperty` there).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
