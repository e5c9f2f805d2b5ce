//! A piece of a text.

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
        Self { start: super::narrow(start), len: super::narrow(len) }
    }

    /// The first byte behind it.
    pub const fn end(self) -> u32 {
        self.start.saturating_add(self.len)
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn to(self, last: Self) -> Self {
        let start = self.start.min(last.start);
        Self { start, len: self.end().max(last.end()) - start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_join() {
        let text = "one two three";
        let (first, last) = (Span::of(text.get(4..7).unwrap(), text), Span::of(text.get(8..).unwrap(), text));
        assert_eq!(first.to(last), Span { start: 4, len: 9 });
        assert_eq!(Span::of("elsewhere", text), Span::default());
    }
}
