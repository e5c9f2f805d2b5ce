//! Asks lints about an input.

use rayon::prelude::*;

use super::findings::{Findings, Found};
use super::input::Input;
use super::meta::Lint;
use super::one_cause;

/// What lints have found in an input.
#[derive(Debug, Default)]
pub struct Checked {
    /// Sorted by severity, the worst first, then by line.
    pub found: Vec<Found>,
    /// Lints that could not look, or not at everything.
    pub skipped: Vec<Skipped>,
    /// How many lints have looked.
    pub lints: usize,
}

/// A lint that could not look.
#[derive(Debug, Clone)]
pub struct Skipped {
    /// Which.
    pub lint: &'static Lint,
    /// Why.
    pub why: String,
}

/// Asks each lint. One that lacks what it needs is skipped; where two speak of one cause, the one that knows more is heard.
pub fn run(input: &Input<'_, '_>, lints: &[&'static Lint]) -> Checked {
    input.ruleset.read_all();
    let each: Vec<_> = lints.par_iter().map(|lint| one(lint, input)).collect();
    let mut checked = Checked::default();
    for (lint, (found, skipped, looked)) in lints.iter().zip(each) {
        checked.lints += usize::from(looked);
        checked.found.extend(found);
        checked.skipped.extend(skipped.into_iter().map(|why| Skipped { lint, why }));
    }
    one_cause::keep(&mut checked);
    checked.found.sort_by(|one, other| {
        (other.severity, one.line, one.lint.code).cmp(&(one.severity, other.line, other.lint.code))
    });
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
