//! What the rules of nat do with a packet, as far as it can be said of a rule alone.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::ruleset::{ChainId, Rule, Ruleset, Then};
use crate::save::TableName;

/// May the rule itself give packets a new destination? What could not be read may.
pub fn may_rewrite(rule: &Rule<'_>) -> bool {
    match &rule.then {
        Then::Target(target) => {
            matches!(target, Target::Dnat(_) | Target::Redirect(_) | Target::NetMap(_) | Target::Unread(_))
        }
        Then::Unreadable => true,
        _ => false,
    }
}

/// Does the rule ask for nothing, so that it takes every packet?
pub fn takes_all(rule: &Rule<'_>) -> bool {
    let unread = |extension: &Match<'_>| matches!(extension, Match::Unlisted(_) | Match::Unread(_));
    let silent = !matches!(rule.then, Then::Unreadable) && !rule.matches.iter().any(unread);
    silent && rule.parts().iter().all(|(part, _)| part.starts_with("-m comment"))
}

/// Does the rule mark what it takes for masquerading: itself, or by a jump to `KUBE-MARK-MASQ`?
pub fn marks_for_masquerade(ruleset: &Ruleset<'_>, rule: &Rule<'_>) -> bool {
    match &rule.then {
        Then::Jump(chain) | Then::Goto(chain) => Role::of(ruleset.name(*chain)) == Some(Role::MarkMasq),
        // A part of a dump may lack the chain. Up to 1.1, kube-proxy marks without one.
        Then::Target(target) => matches!(target, Target::Mark(_)) || target.name() == "KUBE-MARK-MASQ",
        Then::Next | Then::Unreadable => false,
    }
}

/// The bits that `KUBE-MARK-MASQ` sets, where it is there and sets any.
pub fn masquerade_bits(ruleset: &Ruleset<'_>) -> Option<u32> {
    let bits = |chain: ChainId| {
        let rules = ruleset.rules(chain).iter();
        rules.fold(0, |bits, rule| match &rule.then {
            Then::Target(Target::Mark(mark)) => bits | mark.set.value,
            _ => bits,
        })
    };
    ruleset.find_any(TableName::Nat, "KUBE-MARK-MASQ").map(bits).find(|bits| *bits != 0)
}
