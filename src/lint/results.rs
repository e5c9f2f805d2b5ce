//! What was found in every input of a call, and what of it is the same thing.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Labels};
use crate::save::TableName;

use super::findings::Found;
use super::meta::{FailOn, Severity};
use super::run::{Checked, Skipped};
use super::suppress::Suppressed;

/// What was found in all inputs.
#[derive(Debug, Default)]
pub struct Results {
    /// In the order in which they were named.
    pub inputs: Vec<Examined>,
    /// What was found in the configuration.
    pub own: Vec<Found>,
}

/// An input that was looked at.
#[derive(Debug)]
pub struct Examined {
    /// What it is called.
    pub name: String,
    /// What was found; why it cannot be read otherwise.
    pub outcome: Result<Checked, Told>,
    /// What was told while it was read.
    pub problems: Vec<Told>,
}

/// A problem whose source is gone, with its places.
#[derive(Debug, Clone)]
pub struct Told {
    /// The problem.
    pub diagnostic: Diagnostic,
    /// Its places.
    pub labels: Labels,
}

/// A finding that stands for others of the same.
#[derive(Debug)]
pub struct Shown<'r> {
    /// It.
    pub found: &'r Found,
    /// How many others there are of this lint in the same chain, or of the same in the same input.
    pub more: usize,
    /// The inputs that it is found in, by their place.
    pub inputs: BTreeSet<usize>,
}

/// The input, the code, and the table and chain of a finding.
type InChain<'r> = (Option<usize>, &'r str, Option<TableName>, &'r str);

impl Results {
    /// Every finding, with the place of its input; `None` for the configuration.
    pub fn found(&self) -> impl Iterator<Item = (Option<usize>, &Found)> {
        let inputs = self.checked().flat_map(|(at, checked)| checked.found.iter().map(move |found| (Some(at), found)));
        self.own.iter().map(|found| (None, found)).chain(inputs)
    }

    /// Every finding that is not told, with the place of its input.
    pub fn suppressed(&self) -> impl Iterator<Item = (usize, &Suppressed)> {
        self.checked().flat_map(|(at, checked)| checked.suppressed.iter().map(move |found| (at, found)))
    }

    /// Every lint that could not look, with the place of its input.
    pub fn skipped(&self) -> impl Iterator<Item = (usize, &Skipped)> {
        self.checked().flat_map(|(at, checked)| checked.skipped.iter().map(move |skipped| (at, skipped)))
    }

    /// The inputs that could be read, by their place.
    pub fn checked(&self) -> impl Iterator<Item = (usize, &Checked)> {
        let inputs = self.inputs.iter().enumerate();
        inputs.filter_map(|(at, examined)| Some((at, examined.outcome.as_ref().ok()?)))
    }

    /// The inputs that could not be read.
    pub fn unread(&self) -> impl Iterator<Item = (&str, &Told)> {
        self.inputs.iter().filter_map(|examined| Some((examined.name.as_str(), examined.outcome.as_ref().err()?)))
    }

    /// What an input is called; empty for the configuration.
    pub fn name(&self, at: Option<usize>) -> &str {
        at.and_then(|at| self.inputs.get(at)).map_or("", |examined| &examined.name)
    }

    /// How many findings weigh so much.
    pub fn count(&self, severity: Severity) -> usize {
        self.found().filter(|(_, found)| found.severity == severity).count()
    }

    /// Does the call fail?
    pub fn fails(&self, on: FailOn) -> bool {
        self.found().any(|(_, found)| on.fails(found.severity, found.confidence))
    }

    /// The findings, the worst first and then in the order of inputs and lines.
    pub fn sorted(&self) -> Vec<(Option<usize>, &Found)> {
        let mut all: Vec<_> = self.found().collect();
        all.sort_by_key(|(at, found)| (std::cmp::Reverse(found.severity), *at, found.line));
        all
    }

    /// The same with one for each chain and lint, and one for the same in several inputs.
    pub fn shown(&self) -> Vec<Shown<'_>> {
        let mut shown: Vec<Shown<'_>> = Vec::new();
        let mut by_fingerprint: BTreeMap<&str, usize> = BTreeMap::new();
        let mut by_chain: BTreeMap<InChain<'_>, usize> = BTreeMap::new();
        for (at, found) in self.sorted() {
            let chain = found.chain.as_deref().map(|chain| (at, found.lint.code, found.table, chain));
            let known = by_fingerprint.get(found.fingerprint.as_str()).or_else(|| by_chain.get(&chain?)).copied();
            let place = known.unwrap_or(shown.len());
            by_fingerprint.entry(&found.fingerprint).or_insert(place);
            if let Some(chain) = chain {
                by_chain.entry(chain).or_insert(place);
            }
            match shown.get_mut(place) {
                Some(same) => same.more += usize::from(at.is_none_or(|at| !same.inputs.insert(at))),
                None => shown.push(Shown { found, more: 0, inputs: at.into_iter().collect() }),
            }
        }
        shown
    }

    /// The findings that several inputs have: one of each, and the inputs.
    pub fn common(&self) -> Vec<(&Found, BTreeSet<usize>)> {
        let mut inputs: BTreeMap<&str, (&Found, BTreeSet<usize>)> = BTreeMap::new();
        for (at, found) in self.found() {
            inputs.entry(&found.fingerprint).or_insert((found, BTreeSet::new())).1.extend(at);
        }
        let mut common: Vec<_> = inputs.into_values().filter(|(_, inputs)| inputs.len() > 1).collect();
        common.sort_by_key(|(found, inputs)| (std::cmp::Reverse((found.severity, inputs.len())), found.lint.code));
        common
    }
}
