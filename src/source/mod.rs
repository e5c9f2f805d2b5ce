//! The text of dumps, and where in it something stands.
//!
//! Everything that kpt reads borrows from a [`Source`]. A dump is text for all but a few comments, so it is held as
//! `str`; a byte that is not UTF-8 is carried as one private-use character and shown as `\xNN`, so no byte is lost.

mod json_text;
mod part;
mod span;
mod text;
mod unpack;

pub use part::{Held, Place};
pub use span::Span;

use std::fs::File;
use std::io;
use std::path::Path;

use part::Part;
use text::{Contents, Text};

/// The largest input that is read, in bytes: positions are 32 bits wide.
pub const MAX_BYTES: usize = u32::MAX as usize;

/// The private-use characters that stand for the bytes 0x80 to 0xff where those are not UTF-8.
const UNDECODED: std::ops::RangeInclusive<u32> = 0xF780..=0xF7FF;

/// One or several named texts, one behind the other.
#[derive(Debug, Clone, Default)]
pub struct Source {
    text: Text,
    /// In the order of their places; the first begins at 0.
    parts: Vec<Part>,
}

impl Source {
    /// Takes the bytes of a dump, packed (gzip, zstd) or not, in UTF-8 or UTF-16, plain or in JSON strings. `name` is what
    /// diagnostics and answers call it.
    pub fn new(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let (bytes, cut) = unpack::unpack(bytes);
        let mut held = if cut { Held::CutArchive } else { Held::Plain };
        let mut text = String::from_utf8(bytes).unwrap_or_else(|error| undecoded(error.as_bytes()));
        if let Some(inside) = json_text::unwrapped(&text) {
            text = inside;
            held = Held::InJson;
        }
        Self::of_text(name.into(), Text::Held(text), held)
    }

    fn of_text(name: String, text: Text, held: Held) -> Self {
        Self { text, parts: vec![Part { name, start: 0, line: 1, held }] }
    }

    /// The same with lines at its end that are not the input's own.
    #[must_use]
    pub fn with_added(self, lines: &str) -> Self {
        let part = Part { name: String::new(), start: 0, line: 1, held: Held::Added };
        Self::join([self, Self { text: Text::Held(lines.to_owned()), parts: vec![part] }])
    }

    /// All of them as one.
    pub fn join(sources: impl IntoIterator<Item = Self>) -> Self {
        let mut sources = sources.into_iter();
        let mut joined = sources.next().unwrap_or_default();
        for source in sources {
            if !joined.text.is_empty() && !joined.text.ends_with('\n') {
                joined.text.push_str("\n");
            }
            let start = narrow(joined.text.len());
            let line = narrow(newlines(&joined.text));
            joined.text.push_str(&source.text);
            let moved = |part: Part| Part { start: part.start + start, line: part.line + line, ..part };
            joined.parts.extend(source.parts.into_iter().map(moved));
        }
        joined
    }

    /// Reads a file, whole. A large one is not copied.
    pub fn open(path: &Path) -> io::Result<Self> {
        Self::of_file(path.display().to_string(), File::open(path)?)
    }

