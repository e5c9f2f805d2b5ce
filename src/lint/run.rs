//! Asks lints about an input.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::config::LintConfig;
use super::findings::{Findings, Found};
use super::input::Input;
use super::meta::{Confidence, Lint, Profile, Severity};
use super::mode::Mode;
use super::one_cause;
use super::suppress::{Suppressed, Suppressions, suppress};

/// What is asked, and what is wanted of the findings.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// The lints that are asked.
    pub lints: &'a [&'static Lint],
    /// Which findings are wanted.
    pub profile: Profile,
    /// The least severity.
    pub min_severity: Severity,
    /// Only what is exact.
    pub exact: bool,
    /// Every input is taken as part of a dump.
    pub fragment: bool,
    /// What findings of some lints weigh.
    pub config: &'a LintConfig,
    /// What keeps findings from being told; `None` tells all.
    pub suppressions: Option<Suppressions<'a>>,
}

/// What lints have found in an input.
#[derive(Debug, Default)]
pub struct Checked {
    /// Sorted by severity, the worst first, then by line.
    pub found: Vec<Found>,
    /// Lints that could not look, or not at everything.
    pub skipped: Vec<Skipped>,
    /// What is not told.
    pub suppressed: Vec<Suppressed>,
    /// Exceptions that were needed, by their place.
    pub used: BTreeSet<usize>,
    /// The lines of comments that suppress something, and what is to be said of those that do not: one that the rules of
    /// one family do not need, those of the other may.
    pub(super) needed: BTreeSet<u32>,
    pub(super) unneeded: Vec<Found>,
    /// How many lints have looked.
    pub lints: usize,
    /// How Services come to be there, for each family.
    pub modes: Vec<Mode>,
}

/// A lint that could not look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Which.
    pub lint: &'static Lint,
    /// Why.
    pub why: String,
}

/// Asks each lint about the rules of one family. One that lacks what it needs is skipped; where two speak of one cause, the
/// one that knows more is heard; then what is suppressed is set aside.
pub(super) fn run(input: &Input<'_, '_>, options: &Options<'_>) -> Checked {
    input.ruleset.read_all();
    let each: Vec<_> = options.lints.par_iter().map(|lint| one(lint, input)).collect();
    let mut checked = Checked { modes: vec![input.mode()], ..Checked::default() };
    for (lint, (found, skipped, looked)) in options.lints.iter().zip(each) {
        checked.lints += usize::from(looked);
        checked.found.extend(found);
        checked.skipped.extend(skipped.into_iter().map(|why| Skipped { lint, why }));
    }
    one_cause::keep(&mut checked);
    if let Some(suppressions) = &options.suppressions {
        suppress(input, &mut checked, suppressions, options.lints);
    }
    checked
}

/// What one lint finds, what it could not look at, and whether it looked at all.
fn one(lint: &'static Lint, input: &Input<'_, '_>) -> (Vec<Found>, Vec<String>, bool) {
    let lacks: Vec<_> = lint.needs.iter().filter_map(|need| need.lacks(input)).collect();
    if !lacks.is_empty() {
        return (Vec::new(), lacks, false);
    }
    let mut findings = Findings::new(lint, input);
    (lint.check)(input, &mut findings);
    (findings.found, findings.skipped, true)
}

impl Options<'_> {
    /// Gives findings the severity that the configuration says, leaves out what is not wanted, and sorts.
    pub fn weigh(&self, found: &mut Vec<Found>) {
        found.retain_mut(|found| self.wants(found));
        sort(found);
    }

    /// The same for one of them.
    pub(super) fn wants(&self, found: &mut Found) -> bool {
        match self.config.level(found.lint.code).map(super::Level::severity) {
            Some(Some(severity)) => found.severity = severity,
            Some(None) => return false,
            None => {}
        }
        let is_sure = !self.exact || found.confidence == Confidence::Exact;
        is_sure && found.severity >= self.min_severity && self.profile.wants(found.severity, found.confidence)
    }
}

/// The worst first, then by line.
fn sort(found: &mut [Found]) {
    found.sort_by(|one, other| {
        (other.severity, one.line, one.lint.code).cmp(&(one.severity, other.line, other.lint.code))
    });
}

impl Checked {
    /// Tells of comments that suppress nothing, once the rules of every family are looked at.
    pub(super) fn settle(&mut self) {
        let mut told = BTreeSet::new();
        for found in std::mem::take(&mut self.unneeded) {
            let is_needed = found.line.is_some_and(|line| self.needed.contains(&line));
            if !is_needed && told.insert((found.line, found.lint.code)) {
                self.found.push(found);
            }
        }
    }

    /// Takes what was found in the rules of another family of the same input.
    pub fn join(&mut self, other: Self) {
        self.found.extend(other.found);
        sort(&mut self.found);
        self.suppressed.extend(other.suppressed);
        self.needed.extend(other.needed);
        self.unneeded.extend(other.unneeded);
        self.used.extend(other.used);
        self.modes.extend(other.modes);
        self.lints = self.lints.max(other.lints);
        for skipped in other.skipped {
            if !self.skipped.contains(&skipped) {
                self.skipped.push(skipped);
            }
        }
    }
}
