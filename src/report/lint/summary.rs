//! The last lines: how much was found, and what could not be looked at.

use std::collections::BTreeMap;

use crate::lint::{Results, Severity};

use super::Answer;
use super::count::{count, few};

/// Codes that are named for each reason why lints were skipped.
const NAMED: usize = 8;

/// What was found, what was checked, and what was skipped; a line each.
pub(super) fn summary(answer: &Answer<'_>) -> String {
    let results = answer.results;
    let found: Vec<_> = Severity::ALL
        .iter()
        .rev()
        .map(|severity| (results.count(*severity), noun(*severity)))
        .filter(|(number, _)| *number > 0)
        .map(|(number, noun)| count(number, noun))
        .collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    let inputs = match results.checked().count() {
        1 => String::new(),
        inputs => format!(" in {}", count(inputs, "input")),
    };
    let suppressed = match results.suppressed().count() {
        0 => String::new(),
        suppressed => format!("; {suppressed} suppressed (--no-ignores shows them)"),
    };
    let more = results.found().next().map(|(_, found)| format!("more: kpt explain {}\n", found.lint.code));
    let more = more.unwrap_or_default();
    format!("{found}{inputs}{suppressed}\n{}{}{more}", checked(answer), skipped(results))
}

const fn noun(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn checked(answer: &Answer<'_>) -> String {
    let mut modes: Vec<_> =
        answer.results.checked().flat_map(|(_, checked)| &checked.modes).map(|mode| mode.as_str()).collect();
    modes.sort_unstable();
    modes.dedup();
    let modes = if modes.is_empty() { String::new() } else { format!(" (Services: {})", modes.join(", ")) };
    let looked = answer.results.checked().map(|(_, checked)| checked.lints).max().unwrap_or(0);
    format!("checked: {} of {}{modes}\n", looked, count(answer.lints.len(), "lint"))
}

/// Each reason with the lints that it kept from looking.
fn skipped(results: &Results) -> String {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (_, skipped) in results.skipped() {
        let codes = reasons.entry(&skipped.why).or_default();
        if !codes.contains(&skipped.lint.code) {
            codes.push(skipped.lint.code);
        }
    }
    let line = |(why, codes): (_, &Vec<_>)| ["skipped: ".to_owned(), few(codes, NAMED), format!(": {why}\n")];
    reasons.iter().flat_map(|(why, codes)| line((why, codes))).collect()
}
