//! Why a packet's source was rewritten: the rule that marked it, and what that rule asked for.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::{Role, is_external};
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Test, Then};
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

/// Finds out why `snat` took the packet that made these steps: because of a mark, if the rules of its chain ask for one.
pub(super) fn why(ruleset: &Ruleset<'_>, steps: &[&Step], snat: RuleId) -> Option<Why> {
    let before = steps.iter().position(|step| step.rule == Some(snat))?;
    let asked = asked_marks(ruleset, snat.chain);
    let mark = steps.iter().take(before).rposition(|step| sets_any(ruleset, step, asked));
    let Some(mark) = mark else { return Some(Why { rule: snat, source: WhySource::Any }) };
    let marking = steps.get(mark)?;
    let sender = steps.iter().take(mark).rev().find(|step| step.action == Action::Jump(marking.chain));
    let own = marking.rule.filter(|rule| ruleset.rule(*rule).is_some_and(|rule| !rule.parts().is_empty()));
    let rule = own.or(sender.and_then(|step| step.rule)).or(marking.rule)?;
    Some(Why { rule, source: source(ruleset, rule, ruleset.rule(rule)?) })
}

/// The bits of the mark that the rules of a chain ask for.
fn asked_marks(ruleset: &Ruleset<'_>, chain: ChainId) -> u32 {
    let matches = ruleset.rules(chain).iter().flat_map(|rule| &rule.matches);
    let bits = matches.map(|extension| match extension {
        Match::Mark(mark) => mark.mark.value & mark.mark.mask,
        _ => 0,
    });
    bits.fold(0, |all, bits| all | bits)
}

/// Does a rule set any of these bits, rather than clear them?
fn sets_any(ruleset: &Ruleset<'_>, step: &Step, bits: u32) -> bool {
    match step.rule.and_then(|rule| ruleset.rule(rule)).map(|rule| &rule.then) {
        Some(Then::Target(Target::Mark(mark))) => mark.set.value & mark.set.mask & bits != 0,
        _ => false,
    }
}

fn source(ruleset: &Ruleset<'_>, id: RuleId, rule: &Rule<'_>) -> WhySource {
    let role = Role::of(ruleset.name(id.chain));
    let src_local =
        rule.matches.iter().any(|extension| matches!(extension, Match::AddrType(kind) if kind.asks_src_local()));
    match (rule.header.src.as_deref(), role) {
        (Some(Test { not: false, .. }), Some(Role::Endpoint(_))) => WhySource::Hairpin,
        (Some(Test { not: true, .. }), _) => WhySource::NotFromCluster,
        _ if src_local => WhySource::FromThisHost,
        (None, Some(Role::External(_) | Role::NodePorts)) => WhySource::External,
        // Before 1.24 each kind of entry has a rule of its own, beside that of the cluster IP.
        (None, Some(Role::Services | Role::Cluster(_))) if is_external(rule) => WhySource::External,
        _ => WhySource::Any,
    }
}
