//! One line of `ipset save` -> its words. A comment stands in quotes and holds none; there are no escapes.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// A word and where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) span: Span,
}

/// The words of a line, one after the other.
pub(super) struct Words<'t> {
    rest: &'t str,
    /// Where `rest` starts in the file.
    start: usize,
}

impl<'t> Words<'t> {
    /// The words of `line`, which starts at byte `start` of its file.
    pub(super) const fn new(line: &'t str, start: usize) -> Self {
        Self { rest: line, start }
    }

    /// The next word, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Word<'t>>, Diagnostic> {
        let text = self.rest.trim_ascii_start();
        self.start += self.rest.len() - text.len();
        self.rest = text;
        if text.is_empty() {
            return Ok(None);
        }
        let (word, length) = if let Some(inside) = text.strip_prefix('"') {
            let (word, _) = inside.split_once('"').ok_or_else(|| self.open_quote())?;
            (word, word.len() + 2)
        } else {
            let length = memchr::memchr2(b' ', b'\t', text.as_bytes()).unwrap_or(text.len());
            (text.get(..length).unwrap_or(text), length)
        };
        let span = Span::new(self.start, length);
        self.start += length;
        self.rest = text.get(length..).unwrap_or_default();
        Ok(Some(Word { text: word, span }))
    }

    /// The next word, which stands for `what` behind `after`.
    pub(super) fn value(&mut self, after: Word<'_>, what: &str) -> Result<Word<'t>, Diagnostic> {
        self.next()?.ok_or_else(|| {
            Diagnostic::new(Code::BadSetLine, format!("nothing follows `{}`", after.text))
                .at(after.span, format!("needs {what}"))
                .help("the line may be cut")
        })
    }

    fn open_quote(&self) -> Diagnostic {
        Diagnostic::new(Code::OpenQuote, "this quote is never closed")
            .at(Span::new(self.start, self.rest.len()), "the line ends inside it")
            .help("the line may be cut")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_comments() {
        let mut words = Words::new("add s 10.0.0.1 comment \"a \\ b\" timeout 0", 100);
        let mut read = Vec::new();
        while let Some(word) = words.next().unwrap() {
            read.push((word.text, word.span.start, word.span.len));
        }
        assert_eq!(read[3..], [("comment", 115, 7), ("a \\ b", 123, 7), ("timeout", 131, 7), ("0", 139, 1)]);
        assert_eq!(Words::new("\"cut", 0).next().unwrap_err().code(), Code::OpenQuote);
    }
}
