//! An extension by name, and the words that belong to it.

use crate::diagnostic::{Code, Diagnostic};
use crate::extension::matches::{Match, MatchSpec};
use crate::extension::targets::{Target, TargetSpec};
use crate::extension::{Arg, Args, Lost, Unread};
use crate::save::{Family, Word};

use super::redaction::is_redacted;

/// An extension by name, and the options found for it so far.
pub(super) struct Named<'t, Spec: 'static> {
    pub(super) name: Word<'t>,
    pub(super) spec: Option<&'static Spec>,
    pub(super) args: Vec<Arg<'t>>,
    /// The words of an extension that has no file, or was misprinted.
    pub(super) unread: Vec<Word<'t>>,
    pub(super) lost: Option<Lost>,
}

impl<'t, Spec> Named<'t, Spec> {
    /// Takes an option; its words are kept where the others are lost.
    pub(super) fn take(&mut self, word: Word<'t>, arg: Arg<'t>) {
        self.unread.push(word);
        self.unread.extend(arg.values.iter().cloned());
        self.args.push(arg);
    }

    /// Takes a word that says nothing.
    pub(super) fn lose(&mut self, word: Word<'t>) {
        self.lost = Some(Lost::Misprinted);
        self.unread.push(word);
    }

    /// What is told of one that was misprinted.
    pub(super) fn problem(&self) -> Option<Diagnostic> {
        let name = self.name.as_str();
        self.lost.map(|_| {
            let words = self.unread.iter().fold(self.name.span, |span, word| span.to(word.span));
            Diagnostic::new(Code::Misprinted, format!("the words of `{name}` were lost when this was printed"))
                .at(words, "this iptables did not understand what another version wrote")
                .help("print the rules with the iptables that wrote them: for kube-proxy, the one in its container")
        })
    }
}

impl<'t, Spec> Named<'t, Spec> {
    /// What is left of it when nobody can tell what it does.
    fn into_unread(self) -> Unread<'t> {
        Unread { name: self.name.text, words: self.unread, lost: self.lost }
    }

    /// What is left of it if it turns out to hold a blacked-out address.
    fn if_redacted(&self) -> Option<Box<Unread<'t>>> {
        let values = || self.args.iter().flat_map(|arg| &arg.values);
        values().any(is_redacted).then(|| {
            let words = self.args.iter().flat_map(Arg::words).collect();
            Box::new(Unread { name: self.name.text.clone(), words, lost: Some(Lost::Redacted) })
        })
    }
}

impl<'t> Named<'t, MatchSpec> {
    pub(super) fn into_match(self, family: Family) -> Result<Match<'t>, Diagnostic> {
        let Some(spec) = self.spec.filter(|_| self.lost.is_none()) else {
            return Ok(Match::Unread(Box::new(self.into_unread())));
        };
        let redacted = self.if_redacted();
        let read = (spec.parse)(Args { name: spec.name, span: self.name.span, family, list: self.args });
        read.or_else(|problem| redacted.map(Match::Unread).ok_or(problem))
    }
}

impl<'t> Named<'t, TargetSpec> {
    pub(super) fn into_target(self, family: Family) -> Result<Target<'t>, Diagnostic> {
        if let Some(arg) = self.args.iter().find(|arg| arg.not) {
            return Err(Diagnostic::new(Code::BadRule, format!("`{}` cannot be inverted", arg.option))
                .at(arg.span, "stands behind a `!`")
                .help("only matches are; the rule is left out of the answer"));
        }
        let Some(spec) = self.spec.filter(|_| self.lost.is_none()) else {
            return Ok(Target::Unread(Box::new(self.into_unread())));
        };
        let redacted = self.if_redacted();
        let read = (spec.parse)(Args { name: spec.name, span: self.name.span, family, list: self.args });
        read.or_else(|problem| redacted.map(Target::Unread).ok_or(problem))
    }
}
