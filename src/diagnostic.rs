//! The one shape of every problem that kpt tells about its input: a code, a place, a reason and a way out.
//!
//! A message is lower case without a full stop, the user's words stand in backticks, the first label is the place,
//! the second the reason, and the help is something to do. `docs/diagnostics.md` has a line for every code.

use std::fmt;

use miette::{LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::source::{Source, Span};

/// What kind of problem it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A line that is none of those that `iptables-save`, `iptables -S` or `iptables -L` print.
    UnknownLine,
    /// A table that Linux does not have.
    UnknownTable,
    /// The same table twice in one input.
    RepeatedTable,
    /// A table that ends without `COMMIT`.
    Truncated,
    /// A quote that is not closed.
    OpenQuote,
    /// A rule line that cannot be understood as one.
    BadRule,
    /// An option that its extension does not have.
    UnknownOption,
    /// A value that its option does not take.
    BadValue,
    /// A target that is neither a chain of the table nor known.
    UnknownTarget,
    /// Chains that jump to each other in a circle.
    ChainLoop,
    /// Nothing to read in the input.
    Empty,
    /// A file of facts (addresses, routes, sets) that cannot be used.
    BadFacts,
    /// A fact that was given and that nothing asks for.
    UnaskedFact,
    /// A line that `ipset save` does not print.
    BadSetLine,
    /// A type of set that kpt does not know.
    UnknownSetType,
    /// A set that is created a second time.
    RepeatedSet,
    /// An entry that does not fit its set's type.
    BadEntry,
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 17] = [
        Self::UnknownLine,
        Self::UnknownTable,
        Self::RepeatedTable,
        Self::Truncated,
        Self::OpenQuote,
        Self::BadRule,
        Self::UnknownOption,
        Self::BadValue,
        Self::UnknownTarget,
        Self::ChainLoop,
        Self::Empty,
        Self::BadFacts,
        Self::UnaskedFact,
        Self::BadSetLine,
        Self::UnknownSetType,
        Self::RepeatedSet,
        Self::BadEntry,
    ];

    /// The code as it is printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UnknownLine => "kpt::read::unknown-line",
            Self::UnknownTable => "kpt::read::unknown-table",
            Self::RepeatedTable => "kpt::read::repeated-table",
            Self::Truncated => "kpt::read::truncated",
            Self::OpenQuote => "kpt::read::open-quote",
            Self::BadRule => "kpt::read::bad-rule",
            Self::UnknownOption => "kpt::read::unknown-option",
            Self::BadValue => "kpt::read::bad-value",
            Self::UnknownTarget => "kpt::read::unknown-target",
            Self::ChainLoop => "kpt::rules::chain-loop",
            Self::Empty => "kpt::read::empty",
            Self::BadFacts => "kpt::facts::bad-file",
            Self::UnaskedFact => "kpt::facts::unasked",
            Self::BadSetLine => "kpt::ipset::bad-line",
            Self::UnknownSetType => "kpt::ipset::unknown-type",
            Self::RepeatedSet => "kpt::ipset::repeated-set",
            Self::BadEntry => "kpt::ipset::bad-entry",
        }
    }

    const fn severity(self) -> miette::Severity {
        match self {
            Self::ChainLoop | Self::Empty | Self::BadFacts => miette::Severity::Error,
            _ => miette::Severity::Warning,
        }
    }
}

/// A problem, without the text it is about: [`Located`] joins the two for printing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    code: Code,
    message: String,
    labels: Vec<(Span, String)>,
    help: Option<String>,
}

impl Diagnostic {
    /// A problem of this kind; `message` is lower case, without a full stop.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None }
    }

    /// Points at `span`; the first call names the place, later ones reasons.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// What kind of problem it is.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Where it is: the first label's span.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|(span, _)| *span)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// A [`Diagnostic`] beside the text it is about, ready to be printed by miette.
#[derive(Debug)]
pub struct Located<'s> {
    diagnostic: &'s Diagnostic,
    text: Context<'s>,
}

impl<'s> Located<'s> {
    /// Joins a problem and its source.
    pub const fn new(diagnostic: &'s Diagnostic, source: &'s Source) -> Self {
        Self { diagnostic, text: Context(source) }
    }
}

impl fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.diagnostic.fmt(f)
    }
}

impl std::error::Error for Located<'_> {}

impl miette::Diagnostic for Located<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.diagnostic.code.name()))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(self.diagnostic.code.severity())
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        (!self.diagnostic.labels.is_empty()).then_some(&self.text as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labels = self
            .diagnostic
            .labels
            .iter()
            .map(|(span, label)| LabeledSpan::new(Some(label.clone()), span.start as usize, span.len as usize));
        Some(Box::new(labels))
    }
}

/// A source as miette asks for it. miette's own `str` walks the text from its first byte for every label; this finds
/// the lines around a span, which matters in a dump of a million lines.
#[derive(Debug)]
struct Context<'s>(&'s Source);

impl SourceCode for Context<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        _lines_before: usize,
        _lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let offset = u32::try_from(span.offset()).map_err(|_| MietteError::OutOfBounds)?;
        let (start, first) = self.0.line_text(offset);
        let end = (start as usize + first.len()).max(span.offset() + span.len());
        let text = self.0.text().get(start as usize..end).ok_or(MietteError::OutOfBounds)?;
        let contents = MietteSpanContents::new_named(
            self.0.name().to_owned(),
            text.as_bytes(),
            (start as usize, text.len()).into(),
            self.0.line_at(offset) - 1,
            0,
            text.lines().count(),
        );
        Ok(Box::new(contents))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }

    #[test]
    fn it_prints_its_line() {
        let source = Source::new("node.rules", b"*nat\n-A X -j Y\nCOMMIT\n".to_vec());
        let diagnostic = Diagnostic::new(Code::UnknownTarget, "`Y` is neither a chain nor a target")
            .at(Span::new(13, 1), "not declared in this table")
            .help("declare the chain with `:Y - [0:0]`");
        let mut text = String::new();
        miette::NarratableReportHandler::new().render_report(&mut text, &Located::new(&diagnostic, &source)).unwrap();
        insta::assert_snapshot!(text, @"
        `Y` is neither a chain nor a target
            Diagnostic severity: warning
        Begin snippet for node.rules starting at line 2, column 1

        snippet line 2: -A X -j Y
            label at line 2, column 9: not declared in this table
        diagnostic help: declare the chain with `:Y - [0:0]`
        diagnostic code: kpt::read::unknown-target
        ");
    }
}
