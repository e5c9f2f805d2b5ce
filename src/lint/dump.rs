//! One input: its text, those that are given beside it, and the rulesets that they hold.

use crate::diagnostic::{Code, Diagnostic};
use crate::ruleset::{Kind, Ruleset};
use crate::save::{self, Backend, Document, Family, Reading};
use crate::source::{Source, Span};

use super::facts::Facts;
use super::input::{Input, Known};
use super::meta::Profile;
use super::run::{Checked, Options, run};

/// The texts of an input as one, so that a span says by itself in which it is.
#[derive(Debug, Clone, Default)]
pub struct Texts {
    source: Source,
    own: Span,
    v6: Option<Span>,
    legacy: Option<Span>,
}

impl Texts {
    /// Puts a dump and those given with `--v6` and `--legacy` behind each other.
    pub fn new(own: Source, v6: Option<Source>, legacy: Option<Source>) -> Self {
        let parts = own.parts().count();
        let (has_v6, has_legacy) = (v6.is_some(), legacy.is_some());
        let v6_parts = v6.as_ref().map_or(0, |source| source.parts().count());
        let source = Source::join([own].into_iter().chain(v6).chain(legacy));
        let spans: Vec<_> = source.parts().map(|(span, _)| span).collect();
        let joined = |spans: &[Span]| spans.iter().copied().reduce(Span::to).unwrap_or_default();
        let (own, beside) = spans.split_at_checked(parts).unwrap_or((&spans, &[]));
        let (v6, legacy) = beside.split_at_checked(v6_parts).unwrap_or((beside, &[]));
        let (own, v6, legacy) = (joined(own), joined(v6), joined(legacy));
        Self { source, own, v6: has_v6.then_some(v6), legacy: has_legacy.then_some(legacy) }
    }

    /// All of them; every span points into it.
    pub const fn source(&self) -> &Source {
        &self.source
    }
}

/// The rulesets of an input, one for each family, and what was told while they were read.
#[derive(Debug)]
pub struct Rules<'t> {
    texts: &'t Texts,
    own: Vec<Ruleset<'t>>,
    v6: Vec<Ruleset<'t>>,
    legacy: Vec<Ruleset<'t>>,
    problems: Vec<Diagnostic>,
}

impl<'t> Rules<'t> {
    /// Reads the texts. The error says why there is no dump in one of them.
    pub fn read(texts: &'t Texts, reading: Reading) -> Result<Self, Diagnostic> {
        let mut problems = Vec::new();
        let mut documents = |within: Option<Span>| match within {
            None => Ok(Vec::new()),
            Some(within) => {
                let (documents, mut told) = save::read_within(&texts.source, within, reading);
                match told.pop() {
                    // That a table is left out is all that such a dump may say.
                    Some(last) if documents.is_empty() && !told.iter().any(is_of_dump) => return Err(last),
                    last => told.extend(last.filter(|_| !documents.is_empty())),
                }
                problems.extend(told);
                Ok(documents)
            }
        };
        let (mut own, mut v6, mut legacy) =
            (documents(Some(texts.own))?, documents(texts.v6)?, documents(texts.legacy)?);
        for document in &mut v6 {
            document.family = Some(Family::V6);
        }
        for document in &mut legacy {
            document.backend = Some(Backend::Legacy);
        }
        own.extend(own.is_empty().then(Document::default));
        let [own, v6, legacy] = [&own, &v6, &legacy].map(|documents| by_family(documents));
        own.iter().for_each(Ruleset::read_all);
        problems.extend(own.iter().flat_map(Ruleset::diagnostics));
        Ok(Self { texts, own, v6, legacy, problems })
    }

    /// What was told while the texts were read.
    pub fn problems(&self) -> &[Diagnostic] {
        &self.problems
    }

