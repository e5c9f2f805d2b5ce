//! What the rules of nat do with a packet, as far as it can be said of a rule alone.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::packet::Net;
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

/// The addresses that rules of the chain give packets, each where it names just one.
pub fn translated_to<'r>(ruleset: &'r Ruleset<'_>, chain: ChainId) -> impl Iterator<Item = IpAddr> + 'r {
    ruleset.rules(chain).iter().filter_map(|rule| match &rule.then {
        Then::Target(Target::Dnat(dnat)) => dnat.only().0,
        _ => None,
    })
}

/// Is one of the addresses in the range?
pub fn holds_any(net: Net, addresses: &BTreeSet<IpAddr>) -> bool {
    let (first, last): (IpAddr, IpAddr) = match net {
        Net::V4(net, mask) => (Ipv4Addr::from_bits(net).into(), Ipv4Addr::from_bits(net | !mask).into()),
        Net::V6(net, mask) => (Ipv6Addr::from_bits(net).into(), Ipv6Addr::from_bits(net | !mask).into()),
    };
    addresses.range(first..=last).any(|address| net.contains(*address))
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
