//! `-m comment`: words for people; always matches (`net/netfilter/xt_comment.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Asks, Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;
use crate::save::quote;

/// `-m comment --comment TEXT`, at most 255 bytes in what Linux keeps.
#[derive(Debug, Clone)]
pub struct Comment<'t> {
    /// The words.
    pub text: Cow<'t, str>,
}

impl<'t> Extension<'t> for Comment<'t> {
    const NAME: &'static str = "comment";
    const OPTIONS: &'static [Opt] = &[opt("--comment", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let comment = args.get("--comment").ok_or_else(|| args.missing("--comment"))?;
        Ok(Self { text: comment.text(0) })
    }
}

impl Matches for Comment<'_> {
    fn matches(&self, _cx: &Context<'_>) -> Outcome {
        Outcome::Always
    }

    fn asks(&self) -> Option<Asks> {
        Some(Asks::nothing())
    }
}

impl fmt::Display for Comment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --comment {}", quote(&self.text))
    }
}
