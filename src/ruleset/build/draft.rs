//! A rule whose extensions are still words: the target is found, and addresses that stand for several rules are told apart.

use smallvec::SmallVec;

use crate::diagnostic::{Code, Diagnostic, near};
use crate::extension::matches::{self, MatchSpec};
use crate::extension::targets::TargetSpec;
use crate::ruleset::header::{AddressTest, Header, Test};
use crate::ruleset::id::TableId;
use crate::ruleset::rule::{Counters, Rule, Then};
use crate::ruleset::ruleset::Ruleset;
use crate::save::Word;
use crate::source::Span;

use super::Read;
use super::named::Named;
use super::redaction;

/// How many rules a line may stand for: no list of addresses that somebody typed has as many pairs.
const MOST_PAIRS: usize = 1 << 16;

/// A rule whose target is still a name.
#[derive(Default)]
pub(super) struct Draft<'t> {
    pub(super) counters: Option<Counters>,
    pub(super) src: Vec<Test<AddressTest<'t>>>,
    pub(super) dst: Vec<Test<AddressTest<'t>>>,
    pub(super) header: Header<'t>,
    pub(super) matches: Vec<Named<'t, MatchSpec>>,
    pub(super) target: Option<Named<'t, TargetSpec>>,
    pub(super) goto: bool,
    /// Words behind the rule that are none of it.
    pub(super) annotation: Option<Span>,
}

impl<'t> Draft<'t> {
    /// Reads the extensions and finds the target: a chain of the table wins over a target of the same name.
    pub(super) fn finish(
        mut self,
        ruleset: &Ruleset<'t>,
        table: TableId,
        line: u32,
        span: Span,
    ) -> Result<Read<'t>, Diagnostic> {
        let annotation = self.annotation.map(annotated);
        let misprinted = self.matches.iter().find_map(Named::problem).or(self.target.as_ref().and_then(Named::problem));
        let unknown = self.matches.iter().find_map(unknown_match);
        let matches =
            self.matches.drain(..).map(|found| found.into_match(ruleset.family)).collect::<Result<SmallVec<_>, _>>()?;
        let (then, warning) = match self.target.take() {
            Some(target) => then(ruleset, table, target, self.goto)?,
            None => (Then::Next, None),
        };
        if self.src.len().saturating_mul(self.dst.len()) > MOST_PAIRS {
            return Err(Diagnostic::new(Code::BadRule, format!("this line stands for more than {MOST_PAIRS} rules"))
                .at(span, "one for each pair of addresses")
                .help("a set of addresses (`-m set`) does the same with one rule"));
        }
        let rule = Rule { line, span, counters: self.counters, header: self.header, matches, then };
        let rules = per_address(rule, self.src, self.dst);
        let redacted = rules.first().and_then(redaction::notice);
        Ok((rules, warning.or(misprinted).or(redacted).or(unknown).or(annotation)))
    }
}

fn annotated(span: Span) -> Diagnostic {
    Diagnostic::new(Code::Annotated, "somebody wrote something behind this rule")
        .at(span, "taken to be no part of it")
        .help("iptables-restore takes no such words")
}

/// A match that no iptables has, as far as kpt knows.
fn unknown_match(found: &Named<'_, MatchSpec>) -> Option<Diagnostic> {
    let name = found.name.as_str();
    if name == "listed" {
        let words = found.unread.iter().map(Word::as_str).collect::<Vec<_>>().join(" ");
        let problem = Diagnostic::new(Code::UnknownMatch, format!("`{words}` in this row says nothing to kpt"))
            .at(found.name.span, "whether it matches is not known");
        return Some(problem.help("print the rules with `iptables-save`, which loses nothing"));
    }
    found.spec.is_none().then(|| {
        Diagnostic::new(Code::UnknownMatch, format!("`{name}` is not a match that kpt knows"))
            .at(found.name.span, "whether it matches is not known")
            .did_you_mean(
                near(name, matches::ALL.iter().map(|spec| spec.name)),
                "it may be of another module; `--assume` answers what it would",
            )
    })
}

/// One rule for each pair of addresses, the source changing slowest.
fn per_address<'t>(
    mut rule: Rule<'t>,
    src: Vec<Test<AddressTest<'t>>>,
    dst: Vec<Test<AddressTest<'t>>>,
) -> SmallVec<[Rule<'t>; 1]> {
    let each = |tests: Vec<_>| tests.into_iter().map(Box::new).collect::<Vec<_>>();
    let (mut src, mut dst) = (each(src), each(dst));
    if src.len() < 2 && dst.len() < 2 {
        (rule.header.src, rule.header.dst) = (src.pop(), dst.pop());
        return SmallVec::from_buf([rule]);
    }
    let or_any = |tests: Vec<_>| if tests.is_empty() { vec![None] } else { tests.into_iter().map(Some).collect() };
    let dst: Vec<Option<_>> = or_any(dst);
    let mut rules = SmallVec::new();
    for src in or_any(src) {
        for dst in &dst {
            let header = Header { src: src.clone(), dst: dst.clone(), ..rule.header.clone() };
            rules.push(Rule { header, ..rule.clone() });
        }
    }
    rules
}

fn then<'t>(
    ruleset: &Ruleset<'t>,
    table: TableId,
    target: Named<'t, TargetSpec>,
    goto: bool,
) -> Result<(Then<'t>, Option<Diagnostic>), Diagnostic> {
    let reserved = matches!(target.name.as_str(), "ACCEPT" | "DROP" | "QUEUE" | "RETURN");
    if let Some(chain) = ruleset.find(table, target.name.as_str()).filter(|_| !reserved) {
        return Ok((if goto { Then::Goto(chain) } else { Then::Jump(chain) }, None));
    }
    let nothing = target.spec.is_none() && target.unread.is_empty() && !ruleset.fragment;
    let warning = nothing.then(|| {
        let name = target.name.as_str();
        Diagnostic::new(Code::UnknownTarget, format!("`{name}` is neither a chain of `{table}` nor a known target"))
            .at(target.name.span, "jumps to nothing")
            .help(format!("declare the chain with `:{name} - [0:0]`; iptables refuses the rule without it"))
    });
    Ok((Then::Target(target.into_target(ruleset.family)?), warning))
}
