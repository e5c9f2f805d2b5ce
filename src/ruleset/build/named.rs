//! An extension by name, and the words that belong to it.

use crate::diagnostic::{Code, Diagnostic};
use crate::extension::matches::{Match, MatchSpec};
use crate::extension::targets::{Target, TargetSpec};
use crate::extension::{Arg, Args, Unread};
use crate::save::{Family, Word};

/// An extension by name, and the options found for it so far.
pub(super) struct Named<'t, Spec: 'static> {
    pub(super) name: Word<'t>,
    pub(super) spec: Option<&'static Spec>,
    pub(super) args: Vec<Arg<'t>>,
    /// The words of an extension that has no file, or was misprinted.
    pub(super) unread: Vec<Word<'t>>,
    /// The iptables that printed it could not print what it should.
    pub(super) misprinted: bool,
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
        self.misprinted = true;
        self.unread.push(word);
    }

    /// What is told of one that was misprinted.
    pub(super) fn problem(&self) -> Option<Diagnostic> {
        let name = self.name.as_str();
        self.misprinted.then(|| {
            let words = self.unread.iter().fold(self.name.span, |span, word| span.to(word.span));
            Diagnostic::new(Code::Misprinted, format!("the words of `{name}` were lost when this was printed"))
                .at(words, "this iptables did not understand what another version wrote")
                .help("print the rules with the iptables that wrote them: for kube-proxy, the one in its container")
        })
    }
}

impl<'t> Named<'t, MatchSpec> {
    pub(super) fn into_match(self, family: Family) -> Result<Match<'t>, Diagnostic> {
        match self.spec.filter(|_| !self.misprinted) {
            Some(spec) => (spec.parse)(Args { name: spec.name, span: self.name.span, family, list: self.args }),
            None => Ok(Match::Unread(Unread { name: self.name.text, words: self.unread, misprinted: self.misprinted })),
        }
    }
}

impl<'t> Named<'t, TargetSpec> {
    pub(super) fn into_target(self, family: Family) -> Result<Target<'t>, Diagnostic> {
        if let Some(arg) = self.args.iter().find(|arg| arg.not) {
            return Err(Diagnostic::new(Code::BadRule, format!("`{}` cannot be inverted", arg.option))
                .at(arg.span, "stands behind a `!`")
                .help("only matches are; the rule is left out of the answer"));
        }
        match self.spec.filter(|_| !self.misprinted) {
            Some(spec) => (spec.parse)(Args { name: spec.name, span: self.name.span, family, list: self.args }),
            None => {
                Ok(Target::Unread(Unread { name: self.name.text, words: self.unread, misprinted: self.misprinted }))
            }
        }
    }
}
