//! Dead rules as findings: those of one chain that have the same causes are one finding.

use rustc_hash::FxHashMap;

use crate::analyze::{Dead, Death};
use crate::ruleset::{ChainId, RuleId, Then};
use crate::space::may_match;

use super::finding::Finding;
use super::input::Input;

/// Dead rules behind the first of a group that are pointed at.
const SHOWN: usize = 8;
/// Causes that are pointed at.
const CAUSES: usize = 4;

/// Dead rules of one chain with the same causes.
#[derive(Debug)]
pub(super) struct Group<'d> {
    /// The first of them.
    pub(super) first: &'d Dead,
    /// All of them.
    pub(super) rules: Vec<RuleId>,
}

/// The dead rules of a kind, unless lines were left out where they stand: then nothing is sure.
pub(super) fn groups<'d>(input: &'d Input<'_, '_>, death: Death) -> Vec<Group<'d>> {
    let mut groups: Vec<Group<'d>> = Vec::new();
    let mut known: FxHashMap<(ChainId, &[RuleId], bool), usize> = FxHashMap::default();
    if input.problems_of(crate::diagnostic::Code::Elided).next().is_some() {
        return groups;
    }
    for dead in input.dead().iter().filter(|dead| dead.death == death) {
        let key = (dead.rule.chain, &*dead.causes, dead.elsewhere);
        let at = known.get(&key).copied().filter(|_| dead.elsewhere || !dead.causes.is_empty());
        if let Some(group) = at.and_then(|at| groups.get_mut(at)) {
            group.rules.push(dead.rule);
        } else {
            known.insert(key, groups.len());
            groups.push(Group { first: dead, rules: vec![dead.rule] });
        }
    }
    groups
}

impl Group<'_> {
    /// Points at the first rule, at what makes it dead, and at some of the others.
    pub(super) fn finding(&self, message: String, label: &str, cause: &str) -> Finding {
        let finding = Finding::new(message).at(self.first.rule, label);
        let finding = self.first.causes.iter().take(CAUSES).fold(finding, |finding, by| finding.at(*by, cause));
        let others = self.rules.iter().skip(1);
        others.take(SHOWN).fold(finding, |finding, rule| finding.at(*rule, "the same"))
    }

    /// Does a program write these rules whether or not what they ask for comes to its chain yet?
    pub(super) fn is_layout(&self, input: &Input<'_, '_>) -> bool {
        self.first.elsewhere && input.owner(self.first.rule.chain).is_some()
    }

    /// The first rule, or how many there are.
    pub(super) fn subject(&self, input: &Input<'_, '_>) -> String {
        match self.rules.len() {
            1 => format!("rule {} of `{}`", self.first.rule.number(), self.chain(input)),
            count => format!("{count} rules of `{}`, from rule {} on,", self.chain(input), self.first.rule.number()),
        }
    }

    /// The name of the chain.
    pub(super) fn chain<'i>(&self, input: &'i Input<'_, '_>) -> &'i str {
        input.ruleset.name(self.first.rule.chain)
    }

    /// Which rules make it dead: `rule 3`, `rules 3 and 7`, `rules 3, 7 and 3 more`.
    pub(super) fn causes(&self) -> String {
        let numbers: Vec<_> = self.first.causes.iter().map(|rule| rule.number().to_string()).collect();
        match numbers.as_slice() {
            [one] => format!("rule {one}"),
            [one, other] => format!("rules {one} and {other}"),
            [one, other, rest @ ..] => format!("rules {one}, {other} and {} more", rest.len()),
            [] => String::new(),
        }
    }

    /// A packet that asks for the first rule and does not get there, in words.
    pub(super) fn witness(&self, input: &Input<'_, '_>) -> Option<String> {
        let space = may_match(input.ruleset, self.first.rule).filter(|_| !self.first.elsewhere)?;
        space.witness(input.ruleset.family).map(|sample| sample.to_string())
    }
}

/// What a rule does with its packets, in its own words.
pub(super) fn then(input: &Input<'_, '_>, rule: RuleId) -> String {
    match input.ruleset.rule(rule).map(|rule| &rule.then) {
        Some(Then::Jump(chain)) => format!("-j {}", input.ruleset.name(*chain)),
        Some(Then::Goto(chain)) => format!("-g {}", input.ruleset.name(*chain)),
        Some(Then::Target(target)) => format!("-j {}", target.name()),
        _ => "counts".to_owned(),
    }
}
