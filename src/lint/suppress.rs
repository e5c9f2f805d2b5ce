//! What keeps findings from being told: comments in the text, comments of rules, exceptions and the baseline. What is
//! suppressed is not gone: it is counted, and what suppresses nothing is told.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::baseline::Baseline;
use super::exception::Exception;
use super::finding::Finding;
use super::findings::{Findings, Found};
use super::inline::{Inline, Reach, inline};
use super::input::Input;
use super::meta::Lint;
use super::named;
use super::run::Checked;
use super::select::Selector;

/// A finding that is not told.
#[derive(Debug, Clone)]
pub struct Suppressed {
    /// What.
    pub found: Found,
    /// By what.
    pub by: By,
    /// Why, as somebody has written.
    pub reason: String,
}

/// What suppresses a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A comment in the text, or one of the rule.
    Source,
    /// An exception of the configuration.
    Exception,
    /// The baseline.
    Baseline,
}

/// What may suppress findings besides what stands in the text.
#[derive(Debug, Clone, Copy)]
pub struct Suppressions<'a> {
    /// In the order of the configuration.
    pub exceptions: &'a [Exception],
    /// What is known.
    pub baseline: &'a Baseline,
    /// Exceptions that have expired before this day do not count.
    pub today: Date,
}

/// Moves what is suppressed, and finds what suppresses nothing. `asked` is every lint that was asked.
pub(super) fn suppress(
    input: &Input<'_, '_>,
    checked: &mut Checked,
    suppressions: &Suppressions<'_>,
    asked: &[&'static Lint],
) {
    let inlines = inline(input);
    let mut used = BTreeSet::new();
    let mut left = suppressions.baseline.findings.clone();
    for found in std::mem::take(&mut checked.found) {
        let by_inline = inlines.iter().position(|inline| inline.covers(&found));
        let by_exception = || {
            suppressions
                .exceptions
                .iter()
                .position(|exception| !exception.is_expired(suppressions.today) && exception.covers(&found))
        };
        let (by, reason) = if let Some(at) = by_inline {
            used.insert(at);
            (By::Source, inlines.get(at).map(|inline| inline.reason.clone()).unwrap_or_default())
        } else if let Some(at) = by_exception() {
            checked.used.insert(at);
            (
                By::Exception,
                suppressions.exceptions.get(at).map(|exception| exception.reason.clone()).unwrap_or_default(),
            )
        } else if let Some(count) = left.get_mut(&found.fingerprint).filter(|count| **count > 0) {
            *count -= 1;
            (By::Baseline, "known in the baseline".to_owned())
        } else {
            checked.found.push(found);
            continue;
        };
        checked.suppressed.push(Suppressed { found, by, reason });
    }
    let looked = |selector: &Selector| {
        let mut meant = asked.iter().filter(|lint| selector.covers(lint.code)).peekable();
        meant.peek().is_some() && meant.all(|lint| !checked.skipped.iter().any(|skipped| skipped.lint == *lint))
    };
    checked.needed.extend(used.iter().filter_map(|at| inlines.get(*at)).map(|inline| inline.line));
    let unused = inlines.iter().enumerate().filter(|(at, inline)| !used.contains(at) && inline.is_known());
    let unused: Vec<_> =
        unused.filter(|(_, inline)| inline.selectors().all(looked)).map(|(_, inline)| inline).collect();
    checked.unneeded.extend(about(input, "KPT090", asked, unused.into_iter().map(not_used)));
    checked.unneeded.extend(about(input, "KPT092", asked, inlines.iter().filter_map(not_known)));
}

/// Findings about what suppresses, if its lint is asked.
fn about(
    input: &Input<'_, '_>,
    code: &str,
    asked: &[&'static Lint],
    findings: impl Iterator<Item = Finding>,
) -> Vec<Found> {
    let Some(lint) = named(code).filter(|lint| asked.contains(lint)) else { return Vec::new() };
    let mut of_lint = Findings::new(lint, input);
    of_lint.extend(findings);
    of_lint.found
}

fn not_used(inline: &Inline) -> Finding {
    let why = match inline.reach {
        Reach::Misplaced => "stands below the first table, where it suppresses nothing",
        _ => "suppresses nothing: what it was written for is no longer found",
    };
    Finding::new(format!("this comment {why}"))
        .at(inline.place, "written here")
        .help("take it out, so that it does not hide what comes later")
}

fn not_known(inline: &Inline) -> Option<Finding> {
    let (name, why) = inline.unknown.first()?;
    let finding = Finding::new(format!("this comment suppresses nothing: {why}"));
    Some(finding.key(name.as_str()).at(inline.place, "written here"))
}

/// What is to be said of exceptions once every input is checked: which of them nothing needs, and which have expired.
/// `used` are the places of those that a finding needed.
pub fn exceptions(suppressions: &Suppressions<'_>, used: &BTreeSet<usize>, asked: &[&'static Lint]) -> Vec<Found> {
    let mut all = Vec::new();
    for (at, exception) in suppressions.exceptions.iter().enumerate() {
        let is_asked = asked.iter().any(|lint| exception.code.covers(lint.code));
        let (code, message, help) = match exception.expires.filter(|_| exception.is_expired(suppressions.today)) {
            Some(day) => (
                "KPT091",
                format!("the exception for {exception} ended on {day}, so that what it covers is told again"),
                "fix what it covers, or give it a later day",
            ),
            None if is_asked && !used.contains(&at) => (
                "KPT090",
                format!("the exception for {exception} covers nothing that is found"),
                "take it out of the configuration",
            ),
            None => continue,
        };
        if let Some(lint) = named(code).filter(|lint| asked.contains(lint)) {
            all.push(Found::without_place(lint, message, help, &format!("{exception} {}", exception.reason)));
        }
    }
    all
}
