//! Why a packet's source was rewritten: the rule that marked it, and what that rule asked for.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::ruleset::{Rule, RuleId, Ruleset, Test, Then};
use crate::walk::{Action, Step};

/// What a source is rewritten for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Why {
    /// The rule that decided on it: the one that marked the packet, or sent it to be marked.
    pub rule: RuleId,
    /// What that rule is about.
    pub source: WhySource,
}

/// What a rule that marks for masquerading asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhySource {
    /// The client is the endpoint that was drawn.
    Hairpin,
    /// The client is not in the cluster's own network.
    NotFromCluster,
    /// The client is this host, asking at an external address.
    FromThisHost,
    /// Traffic from outside, whoever sent it.
    External,
    /// Every packet that came to the rule.
    Any,
}

/// Finds out why `snat` took the packet that made these steps.
pub(super) fn why(ruleset: &Ruleset<'_>, steps: &[&Step], snat: RuleId) -> Option<Why> {
    let before = steps.iter().position(|step| step.rule == Some(snat))?;
    let mark = steps.iter().take(before).rposition(|step| marks(ruleset, step));
    let Some(mark) = mark else { return Some(Why { rule: snat, source: WhySource::Any }) };
    let marked_in = steps.get(mark)?.chain;
    let sender = steps.iter().take(mark).rev().find(|step| step.action == Action::Jump(marked_in));
    let rule = sender.and_then(|step| step.rule).or(steps.get(mark)?.rule)?;
    Some(Why { rule, source: source(ruleset, rule, ruleset.rule(rule)?) })
}

/// Does a rule set a bit of the mark, rather than clear some?
fn marks(ruleset: &Ruleset<'_>, step: &Step) -> bool {
    let rule = step.rule.and_then(|rule| ruleset.rule(rule));
    matches!(rule.map(|rule| &rule.then), Some(Then::Target(Target::Mark(mark))) if mark.set.value & mark.set.mask != 0)
}

fn source(ruleset: &Ruleset<'_>, id: RuleId, rule: &Rule<'_>) -> WhySource {
    let role = Role::of(ruleset.name(id.chain));
    let src_local =
        rule.matches.iter().any(|extension| matches!(extension, Match::AddrType(kind) if kind.asks_src_local()));
    match (&rule.header.src, role) {
        (Some(Test { not: false, .. }), Some(Role::Endpoint(_))) => WhySource::Hairpin,
        (Some(Test { not: true, .. }), _) => WhySource::NotFromCluster,
        _ if src_local => WhySource::FromThisHost,
        (None, Some(Role::External(_) | Role::NodePorts)) => WhySource::External,
        _ => WhySource::Any,
    }
}
