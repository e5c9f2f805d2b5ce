//! Every set that is known, by name.

use rustc_hash::FxHashMap;

use super::set::Set;

/// Sets by name. The default knows none.
#[derive(Debug, Clone, Default)]
pub struct Sets {
    /// `None` is one of which not every line could be read.
    by_name: FxHashMap<String, Option<Set>>,
}

impl Sets {
    /// The set of this name, if all that it holds is known.
    pub fn get(&self, name: &str) -> Option<&Set> {
        self.by_name.get(name)?.as_ref()
    }

    /// The set of this name while it is read; what is inside is `None` once a line of it could not be read.
    pub(super) fn named(&mut self, name: &str) -> Option<&mut Option<Set>> {
        self.by_name.get_mut(name)
    }

    /// Puts a set there, or what could not be read as one.
    pub(super) fn put(&mut self, name: &str, set: Option<Set>) {
        self.by_name.insert(name.to_owned(), set);
    }

    /// Is no set there, not even one that could not be read?
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }
}
