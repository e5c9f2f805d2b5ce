//! What keeps findings from being told: comments in the text, comments of rules, exceptions and the baseline. What is
//! suppressed is not gone: it is counted, and what suppresses nothing is told.

use std::collections::{BTreeMap, BTreeSet};

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
    let mut by = Suppressing {
        inlines: &inlines,
        suppressions,
        left: suppressions.baseline.findings.clone(),
        used: BTreeSet::new(),
    };
    for found in std::mem::take(&mut checked.found) {
        match by.what(&found, &mut checked.used) {
            Some((by, reason)) => checked.suppressed.push(Suppressed { found, by, reason }),
            None => checked.found.push(found),
        }
    }
    let used = by.used;
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

/// All that may suppress a finding of an input.
struct Suppressing<'a> {
    inlines: &'a [Inline],
    suppressions: &'a Suppressions<'a>,
    /// What the baseline still covers.
    left: BTreeMap<String, usize>,
    /// The comments that were needed.
    used: BTreeSet<usize>,
}

impl Suppressing<'_> {
    /// What suppresses a finding, and why; `exceptions` takes the place of the exception that does.
    fn what(&mut self, found: &Found, exceptions: &mut BTreeSet<usize>) -> Option<(By, String)> {
        let Suppressions { exceptions: all, today, .. } = self.suppressions;
        let covers = |(_, inline): &(usize, &Inline)| inline.covers(found);
        if let Some((at, inline)) = self.inlines.iter().enumerate().find(covers) {
            self.used.insert(at);
            return Some((By::Source, inline.reason.clone()));
        }
        let covers = |(_, exception): &(usize, &Exception)| !exception.is_expired(*today) && exception.covers(found);
        if let Some((at, exception)) = all.iter().enumerate().find(covers) {
            exceptions.insert(at);
            return Some((By::Exception, exception.reason.clone()));
        }
        let count = self.left.get_mut(&found.fingerprint).filter(|count| **count > 0)?;
        *count -= 1;
        Some((By::Baseline, "known in the baseline".to_owned()))
    }
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
