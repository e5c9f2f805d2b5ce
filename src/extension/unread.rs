//! An extension without a file of its own: kept word for word, and never taken to match or not to match.

use std::borrow::Cow;
use std::fmt;

use crate::logic::Outcome;
use crate::packet::Context;
use crate::save::Word;

use super::{Acts, Effect, Matches, Unclear, Verdict};

/// The name and options of an extension that kpt does not know.
#[derive(Debug, Clone)]
pub struct Unread<'t> {
    /// The word after `-m` or `-j`.
    pub name: Cow<'t, str>,
    /// The words that follow.
    pub words: Vec<Word<'t>>,
}

impl fmt::Display for Unread<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.iter().try_for_each(|word| write!(f, " {word}"))
    }
}

impl Matches for Unread<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (name, line) = (&self.name, cx.line);
        cx.ask(
            &format!("match:{line}:{name}"),
            None,
            format!("`-m {name}{self}` in line {line} matches (kpt does not know `{name}`)"),
            format!("`-m {name}{self}` in line {line} does not match (kpt does not know `{name}`)"),
        )
    }
}

impl Acts for Unread<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Verdict(Verdict::Undetermined(Unclear::Target(self.name.to_string())))
    }
}