    /// Reads an open file, from where it is read next.
    pub fn of_file(name: impl Into<String>, file: File) -> io::Result<Self> {
        let contents = Contents::of(file)?;
        let length = match &contents {
            Contents::Bytes(bytes) => bytes.len(),
            Contents::Text(text) => text.len(),
        };
        if length > MAX_BYTES {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "larger than 4 GiB"));
        }
        Ok(match contents {
            Contents::Text(text) => match json_text::unwrapped(&text) {
                None => Self::of_text(name.into(), text, Held::Plain),
                Some(inside) => Self::of_text(name.into(), Text::Held(inside), Held::InJson),
            },
            Contents::Bytes(bytes) => Self::new(name, bytes),
        })
    }

    /// What its parts are called.
    pub fn name(&self) -> String {
        let own = self.parts.iter().filter(|part| part.held != Held::Added);
        own.map(|part| part.name.as_str()).collect::<Vec<_>>().join(", ")
    }

    /// The text, whole.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where each part stands, and how it was held.
    pub fn parts(&self) -> impl Iterator<Item = (Span, Held)> {
        let ends = self.parts.iter().skip(1).map(|part| part.start).chain([narrow(self.text.len())]);
        self.parts.iter().zip(ends).map(|(part, end)| (Span { start: part.start, len: end - part.start }, part.held))
    }

    /// Does it have lines that are not the input's own?
    pub fn has_added(&self) -> bool {
        self.parts.iter().any(|part| part.held == Held::Added)
    }

    /// The file of a line of the whole, and its 1-based line there; `None` for a line that was added.
    pub fn place(&self, line: u32) -> Option<Place<'_>> {
        let part = self.parts.iter().rev().find(|part| part.line <= line)?;
        let several = self.parts.iter().filter(|part| part.held != Held::Added).nth(1).is_some();
        (part.held != Held::Added).then(|| Place { file: &part.name, line: line - part.line + 1, several })
    }

    /// The text of a span; empty if the span is not inside this source.
    pub fn slice(&self, span: Span) -> &str {
        let start = span.start as usize;
        self.text.get(start..start + span.len as usize).unwrap_or_default()
    }

    /// The offset of the character that this byte belongs to; the end, if it is behind it.
    pub fn character_at(&self, offset: u32) -> u32 {
        narrow(self.text.floor_char_boundary(offset as usize))
    }

    /// The 1-based line of the whole that a byte stands in.
    pub fn line_at(&self, offset: u32) -> u32 {
        narrow(newlines(self.text.get(..offset as usize).unwrap_or(&self.text)) + 1)
    }

    /// The offset of the first byte of the line that `offset` stands in, and the text of that line.
    pub fn line_text(&self, offset: u32) -> (u32, &str) {
        let at = (offset as usize).min(self.text.len());
        let (before, after) = self.text.split_at_checked(at).unwrap_or((&self.text, ""));
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let end = at + after.find('\n').unwrap_or(after.len());
        (narrow(start), self.text.get(start..end).unwrap_or_default())
    }
}

fn newlines(text: &str) -> usize {
    memchr::memchr_iter(b'\n', text.as_bytes()).count()
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
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

/// Is it a mark of direction, a joiner (Unicode 15, "Bidi_Control" and zero-width characters) or a line separator?
pub const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(name: &str, text: &str) -> Source {
        Source::new(name, text.as_bytes().to_vec())
    }

    fn place(source: &Source, line: u32) -> Option<(&str, u32)> {
        source.place(line).map(|place| (place.file, place.line))
    }

    #[test]
    fn a_byte_that_is_not_utf8_is_kept() {
        let source = Source::new("x", b"a\xC5\xFFb".to_vec());
        let bytes: Vec<_> = source.text().chars().filter_map(undecoded_byte).collect();
        assert_eq!(bytes, [0xC5, 0xFF]);
        assert!(source.text().starts_with('a') && source.text().ends_with('b'));
    }

    #[test]
    fn lines_are_counted_from_one() {
        let source = source("x", "one\ntwo\nthree");
        assert_eq!(source.line_at(0), 1);
        assert_eq!(source.line_at(4), 2);
        assert_eq!(source.line_text(5), (4, "two"));
        assert_eq!(source.line_text(13), (8, "three"));
        assert_eq!(source.line_at(999), 3);
    }

    #[test]
    fn each_file_counts_its_own_lines() {
        let both = Source::join([source("v4", "one\ntwo"), source("v6", "eins\nzwei\n")]).with_added("more\n");
        assert_eq!(both.text(), "one\ntwo\neins\nzwei\nmore\n");
        assert_eq!(both.name(), "v4, v6");
        assert_eq!(
            [1, 2, 3, 4, 5].map(|line| place(&both, line)),
            [Some(("v4", 1)), Some(("v4", 2)), Some(("v6", 1)), Some(("v6", 2)), None,]
        );
        let spans: Vec<_> = both.parts().map(|(span, _)| both.slice(span)).collect();
        assert_eq!(spans, ["one\ntwo\n", "eins\nzwei\n", "more\n"]);
    }

    #[test]
    fn a_place_names_its_file_where_there_are_several() {
        let one = source("v4", "one\n").with_added("more\n");
        assert_eq!(one.place(1).map(|place| place.to_string()), Some(":1".into()));
        let two = Source::join([source("v4", "one\n"), source("v6", "two\n")]);
        assert_eq!(two.place(2).map(|place| place.to_string()), Some("v6:1".into()));
    }
}
