//! A problem beside the text it is about, as miette and the writers of plain text and JSON ask for it.

use std::fmt;

use miette::{LabeledSpan, SourceCode};

use crate::source::Source;

use super::label::{Label, Labels, harmless};
use super::{Diagnostic, Severity};

/// A [`Diagnostic`] with what it shows of its source.
#[derive(Debug)]
pub struct Located<'d> {
    diagnostic: &'d Diagnostic,
    labels: Labels,
}

impl<'d> Located<'d> {
    /// Joins a problem and its source.
    pub fn new(diagnostic: &'d Diagnostic, source: &Source) -> Self {
        let labels = diagnostic.labels.iter().map(|(span, text)| Label::new(*span, text, source)).collect();
        Self { diagnostic, labels: Labels(labels) }
    }

    /// Joins a problem and its places, where its source is gone.
    pub const fn with_labels(diagnostic: &'d Diagnostic, labels: Labels) -> Self {
        Self { diagnostic, labels }
    }

    /// Its places, to be kept where its source is not.
    pub fn into_labels(self) -> Labels {
        self.labels
    }

    /// The problem.
    pub const fn diagnostic(&self) -> &'d Diagnostic {
        self.diagnostic
    }

    /// Its places; the first is where it is.
    pub fn labels(&self) -> &[Label] {
        &self.labels.0
    }

    /// What to do.
    pub fn help(&self) -> Option<String> {
        self.diagnostic.help.as_deref().map(harmless)
    }
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
        self.labels.source_code()
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(self.labels.spans())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Code;
    use super::*;
    use crate::source::Span;

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
