//! Findings for people: a picture of each with its lines, what to do, and the commands that help.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use miette::{LabeledSpan, SourceCode};

use crate::diagnostic::harmless;
use crate::lint::{Found, Lint, Severity, Shown};
use crate::report::Safe;
use crate::report::text::picture;

use super::Answer;
use super::count::{count, few};
use super::summary::summary;

/// Inputs that are named where several have the same.
const NAMED: usize = 5;

/// The findings, the worst first, then what was found altogether.
pub fn pretty(answer: &Answer<'_>) -> String {
    let mut text = String::new();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told: BTreeMap<&str, usize> = BTreeMap::new();
    for shown in shown(answer) {
        let code = shown.found.lint.code;
        let number = told.entry(code).or_default();
        if answer.max_per_rule > 0 && *number >= answer.max_per_rule {
            *left_out.entry(code).or_default() += 1 + shown.more;
            continue;
        }
        *number += 1;
        text.push_str(&one(&shown, answer));
    }
    for (code, more) in left_out {
        let _ = writeln!(text, "{more} more {code} (--max-per-rule 0 shows all)");
    }
    text + &summary(answer)
}

/// What is shown: one for each chain, or all where nothing is to be left out.
fn shown<'a>(answer: &Answer<'a>) -> Vec<Shown<'a>> {
    if answer.max_per_rule > 0 {
        return answer.results.shown();
    }
    let alone = |(at, found): (Option<usize>, &'a Found)| Shown { found, more: 0, inputs: at.into_iter().collect() };
    answer.results.sorted().into_iter().map(alone).collect()
}

fn one(shown: &Shown<'_>, answer: &Answer<'_>) -> String {
    let drawn = Drawn { found: shown.found };
    let mut text = picture(&drawn, answer.width, answer.paint).unwrap_or_else(|| line(shown.found));
    for command in &shown.found.commands {
        let _ = writeln!(text, "  $ {}", Safe(command));
    }
    if shown.more > 0 {
        let _ = writeln!(text, "  + {} more like this (--max-per-rule 0 shows all)", shown.more);
    }
    if shown.inputs.len() > 1 {
        let names: Vec<_> = shown.inputs.iter().map(|at| answer.results.name(Some(*at))).collect();
        let all = count(answer.results.inputs.len(), "input");
        let _ = writeln!(text, "  the same on {} of {all}: {}", names.len(), Safe(&few(&names, NAMED)));
    }
    text.push('\n');
    text
}

/// A finding where there is no room for a picture.
fn line(found: &Found) -> String {
    let place = |label: &crate::diagnostic::Label| format!("{}:{}:{}", label.file, label.line, label.column);
    let mut labels = found.labels.0.iter();
    let first = labels.next().map(|label| format!("{}: ", place(label))).unwrap_or_default();
    let head = format!("{first}{}: {} [{}]\n", found.severity, Safe(&found.message), found.lint.code);
    let others = labels.map(|label| format!("  {}: {}\n", place(label), label.text));
    let help = found.help.iter().flat_map(|help| help.lines()).map(|help| format!("  help: {}\n", harmless(help)));
    [head].into_iter().chain(others).chain(help).collect()
}

/// The page of a lint, for a terminal.
pub fn explain(lint: &Lint) -> String {
    let lines = lint.page.lines().filter(|line| !line.starts_with("```"));
    lines.flat_map(|line| [line.replace("#! ", "# found in the next line: "), "\n".to_owned()]).collect()
}

/// A finding as miette draws it.
#[derive(Debug)]
struct Drawn<'f> {
    found: &'f Found,
}

impl fmt::Display for Drawn<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&harmless(&self.found.message))
    }
}

impl std::error::Error for Drawn<'_> {}

impl miette::Diagnostic for Drawn<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let Lint { code, name, .. } = self.found.lint;
        Some(Box::new(format!("{} {code} {name}", self.found.severity)))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.found.severity {
            Severity::Info => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        let harmless = |help: &String| help.lines().map(harmless).collect::<Vec<_>>().join("\n");
        self.found.help.as_ref().map(|help| Box::new(harmless(help)) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.found.labels.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(self.found.labels.spans())
    }
}
