//! What the scan has met, told at its end: each kind of thing once, with how often it was met.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Problems that are told one by one, at most.
const TOLD: usize = 1000;

/// What is told once for all its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Lines that iptables does not print.
    Unknown,
    /// Lines behind a prefix.
    Prefixed,
    /// Lines of a diff that are no more.
    OldSide,
    /// Lines of a diff that are new, or of a mail.
    NewSide,
    /// `...`
    Elided,
    /// Rules that go on in the next line.
    Wrapped,
    /// Rules that stand twice in a fragment.
    Repeated,
}

/// One kind, its first place, and how many there are.
#[derive(Debug)]
struct Tally {
    kind: Kind,
    first: Span,
    count: usize,
}

/// Problems in the order in which they were met.
#[derive(Debug, Default)]
pub(super) struct Notices {
    tallies: Vec<Tally>,
    problems: Vec<Diagnostic>,
    more: usize,
}

impl Notices {
    /// Counts one more of a kind.
    pub(super) fn count(&mut self, kind: Kind, at: Span) {
        match self.tallies.iter_mut().find(|tally| tally.kind == kind) {
            Some(tally) => tally.count += 1,
            None => self.tallies.push(Tally { kind, first: at, count: 1 }),
        }
    }

    /// Tells a problem of its own.
    pub(super) fn tell(&mut self, problem: Diagnostic) {
        if self.problems.len() < TOLD {
            self.problems.push(problem);
        } else {
            self.more += 1;
        }
    }

    /// Everything, in the order of the text.
    pub(super) fn finish(self) -> Vec<Diagnostic> {
        let mut all = self.problems;
        let is_diff = self.tallies.iter().any(|tally| tally.kind == Kind::OldSide);
        let told = self.tallies.iter().filter(|tally| !(is_diff && tally.kind == Kind::NewSide));
        all.extend(told.map(Tally::diagnostic));
        all.sort_by_key(|problem| problem.span().unwrap_or_default());
        if self.more > 0 {
            all.push(Diagnostic::new(Code::MalformedLine, format!("{} more lines are wrong in such ways", self.more)));
        }
        all
    }
}

impl Tally {
    fn diagnostic(&self) -> Diagnostic {
        let lines = |one: &str, many: &str| match self.count {
            1 => format!("a line {one}"),
            count => format!("{count} lines {many}"),
        };
        let first =
            |label: &str| if self.count == 1 { label.to_owned() } else { format!("the first of them: {label}") };
        match self.kind {
            Kind::Unknown => Diagnostic::new(
                Code::UnknownLine,
                lines("is not one that iptables prints", "are none that iptables prints"),
            )
            .at(self.first, first("left out"))
            .help("kpt reads the output of `iptables-save`, `iptables -S` and `iptables -L -n -v`"),
            Kind::Prefixed | Kind::NewSide => Diagnostic::new(
                Code::Prefixed,
                lines("has something in front of it", "have something in front of them"),
            )
            .at(self.first, first("this is left out, the rest of the line is read"))
            .help("nothing is lost if it is a log's, a mail's or grep's"),
            Kind::OldSide => {
                Diagnostic::new(Code::Diff, "this is a diff; the rules are read as they are after it".to_owned())
                    .at(self.first, first("a line of before, left out"))
                    .help("the dump of each side, whole, tells more")
            }
            Kind::Elided => Diagnostic::new(Code::Elided, "lines were left out of this dump".to_owned())
                .at(self.first, first("rules may be missing here"))
                .help("what is not shown cannot be told; give the dump whole"),
            Kind::Wrapped => Diagnostic::new(Code::Wrapped, lines("goes on in the next one", "go on in the next one"))
                .at(self.first, first("read as one rule with what follows"))
                .help("a dump that is written to a file has each rule in one line"),
            Kind::Repeated => Diagnostic::new(
                Code::RepeatedRules,
                lines("repeats a rule of its chain", "repeat rules of their chains"),
            )
            .at(self.first, first("taken to be the same rule, as in the output of two greps"))
            .help("if the rules really are there twice, give the dump whole, with its `*table` lines"),
        }
    }
}
