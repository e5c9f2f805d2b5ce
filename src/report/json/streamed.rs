//! Lists that are made while they are written, so that a long one is never held.

use std::cell::Cell;

use serde::{Serialize, Serializer};

/// What an iterator gives, as a list. It can be written once; a second time it is empty.
pub(super) struct Streamed<I>(Cell<Option<I>>);

impl<I> Streamed<I> {
    /// Takes what is to be written.
    pub(super) const fn new(items: I) -> Self {
        Self(Cell::new(Some(items)))
    }
}

impl<I: IntoIterator<Item: Serialize>> Serialize for Streamed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.take().into_iter().flatten())
    }
}
