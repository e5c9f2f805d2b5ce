//! A place in a source and what is said of it, with the piece of its line that is shown.
//!
//! A line may be megabytes long, and whatever in it could steer a terminal is shown as a sign of the same length.

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{Source, Span, is_invisible, undecoded_byte};

/// Bytes of a line that are shown before a label and behind its beginning.
const AROUND: u32 = 400;
/// Bytes that a label marks at most.
const MARKED: u32 = 200;

/// Several places, which need their source no more.
#[derive(Debug, Clone, Default)]
pub struct Labels(pub Vec<Label>);

impl Labels {
    /// Themselves, as miette asks for the text; `None` if there are none.
    pub fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.0.is_empty()).then_some(self as &dyn SourceCode)
    }

    /// What is marked, as miette asks for it.
    pub fn spans(&self) -> Box<dyn Iterator<Item = LabeledSpan> + '_> {
        Box::new(self.0.iter().map(|label| {
            LabeledSpan::new(Some(label.text.clone()), label.marked.start as usize, label.marked.len as usize)
        }))
    }
}

/// A place and what is said of it.
#[derive(Debug, Clone)]
pub struct Label {
    /// What is said.
    pub text: String,
    /// The file; empty for what kpt itself added.
    pub file: String,
    /// The 1-based line of the file.
    pub line: u32,
    /// The 1-based character of the line.
    pub column: usize,
    /// The piece of the line that is shown.
    pub shown: String,
    /// Where in the source that piece stands, and how far into its line.
    start: u32,
    skipped: u32,
    /// What is marked, in bytes of the source.
    marked: Span,
}

impl Label {
    /// Says `text` of what stands at `span`.
    pub fn new(span: Span, text: &str, source: &Source) -> Self {
        Self::on_line(source.line_at(span.start), span, text, source)
    }

    /// The same where the line of the whole is known: looking for it in a large source takes time.
    pub fn on_line(whole: u32, span: Span, text: &str, source: &Source) -> Self {
        let (line_start, line) = source.line_text(span.start);
        let line_end = Span::new(line_start as usize, line.len()).end();
        let start = source.character_at(span.start.saturating_sub(AROUND).max(line_start));
        let end = source.character_at(span.start.saturating_add(AROUND).min(line_end));
        let shown = source.slice(Span { start, len: end.saturating_sub(start) });
        let marked_end = source.character_at(span.end().min(span.start.saturating_add(MARKED)).min(end));
        let place = source.place(whole);
        let before = source.slice(Span { start: line_start, len: span.start.saturating_sub(line_start) });
        Self {
            text: harmless(text),
            file: place.map(|place| harmless(place.file)).unwrap_or_default(),
            line: place.map_or(whole, |place| place.line),
            column: before.chars().count() + 1,
            shown: harmless(shown.trim_ascii_end()),
            start,
            skipped: start.saturating_sub(line_start),
            marked: Span { start: span.start, len: marked_end.saturating_sub(span.start) },
        }
    }
}

/// Each label's line by itself: miette's own `str` walks the text from its first byte for every label.
impl SourceCode for Labels {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let holds = |label: &&Label| {
            let start = label.start as usize;
            span.offset() >= start && span.offset() + span.len() <= start + label.shown.len().max(1)
        };
        let label = self.0.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
        let contents = MietteSpanContents::new_named(
            label.file.clone(),
            label.shown.as_bytes(),
            (label.start as usize, label.shown.len()).into(),
            label.line.saturating_sub(1) as usize,
            label.skipped as usize,
            1,
        );
        Ok(Box::new(contents))
    }
}

/// The text with each character that could steer a terminal or mislead a reader replaced by one of the same length, so
/// that places stay where they are.
pub fn harmless(text: &str) -> String {
    let sign = |c: char| match c.len_utf8() {
        1 => '?',
        2 => '·',
        _ => char::REPLACEMENT_CHARACTER,
    };
    let is_harmless = |c: char| !c.is_control() && !is_invisible(c) && undecoded_byte(c).is_none();
    text.chars().map(|c| if is_harmless(c) || c == '\t' { c } else { sign(c) }).collect()
}
