//! Finding chains by name.
//!
//! `iptables-save` prints the chains that users made in the order of their names, so that a dump of a million lines needs
//! no map of them: looking one up is a binary search. A map is made for those that stand in another order.

use std::hash::BuildHasher;
use std::sync::OnceLock;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Chains at the beginning that may stand in any order: the built-in ones, and a few more.
const HEAD: usize = 32;

/// How much room a full map gets: to move it, every name is read again.
const GROWTH: usize = 7;

/// What has the name of a chain.
pub trait Named<'t> {
    /// Its name.
    fn name(&self) -> &'t str;
}

/// Where each name stands in a list of chains.
#[derive(Debug, Clone, Default)]
pub struct ByName {
    /// From here on, names ascend.
    sorted_from: usize,
    /// The places of all of them, if they are in too many runs. The names stay where they are.
    map: Option<HashTable<u32>>,
    /// The same for those in order, once many are to be found.
    all: OnceLock<HashTable<u32>>,
}

impl ByName {
    /// The place of the chain called `name` in `chains`.
    pub fn find<'t>(&self, chains: &[impl Named<'t>], name: &str) -> Option<u32> {
        if let Some(map) = self.map.as_ref().or_else(|| self.all.get()) {
            return map.find(hash(name), |at| name_at(chains, *at) == name).copied();
        }
        let (head, sorted) = chains.split_at_checked(self.sorted_from)?;
        let in_head = || head.iter().position(|chain| chain.name() == name);
        let found = match sorted.binary_search_by(|chain| chain.name().cmp(name)) {
            Ok(at) => Some(self.sorted_from + at),
            Err(_) => in_head(),
        };
        found.and_then(|at| u32::try_from(at).ok())
    }

    /// Makes a map of all of them, for whoever is about to look for nearly every one: a search among hundreds of thousands waits
    /// for memory at each step.
    pub fn expect_many<'t>(&self, chains: &[impl Named<'t>]) {
        if self.map.is_none() {
            self.all.get_or_init(|| map_of(chains.iter().map(Named::name), chains));
        }
    }

    /// Is `name` that of none of these chains, as can be told at once?
    pub fn is_surely_new<'t>(&self, chains: &[impl Named<'t>], name: &str) -> bool {
        let ascends = chains.last().is_none_or(|last| last.name() < name);
        self.map.is_none() && ascends && !chains.iter().take(self.sorted_from).any(|chain| chain.name() == name)
    }

    /// A chain called `name` is about to be put behind `chains`.
    pub fn push<'t>(&mut self, chains: &[impl Named<'t>], name: &'t str) {
        self.all.take();
        let place = u32::try_from(chains.len()).unwrap_or(u32::MAX);
        let rehash = |at: &u32| hash(name_at(chains, *at));
        if let Some(map) = &mut self.map {
            if map.len() == map.capacity() {
                map.reserve(map.len() * GROWTH, rehash);
            }
            map.insert_unique(hash(name), place, rehash);
            return;
        }
        if chains.last().is_none_or(|last| last.name() < name) {
            return;
        }
        self.sorted_from = chains.len();
        if self.sorted_from > HEAD {
            self.map = Some(map_of(chains.iter().map(Named::name).chain([name]), chains));
        }
    }
}

/// Where each of the names stands; none is there twice.
fn map_of<'t>(names: impl Iterator<Item = &'t str>, chains: &[impl Named<'t>]) -> HashTable<u32> {
    let mut map = HashTable::with_capacity(chains.len() + 1);
    for (at, name) in (0..).zip(names) {
        map.insert_unique(hash(name), at, |at: &u32| hash(name_at(chains, *at)));
    }
    map
}

fn name_at<'t>(chains: &[impl Named<'t>], at: u32) -> &'t str {
    chains.get(at as usize).map_or("", Named::name)
}

fn hash(name: &str) -> u64 {
    FxBuildHasher.hash_one(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl<'t> Named<'t> for &'t str {
        fn name(&self) -> &'t str {
            self
        }
    }

    fn check(names: &[&str]) {
        let mut index = ByName::default();
        let mut chains: Vec<&str> = Vec::new();
        for name in names {
            assert_eq!(index.find(&chains, name), None, "{name} in {chains:?}");
            index.push(&chains, name);
            chains.push(name);
        }
        for (at, name) in (0..).zip(names) {
            assert_eq!(index.find(&chains, name), Some(at), "{name} in {chains:?}");
            assert!(!index.is_surely_new(&chains, name));
        }
        index.expect_many(&chains);
        for (at, name) in (0..).zip(names) {
            assert_eq!(index.find(&chains, name), Some(at), "{name} in {chains:?}");
        }
        assert_eq!(index.find(&chains, "none of them"), None);
    }

    #[test]
    fn names_are_found_in_any_order() {
        check(&["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "KUBE-A", "KUBE-B", "KUBE-C"]);
        check(&["b", "a", "c", "B", "A", "C"]);
    }

    proptest::proptest! {
        #[test]
        fn names_are_found_among_many(names in proptest::collection::hash_set("[a-c]{1,4}", 0..100)) {
            let mut names: Vec<_> = names.iter().map(String::as_str).collect();
            check(&names);
            names.sort_unstable();
            check(&names);
        }
    }
}