    /// The rulesets that lints look at, one for each family.
    pub fn rulesets(&self) -> impl Iterator<Item = &Ruleset<'t>> {
        self.own.iter().chain(self.v6.iter().filter(|_| !self.has_v6()))
    }

    fn has_v6(&self) -> bool {
        self.own.iter().any(|ruleset| ruleset.family == Family::V6)
    }

    /// The inputs of lints, one for each family.
    pub fn inputs<'a>(&'a self, facts: &'a Facts, fragment: bool, profile: Profile) -> Vec<Input<'a, 't>> {
        let input = |ruleset: &'a Ruleset<'t>| Input {
            ruleset,
            source: &self.texts.source,
            problems: &self.problems,
            facts,
            other: self.rulesets().find(|other| other.family != ruleset.family),
            legacy_file: self.legacy.iter().find(|legacy| legacy.family == ruleset.family),
            fragment: fragment || ruleset.fragment || is_for_noflush(ruleset),
            profile,
            known: Known::default(),
        };
        self.rulesets().map(input).collect()
    }

    /// Asks lints about each family.
    pub fn check(&self, facts: &Facts, options: &Options<'_>) -> Checked {
        let each = self.inputs(facts, options.fragment, options.profile);
        let mut checked = Checked::default();
        for input in &each {
            checked.join(run(input, options));
        }
        checked.settle();
        options.weigh(&mut checked.found);
        checked.suppressed.retain_mut(|suppressed| options.wants(&mut suppressed.found));
        checked
    }
}

/// Has a table chains but none of those that it always has? Then it is what controllers feed to `iptables-restore --noflush`.
fn is_for_noflush(ruleset: &Ruleset<'_>) -> bool {
    ruleset.tables().any(|table| {
        let mut chains = ruleset.chains(table).peekable();
        chains.peek().is_some() && chains.all(|(_, chain)| chain.kind == Kind::User)
    })
}

/// Is it something that only iptables-save says?
fn is_of_dump(problem: &Diagnostic) -> bool {
    matches!(problem.code(), Code::IncompatibleTable | Code::OtherBackend)
}

fn by_family<'t>(documents: &[Document<'t>]) -> Vec<Ruleset<'t>> {
    let of = |family: Family| {
        let of_family: Vec<_> =
            documents.iter().filter(|document| document.family.unwrap_or(Family::V4) == family).cloned().collect();
        (!of_family.is_empty()).then(|| Ruleset::merged(of_family))
    };
    [Family::V4, Family::V6].into_iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use crate::save::TableName;

    use super::*;

    const DUMP: &str = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j ACCEPT\nCOMMIT";

    fn source(name: &str) -> Source {
        Source::new(name, DUMP.as_bytes().to_vec())
    }

    #[test]
    fn what_stands_beside_is_what_it_is_given_as() {
        let texts = Texts::new(source("v4"), Some(source("v6")), Some(source("legacy")));
        let rules = Rules::read(&texts, Reading::default()).unwrap();
        let facts = Facts::default();
        let inputs = rules.inputs(&facts, false, Profile::Default);
        let [v4, v6] = inputs.as_slice() else { panic!("two families") };
        let families = |input: &Input<'_, '_>| (input.ruleset.family, input.other.map(|other| other.family));
        assert_eq!(families(v4), (Family::V4, Some(Family::V6)));
        assert_eq!(families(v6), (Family::V6, Some(Family::V4)));
        assert!(v4.legacy().is_some() && v6.legacy().is_none());
        // Each line is that of its own file.
        let line = |ruleset: &Ruleset<'_>| {
            let chain = ruleset.find_any(TableName::Filter, "INPUT").next().unwrap();
            let place = texts.source().place(ruleset.rules(chain)[0].line).unwrap();
            (place.file.to_owned(), place.line)
        };
        assert_eq!(line(v6.ruleset), ("v6".to_owned(), 3));
        assert_eq!(line(v4.legacy().unwrap()), ("legacy".to_owned(), 3));
    }
}
