//! A rule line's words -> a rule, as iptables' own command line reader does it (`do_parse` in iptables/xshared.c).
//!
//! An option belongs to the extension named last that knows it; one that none knows belongs to the protocol's own match
//! (`-p tcp --dport 80`). Address lists stand for one rule each.
mod draft;
mod named;
mod reader;
mod redaction;

use smallvec::SmallVec;

use crate::diagnostic::Diagnostic;
use crate::extension::targets::Target;
use crate::save::{RuleAt, Word, glued_words, words};

use super::id::TableId;
use super::listing::row_words;
use super::rule::{Rule, Then};
use super::ruleset::Ruleset;

use reader::Reader;

/// Rules that one line stands for, and what is wrong with it.
pub(super) type Read<'t> = (SmallVec<[Rule<'t>; 1]>, Option<Diagnostic>);

/// Reads the line at `at`. One that cannot be read leaves a rule that says so.
pub(super) fn rules<'t>(ruleset: &Ruleset<'t>, table: TableId, chain: &'t str, text: &'t str, at: RuleAt) -> Read<'t> {
    let line = at.text(text);
    let is_command = line.trim_ascii_start().starts_with(['-', '[']);
    let words = || if is_command { words(line, at.start) } else { row_words(chain, line, at.start) };
    let read = |words| from_words(ruleset, table, words, at);
    if memchr::memchr(b'\n', line.as_bytes()).is_none() {
        return read(words());
    }
    // Broken at a blank, or in the middle of a word.
    let parted = || read(words());
    let glued = || read(glued_words(line, at.start));
    let (usual, other): (&dyn Fn() -> Read<'t>, &dyn Fn() -> Read<'t>) =
        if ruleset.glued { (&glued, &parted) } else { (&parted, &glued) };
    let first = usual();
    if is_clean(&first) {
        return first;
    }
    let second = other();
    if is_clean(&second) { second } else { first }
}

/// Was everything understood?
fn is_clean((rules, problem): &Read<'_>) -> bool {
    let is_unread = |rule: &Rule<'_>| matches!(rule.then, Then::Target(Target::Unread(_)));
    problem.is_none() && !rules.iter().any(is_unread)
}

fn from_words<'t>(
    ruleset: &Ruleset<'t>,
    table: TableId,
    words: Result<Vec<Word<'t>>, Diagnostic>,
    at: RuleAt,
) -> Read<'t> {
    let draft = words.and_then(|words| Reader::new(words).read());
    match draft.and_then(|draft| draft.finish(ruleset, table, at.line, at.span())) {
        Ok(read) => read,
        Err(diagnostic) => (SmallVec::from_buf([Rule::unreadable(at.line, at.span())]), Some(diagnostic)),
    }
}
