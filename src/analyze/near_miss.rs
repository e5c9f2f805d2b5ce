//! The rule that would have accepted a packet, if one thing were otherwise.

use crate::extension::Effect;
use crate::extension::Verdict;
use crate::logic::{Assumptions, Outcome};
use crate::packet::{Context, Host, Packet};
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::walk::{Action, Step};

/// A rule and the one thing it asks for that the packet does not have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearMiss {
    /// The rule.
    pub rule: RuleId,
    /// What it asks for, in the words of the rule.
    pub lacks: String,
}

/// Looks through the rules that were tried before the last of these steps dropped the packet. Of several, the rule that
/// asks for most else, all of which the packet has, is the nearest; a rule for established connections says little.
pub(super) fn find(
    ruleset: &Ruleset<'_>,
    host: &Host,
    assumptions: &Assumptions,
    packet: &Packet,
    steps: &[&Step],
) -> Option<NearMiss> {
    let last = steps.last()?;
    let here = |step: &&&Step| step.hook == last.hook && step.chain.table == last.chain.table;
    let steps: Vec<_> = steps.iter().rev().take_while(here).copied().collect();
    let hook = last.hook;
    let mut chains: Vec<ChainId> = steps.iter().rev().map(|step| step.chain).collect();
    chains.extend(ruleset.base(last.chain.table, hook));
    chains.sort_unstable();
    chains.dedup();
    let mut nearest: Option<(usize, NearMiss)> = None;
    for chain in chains {
        let rules = ruleset.rules(chain);
        for (index, rule) in (0..tried(chain, &steps, rules.len())).zip(rules) {
            let context = Context { packet, host, assumptions, hook, line: rule.line };
            let Some((lacks, has)) = lacks(rule, &context) else { continue };
            if nearest.as_ref().is_none_or(|(most, _)| has > *most) {
                nearest = Some((has, NearMiss { rule: RuleId { chain, index }, lacks }));
            }
        }
    }
    nearest.map(|(_, nearest)| nearest)
}

/// How many rules of a chain were tried: those before the one that the packet left it by, or all if it came back from
/// its end. `steps` are in reverse order.
fn tried(chain: ChainId, steps: &[&Step], all: usize) -> u32 {
    let all = u32::try_from(all).unwrap_or(u32::MAX);
    let mut inner = None;
    for step in steps {
        // Walking back, a jump into the chain that we came from shows where its caller stopped.
        let left_here = match step.action {
            Action::Jump(to) | Action::Goto(to) => inner == Some(to),
            _ => inner.is_none(),
        };
        if left_here {
            inner = Some(step.chain);
            if step.chain == chain {
                return step.rule.map_or(all, |rule| rule.index);
            }
        }
    }
    all
}

/// The one part without which the rule would have accepted the packet, and how many parts the packet has.
fn lacks(rule: &Rule<'_>, context: &Context<'_>) -> Option<(String, usize)> {
    let Then::Target(target) = &rule.then else { return None };
    if target.meaning().act(context) != Effect::Verdict(Verdict::Accept) || rule.outcome(context) != Outcome::Never {
        return None;
    }
    let parts = rule.parts();
    let has = parts.iter().filter(|(part, _)| !part.starts_with("-m comment")).count() - 1;
    let lacks = parts.into_iter().find(|(_, rest)| rest.outcome(context) == Outcome::Always)?;
    Some((lacks.0, has))
}
