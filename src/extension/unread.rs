//! An extension whose words say nothing: one without a file of its own, or one whose words were lost. It is kept word for
//! word, and never taken to match or not to match.

use std::borrow::Cow;
use std::fmt;

use crate::logic::Outcome;
use crate::packet::{Context, Rewrite, Value};
use crate::save::Word;

use super::{Acts, Effect, Matches, Unclear, Verdict};

/// How the words of an extension that kpt knows came to say nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// The iptables that printed it did not understand what another version wrote.
    Misprinted,
    /// Somebody blacked out an address in it: `x.x.x.x:80`.
    Redacted,
}

/// The name and options of an extension that kpt does not understand.
#[derive(Debug, Clone)]
pub struct Unread<'t> {
    /// The word after `-m` or `-j`.
    pub name: Cow<'t, str>,
    /// The words that follow.
    pub words: Vec<Word<'t>>,
    /// kpt knows it, but not from these words.
    pub lost: Option<Lost>,
}

impl Unread<'_> {
    fn why(&self) -> String {
        match self.lost {
            Some(Lost::Misprinted) => "the words were lost".into(),
            Some(Lost::Redacted) => "its address is blacked out".into(),
            None => format!("kpt does not know `{}`", self.name),
        }
    }
}

impl fmt::Display for Unread<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.words.iter().try_for_each(|word| write!(f, " {word}"))
    }
}

impl Matches for Unread<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (name, line, why) = (&self.name, cx.line, self.why());
        cx.ask(
            &format!("match:{line}:{name}"),
            None,
            format!("`-m {name}{self}` in line {line} matches ({why})"),
            format!("`-m {name}{self}` in line {line} does not match ({why})"),
        )
    }
}

impl Acts for Unread<'_> {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let Some(lost) = self.lost else {
            return Effect::Verdict(Verdict::Undetermined(Unclear::Target(self.name.to_string())));
        };
        match cx.host.recovered(cx.line) {
            Some(found) => Effect::Rewrite(Rewrite::Destination {
                address: Value::Known(found.address),
                port: Value::Known(found.port),
            }),
            None => Effect::Verdict(Verdict::Undetermined(Unclear::Lost(self.name.to_string(), lost, cx.line))),
        }
    }

    /// What address translation switches on, it switches on whatever its words were.
    fn tracks(&self) -> bool {
        self.lost.is_some() && matches!(&*self.name, "DNAT" | "SNAT" | "REDIRECT" | "MASQUERADE" | "NETMAP")
    }
}
