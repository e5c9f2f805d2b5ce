//! Rules that no packet reaches and matches, and of what kind that is.

use crate::extension::targets::Target;
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::space::{Covered, Fate, Reach, Reading, Space, Why, arriving};

/// What makes a rule dead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Death {
    /// A rule above takes every packet, and would do something else with it.
    CatchAll,
    /// Rules above take what it asks for, and would do something else with it.
    Shadowed,
    /// Rules above take what it asks for and do the same.
    Redundant,
    /// It asks for what contradicts itself, or for what does not come to its chain.
    Impossible,
}

/// A rule that no packet reaches and matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dead {
    /// The rule.
    pub rule: RuleId,
    /// Of what kind it is.
    pub death: Death,
    /// The rules above it that take its packets.
    pub causes: Vec<RuleId>,
    /// Others would reach it, but none of them comes to the chain.
    pub elsewhere: bool,
}

/// How many chains are looked into for what becomes of a packet there.
const MOST_CHAINS: usize = 64;

/// Every dead rule, in file order of the chains.
pub fn dead(ruleset: &Ruleset<'_>) -> Vec<Dead> {
    let mut reach = Reach::new(ruleset);
    let mut all = Vec::new();
    for table in ruleset.tables() {
        let arriving = arriving(ruleset, table, &mut reach);
        for (chain, _) in ruleset.chains(table) {
            let coverage = reach.covered_of(chain, arriving.get(&chain));
            all.extend(coverage.covered.into_iter().map(|covered| of(ruleset, covered)));
        }
    }
    all
}

fn of(ruleset: &Ruleset<'_>, Covered { rule, why, elsewhere }: Covered) -> Dead {
    let (death, causes) = match why {
        Why::By(causes) if !causes.is_empty() => (death(ruleset, rule, &causes), causes),
        Why::Empty | Why::By(_) => (Death::Impossible, Vec::new()),
    };
    Dead { rule, death, causes, elsewhere }
}

fn death(ruleset: &Ruleset<'_>, id: RuleId, causes: &[RuleId]) -> Death {
    let Some(rule) = ruleset.rule(id) else { return Death::Redundant };
    if does_nothing(ruleset, id, rule) || causes.iter().all(|cause| does_the_same(ruleset, *cause, rule)) {
        return Death::Redundant;
    }
    match causes {
        [one] if ruleset.rule(*one).is_some_and(|cause| takes_all(ruleset, cause)) => Death::CatchAll,
        _ => Death::Shadowed,
    }
}

/// Does it ask for nothing, and let no packet go on?
fn takes_all(ruleset: &Ruleset<'_>, rule: &Rule<'_>) -> bool {
    let reading = Reading::of(rule, ruleset.family);
    matches!(Fate::of(rule), Fate::Ends | Fate::Leaves | Fate::Goes(_)) && reading.certain && reading.upper.is_all()
}

/// Would nothing become of a packet that it matches: it counts, leads to an empty chain, or returns from the end?
fn does_nothing(ruleset: &Ruleset<'_>, id: RuleId, rule: &Rule<'_>) -> bool {
    match &rule.then {
        Then::Next => true,
        Then::Jump(chain) => ruleset.rules(*chain).is_empty(),
        Then::Target(Target::Return(_)) => id.number() as usize == ruleset.rules(id.chain).len(),
        _ => false,
    }
}

fn does_the_same(ruleset: &Ruleset<'_>, cause: RuleId, rule: &Rule<'_>) -> bool {
    let Some(cause) = ruleset.rule(cause) else { return false };
    match (&cause.then, &rule.then) {
        (Then::Jump(one), Then::Jump(other)) | (Then::Goto(one), Then::Goto(other)) => one == other,
        (Then::Target(one), Then::Target(other)) => one.to_string() == other.to_string(),
        (Then::Jump(chain) | Then::Goto(chain), Then::Target(target)) => {
            ends_only_with(ruleset, *chain, target, &Reading::of(rule, ruleset.family).upper)
        }
        _ => false,
    }
}

/// Does every packet of `space` that ends in a chain, or in those that it leads to, end this way?
fn ends_only_with(ruleset: &Ruleset<'_>, chain: ChainId, target: &Target<'_>, space: &Space) -> bool {
    let words = target.to_string();
    let mut chains = vec![chain];
    let mut at = 0;
    while let Some(chain) = chains.get(at).copied() {
        at += 1;
        let meets =
            |rule: &&Rule<'_>| Reading::of(rule, ruleset.family).upper.and(space).is_none_or(|both| !both.is_empty());
        for rule in ruleset.rules(chain).iter().filter(meets) {
            match (&rule.then, Fate::of(rule)) {
                (Then::Target(own), Fate::Ends) if own.to_string() != words => return false,
                (_, Fate::Unknown) => return false,
                (Then::Jump(next) | Then::Goto(next), _) if !chains.contains(next) => chains.push(*next),
                _ => {}
            }
        }
        if chains.len() > MOST_CHAINS {
            return false;
        }
    }
    true
}
