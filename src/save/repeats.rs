//! Rules that stand twice in a fragment because two greps printed them.
//!
//! A save has all rules of a chain in one place. Where rules of a chain come back after others, they are of a second output,
//! and those that were there before are the same rules. Equal rules in one place are the chain's own.

use rustc_hash::{FxHashMap, FxHashSet};

use super::names::TableName;

/// The rules of a fragment so far.
#[derive(Default)]
pub(super) struct Repeats<'t> {
    chains: FxHashMap<(TableName, &'t str), Chain<'t>>,
    /// The chain of the line before.
    last: Option<(TableName, &'t str)>,
}

#[derive(Default)]
struct Chain<'t> {
    /// Rules of earlier places.
    before: FxHashSet<&'t str>,
    /// Rules of this place.
    here: Vec<&'t str>,
}

impl<'t> Repeats<'t> {
    /// Whatever comes next stands in another place.
    pub(super) fn pause(&mut self) {
        self.last = None;
    }

    /// Was this line of the chain there before?
    pub(super) fn is_one(&mut self, table: TableName, chain: &'t str, line: &'t str) -> bool {
        let key = (table, chain);
        let known = self.chains.entry(key).or_default();
        if self.last.replace(key) != Some(key) {
            known.before.extend(known.here.drain(..));
        }
        let is_row = !line.trim_ascii_start().starts_with(['-', '[']);
        let words = line.split_once("-A ").map_or(line, |(_, words)| words).trim_ascii();
        if is_row || known.before.is_empty() || !known.before.contains(words) {
            known.here.push(words);
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_that_come_back_are_the_same() {
        let mut repeats = Repeats::default();
        let mut is_one = |chain, line| repeats.is_one(TableName::Nat, chain, line);
        assert!(!is_one("X", "-A X -j Y"));
        assert!(!is_one("X", "-A X -j Z"));
        assert!(!is_one("X", "-A X -j Y"));
        assert!(!is_one("Y", "-A Y -j Z"));
        assert!(is_one("X", "[1:60] -A X -j Y"));
        assert!(!is_one("X", "-A X -j DROP"));
        repeats.pause();
        assert!(repeats.is_one(TableName::Nat, "X", "-A X -j DROP"));
        assert!(!repeats.is_one(TableName::Raw, "X", "-A X -j DROP"));
    }
}
