//! The lines of a text, one after the other; those of a long text are read on a thread of their own, some way ahead.
//!
//! To find the end of a line and what it is takes about as long as to do what it says, so that two threads halve the time.

use std::sync::mpsc;
use std::thread;

use crate::save::document::{RuleAt, logical_line};
use crate::save::line::Line;
use crate::source::Span;

use super::narrow;

/// Texts below this size, in bytes, are read on one thread.
const LONG: usize = 1 << 20;
/// Lines that are handed over at once: few enough that their memory is used again and again.
const BATCH: usize = 1024;
/// Batches that wait to be taken.
const AHEAD: usize = 16;

/// A line with those that it is wrapped onto.
pub(super) struct Read<'t> {
    pub(super) line: Line<'t>,
    pub(super) whole: &'t str,
    pub(super) at: RuleAt,
    /// The number of the line behind it.
    pub(super) next: u32,
}

/// The lines of a part of a text.
pub(super) struct Lines<'t> {
    text: &'t str,
    start: usize,
    end: usize,
    line: u32,
    /// The chain of the rule before.
    chain: &'t str,
}

impl<'t> Lines<'t> {
    /// The lines of the part that is `within`, the first of which has this number.
    pub(super) const fn new(text: &'t str, within: Span, line: u32) -> Self {
        Self { text, start: within.start as usize, end: within.end() as usize, line, chain: "" }
    }

    /// Takes each of them.
    pub(super) fn each(self, take: impl FnMut(Read<'t>)) {
        if self.end - self.start < LONG { self.for_each(take) } else { ahead(self, take) }
    }
}

impl<'t> Iterator for Lines<'t> {
    type Item = Read<'t>;

    fn next(&mut self) -> Option<Read<'t>> {
        let rest = self.text.get(self.start..self.end).filter(|rest| !rest.is_empty())?;
        let (length, lines) = logical_line(rest);
        let whole = rest.get(..length).unwrap_or(rest);
        let at = RuleAt { start: narrow(self.start), len: narrow(length), line: self.line };
        self.start += length + 1;
        self.line += lines;
        let line = match Line::read(whole) {
            // The very same name, so that whoever takes it knows without another look at the text.
            Line::Rule(chain) if chain == self.chain => Line::Rule(self.chain),
            line => line,
        };
        if let Line::Rule(chain) = line {
            self.chain = chain;
        }
        Some(Read { line, whole, at, next: self.line })
    }
}

/// Takes each of the items, which another thread makes.
fn ahead<T: Send>(mut items: impl Iterator<Item = T> + Send, take: impl FnMut(T)) {
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::sync_channel(AHEAD);
        scope.spawn(move || {
            loop {
                let batch: Vec<T> = items.by_ref().take(BATCH).collect();
                if batch.is_empty() || sender.send(batch).is_err() {
                    return;
                }
            }
        });
        receiver.into_iter().flatten().for_each(take);
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_ahead_is_the_same() {
        let text = "*nat\n-A X \\\n  -j Y\n\n# a comment\n".repeat(LONG / 16);
        let shown = |read: Read<'_>| (format!("{:?}", read.line), read.whole.to_owned(), read.at, read.next);
        let within = Span::new(0, text.len());
        let one_by_one: Vec<_> = Lines::new(&text, within, 1).map(shown).collect();
        let mut in_batches = Vec::new();
        Lines::new(&text, within, 1).each(|read| in_batches.push(shown(read)));
        assert_eq!(one_by_one, in_batches);
        assert_eq!(one_by_one.last().map(|(.., next)| *next as usize), Some(text.lines().count() + 1));
    }
}
