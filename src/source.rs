//! The text of a dump, and where in it something stands.
//!
//! Everything that kpt reads borrows from a [`Source`]. A dump is text for all but a few comments, so it is held as
//! `str`; a byte that is not UTF-8 is carried as one private-use character and shown as `\xNN`, so no byte is lost.

use std::path::Path;
use std::{fs, io};

/// The largest input that is read, in bytes: positions are 32 bits wide.
pub const MAX_BYTES: usize = u32::MAX as usize;

/// The private-use characters that stand for the bytes 0x80 to 0xff where those are not UTF-8.
const UNDECODED: std::ops::RangeInclusive<u32> = 0xF780..=0xF7FF;

/// A piece of a source: byte offset and length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// Offset of the first byte.
    pub start: u32,
    /// Length in bytes.
    pub len: u32,
}

impl Span {
    /// The span of `part`, which must be a slice of `whole`; an empty span at 0 if it is not.
    pub fn of(part: &str, whole: &str) -> Self {
        let inside = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize);
        match inside {
            Some(start) if start + part.len() <= whole.len() => Self::new(start, part.len()),
            _ => Self::default(),
        }
    }

    /// A span from byte `start`, `len` bytes long.
    pub fn new(start: usize, len: usize) -> Self {
        let narrow = |n| u32::try_from(n).unwrap_or(u32::MAX);
        Self { start: narrow(start), len: narrow(len) }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        let end = (self.start + self.len).max(last.start + last.len);
        let start = self.start.min(last.start);
        Self { start, len: end - start }
    }
}

/// A named text.
#[derive(Debug, Clone)]
pub struct Source {
    name: String,
    text: String,
    /// Lines that the input had itself; those after them were added.
    own_lines: u32,
}

impl Source {
    /// Takes the bytes of a dump; `name` is what diagnostics and answers call it.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let text = String::from_utf8(bytes).unwrap_or_else(|error| undecoded(error.as_bytes()));
        Self { name: name.into(), text, own_lines: u32::MAX }
    }

    /// The same with lines added at its end, which are not the input's own.
    #[must_use]
    pub fn with_added(mut self, lines: &str) -> Self {
        self.own_lines =
            u32::try_from(memchr::memchr_iter(b'\n', self.text.as_bytes()).count() + 1).unwrap_or(u32::MAX);
        self.text.push('\n');
        self.text.push_str(lines);
        self
    }

    /// How many lines are the input's own; [`u32::MAX`] if all are.
    pub const fn own_lines(&self) -> u32 {
        self.own_lines
    }

    /// Reads a file, whole.
    pub fn open(path: &Path) -> io::Result<Self> {
        let bytes = fs::read(path)?;
        if bytes.len() > MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 4 GiB"));
        }
        Ok(Self::new(path.display().to_string(), bytes))
    }

    /// What the source is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text, whole.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text of a span; empty if the span is not inside this source.
    pub fn slice(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.text.get(start..start + span.len as usize).unwrap_or_default()
    }

    /// The 1-based line that a byte stands in.
    pub fn line_at(&self, offset: u32) -> usize {
        let before = self.text.as_bytes().get(..offset as usize).unwrap_or(self.text.as_bytes());
        memchr::memchr_iter(b'\n', before).count() + 1
    }

    /// The offset of the first byte of the line that `offset` stands in, and the text of that line.
    pub fn line_text(&self, offset: u32) -> (u32, &str) {
        let at = (offset as usize).min(self.text.len());
        let (before, after) = self.text.split_at_checked(at).unwrap_or((&self.text, ""));
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end = at + after.find('\n').unwrap_or(after.len());
        let text = self.text.get(start..end).unwrap_or_default();
        (u32::try_from(start).unwrap_or(u32::MAX), text)
    }
}

/// `bytes` as text, with each byte that is not UTF-8 as a private-use character.
fn undecoded(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().filter_map(|&byte| char::from_u32(0xF700 + u32::from(byte))));
    }
    text
}

/// The byte that `character` stands for, if it is one that [`Source`] made from a byte that is not UTF-8.
pub fn undecoded_byte(character: char) -> Option<u8> {
    let code = u32::from(character);
    UNDECODED.contains(&code).then(|| (code & 0xff).try_into().unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_that_is_not_utf8_is_kept() {
        let source = Source::new("x", b"a\xC5\xFFb".to_vec());
        let bytes: Vec<_> = source.text().chars().filter_map(undecoded_byte).collect();
        assert_eq!(bytes, [0xC5, 0xFF]);
        assert!(source.text().starts_with('a') && source.text().ends_with('b'));
    }

    #[test]
    fn lines_are_counted_from_one() {
        let source = Source::new("x", b"one\ntwo\nthree".to_vec());
        assert_eq!(source.line_at(0), 1);
        assert_eq!(source.line_at(4), 2);
        assert_eq!(source.line_text(5), (4, "two"));
        assert_eq!(source.line_text(13), (8, "three"));
        assert_eq!(source.line_at(999), 3);
    }

    #[test]
    fn spans_join() {
        let text = "one two three";
        let (first, last) = (Span::of(text.get(4..7).unwrap(), text), Span::of(text.get(8..).unwrap(), text));
        assert_eq!(first.to(last), Span { start: 4, len: 9 });
        assert_eq!(Span::of("elsewhere", text), Span::default());
    }
}
