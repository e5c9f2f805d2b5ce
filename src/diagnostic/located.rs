//! A problem beside the text it is about, as miette and the writers of plain text and JSON ask for it.
//!
//! A label shows a piece of its line: a line may be megabytes long, and whatever in it could steer a terminal is shown
//! as a sign of the same length.

use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{Source, Span, is_invisible, undecoded_byte};

use super::{Diagnostic, Severity};

/// Bytes of a line that are shown before a label and behind its beginning.
const AROUND: u32 = 400;
/// Bytes that a label marks at most.
const MARKED: u32 = 200;

/// A [`Diagnostic`] with what it shows of its source.
#[derive(Debug)]
pub struct Located<'d> {
    diagnostic: &'d Diagnostic,
    labels: Vec<Label>,
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

impl<'d> Located<'d> {
    /// Joins a problem and its source.
    pub fn new(diagnostic: &'d Diagnostic, source: &Source) -> Self {
        let labels = diagnostic.labels.iter().map(|(span, text)| Label::new(*span, text, source)).collect();
        Self { diagnostic, labels }
    }

    /// The problem.
    pub const fn diagnostic(&self) -> &'d Diagnostic {
        self.diagnostic
    }

    /// Its places; the first is where it is.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// What to do.
    pub fn help(&self) -> Option<String> {
        self.diagnostic.help.as_deref().map(harmless)
    }
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

/// The text with each character that could steer a terminal or mislead a reader replaced by one of the same length, so
/// that places stay where they are.
fn harmless(text: &str) -> String {
    let sign = |c: char| match c.len_utf8() {
        1 => '?',
        2 => '·',
        _ => char::REPLACEMENT_CHARACTER,
    };
    let is_harmless = |c: char| !c.is_control() && !is_invisible(c) && undecoded_byte(c).is_none();
    text.chars().map(|c| if is_harmless(c) || c == '\t' { c } else { sign(c) }).collect()
}

impl fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&harmless(&self.diagnostic.message))
    }
}

impl std::error::Error for Located<'_> {}

impl miette::Diagnostic for Located<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code.name()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.code.severity() {
            Severity::Advice => miette::Severity::Advice,
            Severity::Warning => miette::Severity::Warning,
            Severity::Error => miette::Severity::Error,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Self::help(self).map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.labels.is_empty()).then_some(self as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self.labels.iter().map(|label| {
            LabeledSpan::new(Some(label.text.clone()), label.marked.start as usize, label.marked.len as usize)
        });
        Some(Box::new(labels))
    }
}

/// Each label's line by itself: miette's own `str` walks the text from its first byte for every label.
impl SourceCode for Located<'_> {
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
        let label = self.labels.iter().find(holds).ok_or(MietteError::OutOfBounds)?;
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

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;

    fn narrated(diagnostic: &Diagnostic, source: &Source) -> String {
        let mut text = String::new();
        miette::NarratableReportHandler::new().render_report(&mut text, &Located::new(diagnostic, source)).unwrap();
        text
    }

    #[test]
    fn it_prints_its_line() {
        let source = Source::new("node.rules", b"*nat\n-A X -j Y\nCOMMIT\n".to_vec());
        let diagnostic = Diagnostic::new(Code::UnknownTarget, "`Y` is neither a chain nor a target")
            .at(Span::new(13, 1), "not declared in this table")
            .help("declare the chain with `:Y - [0:0]`");
        insta::assert_snapshot!(narrated(&diagnostic, &source), @"
        `Y` is neither a chain nor a target
            Diagnostic severity: warning
        Begin snippet for node.rules starting at line 2, column 1

        snippet line 2: -A X -j Y
            label at line 2, column 9: not declared in this table
        diagnostic help: declare the chain with `:Y - [0:0]`
        diagnostic code: kpt::read::unknown-target
        ");
    }

    #[test]
    fn a_line_of_megabytes_is_shown_in_part_and_does_not_steer_the_terminal() {
        let line = format!("{}\x1b[2J\u{202E}x\u{9b}{}", "a".repeat(1 << 20), "b".repeat(1 << 20));
        let source = Source::new("x", line.into_bytes());
        let diagnostic = Diagnostic::new(Code::BadRule, "a\x1b").at(Span::new(1 << 20, 1 << 20), "here\r");
        let text = narrated(&diagnostic, &source);
        assert!(text.len() < 2000, "{}", text.len());
        assert!(text.contains("aaa?[2J\u{FFFD}x·bbb"), "{text}");
        assert!(!text.contains(['\x1b', '\r', '\u{202E}', '\u{9b}']), "{text}");
    }

    #[test]
    fn places_are_those_of_the_file() {
        let source = Source::join([Source::new("a", b"x\n".to_vec()), Source::new("b", "éé here\n".into())]);
        let diagnostic = Diagnostic::new(Code::BadRule, "no").at(Span::new(7, 4), "here");
        let located = Located::new(&diagnostic, &source);
        let label = &located.labels()[0];
        assert_eq!((label.file.as_str(), label.line, label.column), ("b", 1, 4));
    }
}
