//! The files that a source was put together from.

use std::fmt;

/// A file within a source.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    /// Offset of its first byte.
    pub(super) start: u32,
    /// The line of the whole that is its first.
    pub(super) line: u32,
    pub(super) held: Held,
}

/// How a file held its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// As text, perhaps packed.
    Plain,
    /// In strings of JSON; its lines are those of the strings.
    InJson,
    /// Packed, and the end of the packed file is missing.
    CutArchive,
    /// It is no file: kpt knows these lines itself.
    Added,
}

/// A line of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'s> {
    /// What the file is called.
    pub file: &'s str,
    /// The 1-based line.
    pub line: u32,
    /// There are other files too.
    pub several: bool,
}

impl fmt::Display for Place<'_> {
    /// `:12`, and with the name of the file where there are several.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.several {
            f.write_str(self.file)?;
        }
        write!(f, ":{}", self.line)
    }
}
