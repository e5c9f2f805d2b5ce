//! `# kpt: ignore[CODE] reason` above a rule, `# kpt: ignore-file[CODE]` above the first table, and `kpt:ignore=CODE` in the
//! comment of a rule, which alone is kept by the kernel.

use super::finding::Place;
use super::findings::Found;
use super::input::Input;
use super::select::Selector;
use crate::source::Span;

/// What a comment line begins with.
const COMMENT: &str = "# kpt: ignore";
/// What the comment of a rule holds.
const MATCH: &str = "kpt:ignore=";

/// A comment that suppresses.
#[derive(Debug, Clone)]
pub(super) struct Inline {
    codes: Vec<Selector>,
    /// What stands for no lint, and why.
    pub(super) unknown: Vec<(String, String)>,
    pub(super) reach: Reach,
    pub(super) reason: String,
    pub(super) place: Place,
    /// The line that it stands in.
    pub(super) line: u32,
}

/// What it covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reach {
    /// This line.
    Line(u32),
    /// The lines from one to another, which are a file.
    Lines(u32, u32),
    /// Nothing: it stands where it means nothing.
    Misplaced,
}

impl Inline {
    /// Does it cover this finding?
    pub(super) fn covers(&self, found: &Found) -> bool {
        let reaches = match self.reach {
            Reach::Line(line) => found.line == Some(line),
            Reach::Lines(first, last) => found.line.is_none_or(|line| (first..=last).contains(&line)),
            Reach::Misplaced => false,
        };
        reaches && self.codes.iter().any(|code| code.covers(found.lint.code))
    }

    /// Does it name only lints that there are?
    pub(super) fn is_known(&self) -> bool {
        self.unknown.is_empty()
    }

    pub(super) fn selectors(&self) -> impl Iterator<Item = &Selector> {
        self.codes.iter()
    }

    fn new(codes: &str, reach: Reach, reason: &str, (line, place): (u32, Place)) -> Self {
        let reason = reason.trim().to_owned();
        let mut inline = Self { codes: Vec::new(), unknown: Vec::new(), reach, reason, place, line };
        for code in codes.split(',').map(str::trim).filter(|code| !code.is_empty()) {
            match code.parse() {
                Ok(selector) => inline.codes.push(selector),
                Err(why) => inline.unknown.push((code.to_owned(), why)),
            }
        }
        inline
    }
}

/// Every comment of the input that suppresses.
pub(super) fn inline(input: &Input<'_, '_>) -> Vec<Inline> {
    let text = input.source.text();
    let mut all: Vec<Inline> = Vec::new();
    for at in memchr::memmem::find_iter(text.as_bytes(), COMMENT) {
        let (start, line) = input.source.line_text(u32::try_from(at).unwrap_or(u32::MAX));
        if start as usize == at {
            all.extend(comment_line(input, start, line));
        }
    }
    if memchr::memmem::find(text.as_bytes(), MATCH.as_bytes()).is_some() {
        for (id, rule) in input.all_rules() {
            let codes = rule.comments().filter_map(|comment| comment.split_once(MATCH));
            let inlines = codes.map(|(before, rest)| {
                let codes = rest.split_whitespace().next().unwrap_or_default();
                Inline::new(codes, Reach::Line(rule.line), before, (rule.line, Place::Rule(id)))
            });
            all.extend(inlines);
        }
    }
    all
}

/// `# kpt: ignore[CODE,…] reason` or `# kpt: ignore-file[CODE,…] reason`
fn comment_line(input: &Input<'_, '_>, start: u32, text: &str) -> Option<Inline> {
    let rest = text.strip_prefix(COMMENT)?;
    let (is_file, rest) = rest.strip_prefix("-file").map_or((false, rest), |rest| (true, rest));
    let (codes, reason) = rest.strip_prefix('[')?.split_once(']')?;
    let span = Span::new(start as usize, text.trim_ascii_end().len());
    let line = input.line_of(span);
    let reach = if is_file { file(input, span) } else { next_rule(input, line) };
    Some(Inline::new(codes, reach, reason, (line, Place::Span(span))))
}

/// The lines of the file that the comment stands in, if it stands above its first table.
fn file(input: &Input<'_, '_>, comment: Span) -> Reach {
    let mut parts = input.source.parts().map(|(span, _)| span);
    let Some(part) = parts.find(|part| part.start <= comment.start && comment.start < part.end()) else {
        return Reach::Misplaced;
    };
    let above = input.source.slice(Span { start: part.start, len: comment.start - part.start });
    if above.lines().any(|line| line.starts_with(['*', '-', '['])) {
        return Reach::Misplaced;
    }
    Reach::Lines(input.line_of(comment), input.line_of(Span { start: part.end().saturating_sub(1), len: 0 }))
}

/// The next line that is no comment.
fn next_rule(input: &Input<'_, '_>, line: u32) -> Reach {
    let text = |line: u32| input.source.slice(input.line_span(line));
    let next = (line + 1..=input.last_line()).find(|line| !text(*line).starts_with('#'));
    next.map_or(Reach::Misplaced, Reach::Line)
}
