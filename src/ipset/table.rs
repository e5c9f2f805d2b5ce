//! Entries by what they are about. A look-up tries each length of prefix that the table has, the most specific first, and
//! costs no more however many entries there are.

use rustc_hash::FxHashMap;

use super::element::Key;

/// Entries of one set.
#[derive(Debug, Clone)]
pub(super) struct Table<V> {
    entries: FxHashMap<Key, V>,
    /// The lengths of prefixes that entries have, the longest first; the first address counts before the second.
    lengths: Vec<[u8; 2]>,
    /// Bits of an address.
    width: u8,
}

impl<V> Table<V> {
    pub(super) fn new(width: u8) -> Self {
        Self { entries: FxHashMap::default(), lengths: Vec::new(), width }
    }

    /// The entry of `key`, made if it is not there.
    pub(super) fn entry(&mut self, key: Key) -> &mut V
    where
        V: Default,
    {
        if let Err(place) = self.lengths.binary_search_by(|length| key.lengths.cmp(length)) {
            self.lengths.insert(place, key.lengths);
        }
        self.entries.entry(key).or_default()
    }

    /// Every entry that covers `key`, the most specific first.
    pub(super) fn covering(&self, key: Key) -> impl Iterator<Item = &V> {
        self.lengths.iter().filter_map(move |lengths| self.entries.get(&key.within(*lengths, self.width)))
    }

    /// Every entry, by lengths of prefixes, the least specific first; otherwise in no order.
    pub(super) fn ascending(&self) -> Vec<(&Key, &V)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_unstable_by_key(|(key, _)| **key);
        entries.sort_by_key(|(key, _)| key.lengths);
        entries
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) const fn width(&self) -> u8 {
        self.width
    }
}
