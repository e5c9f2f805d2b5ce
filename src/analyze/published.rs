//! Ports of this host that nat gives another destination, whoever asks from outside.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::extension::matches::{Match, What};
use crate::extension::targets::Target;
use crate::packet::Protocol;
use crate::ruleset::{ChainGraph, ChainId, Header, Rule, RuleId, Ruleset, Then};
use crate::save::Hook;

/// The ports that the nat table of `graph` publishes.
#[derive(Debug, Default)]
pub struct Published {
    /// The rule that takes what comes for a port.
    pub by: BTreeMap<(Protocol, u16), RuleId>,
    /// Ports of destinations that packets are given.
    pub targets: BTreeSet<u16>,
    /// Some rule lets packets for this port go as they are, or may; for any port where there is none.
    pub spared: BTreeSet<Option<u16>>,
}

impl Published {
    /// Reads the chains that PREROUTING leads to.
    pub fn of(ruleset: &Ruleset<'_>, graph: &ChainGraph) -> Self {
        let mut published = Self::default();
        let Some(base) = ruleset.base(graph.table(), Hook::Prerouting) else { return published };
        let whole = whole(ruleset, graph);
        let open = open(ruleset, base);
        for chain in graph.reach(base) {
            for (index, rule) in (0..).zip(ruleset.rules(chain)) {
                published.note(rule);
                let certain = match &rule.then {
                    Then::Target(target) => matches!(target, Target::Dnat(_) | Target::Redirect(_)),
                    then => matches!(then, Then::Jump(to) | Then::Goto(to) if whole.contains(to)),
                };
                if let Some(port) = port(rule).filter(|_| certain && open.contains(&chain)) {
                    published.by.entry(port).or_insert(RuleId { chain, index });
                }
            }
        }
        published
    }

    /// What packets may become of the rule.
    fn note(&mut self, rule: &Rule<'_>) {
        let of_interface = rule.header.input.as_deref().is_some_and(|test| !test.not);
        match &rule.then {
            Then::Target(Target::Dnat(dnat)) => match dnat.only().1.or(rule.dport()) {
                Some(port) => drop(self.targets.insert(port)),
                None => drop(self.spared.insert(None)),
            },
            Then::Target(Target::Redirect(_) | Target::NetMap(_)) => drop(self.spared.insert(None)),
            Then::Unreadable | Then::Target(Target::Unread(_)) => drop(self.spared.insert(rule.dport())),
            Then::Target(Target::Accept(_) | Target::Return(_)) if !of_interface => {
                self.spared.insert(rule.dport());
            }
            _ => {}
        }
    }

    /// The rule that publishes a port, if it is certain that it gets what comes for it.
    pub fn rule(&self, protocol: Protocol, port: u16) -> Option<RuleId> {
        let unclear = self.spared.contains(&None) || self.spared.contains(&Some(port));
        self.by.get(&(protocol, port)).copied().filter(|_| !unclear)
    }
}

/// The only thing that a rule asks for, if that is a port.
fn port(rule: &Rule<'_>) -> Option<(Protocol, u16)> {
    let protocol = rule.header.protocol.as_ref().filter(|test| !test.not)?.value;
    let port = rule.dport()?;
    let only = |extension: &Match<'_>| match extension {
        Match::Comment(_) => true,
        Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) => is_just_port(extension, port),
        _ => false,
    };
    (is_for_all(&rule.header) && rule.matches.iter().all(only)).then_some((protocol, port))
}

/// Does a match ask for nothing but this destination port?
pub fn is_just_port(extension: &Match<'_>, port: u16) -> bool {
    let words = extension.to_string();
    words.split_once(' ').is_some_and(|(_, asked)| asked.trim() == format!("--dport {port}"))
}

/// Does it ask for no address, and for no interface that packets come in by?
fn is_for_all(header: &Header<'_>) -> bool {
    let named = header.input.as_deref().is_some_and(|test| !test.not);
    header.src.is_none() && header.dst.is_none() && header.output.is_none() && header.fragment.is_none() && !named
}

/// The chains that PREROUTING leads to with whatever is for an address of this host, or for some port.
fn open(ruleset: &Ruleset<'_>, base: ChainId) -> FxHashSet<ChainId> {
    let passes = |extension: &Match<'_>| match extension {
        Match::Comment(_) | Match::Multiport(_) => true,
        Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) => !extension.to_string().contains("--sport"),
        Match::AddrType(_) => extension.to_string().trim() == "addrtype --dst-type LOCAL",
        _ => false,
    };
    let mut open: FxHashSet<ChainId> = [base].into_iter().collect();
    let mut waiting = vec![base];
    while let Some(chain) = waiting.pop() {
        let rules = ruleset.rules(chain).iter();
        let led = rules.filter(|rule| is_for_all(&rule.header) && rule.matches.iter().all(passes));
        waiting.extend(led.filter_map(Rule::leads_to).filter(|to| open.insert(*to)));
    }
    open
}

/// The chains that give each packet that comes to them another destination, if it is of the protocol that they are for.
fn whole(ruleset: &Ruleset<'_>, graph: &ChainGraph) -> FxHashSet<ChainId> {
    let mut whole = FxHashSet::default();
    let mut waiting = Vec::new();
    let mut first_to_spare: FxHashMap<ChainId, u32> = FxHashMap::default();
    for (chain, _) in ruleset.chains(graph.table()) {
        let first = ruleset.rules(chain).iter().position(may_spare).and_then(|at| u32::try_from(at).ok());
        first_to_spare.extend(first.map(|first| (chain, first)));
        let before = ruleset.rules(chain).iter().take_while(|rule| !may_spare(rule));
        waiting.extend(before.into_iter().any(translates_all).then_some(chain));
    }
    let is_before = |id: &RuleId| first_to_spare.get(&id.chain).is_none_or(|first| id.index < *first);
    while let Some(chain) = waiting.pop() {
        if whole.insert(chain) {
            let callers = graph.callers(chain).filter(|id| ruleset.rule(*id).is_some_and(takes_a_protocol));
            waiting.extend(callers.filter(is_before).map(|caller| caller.chain));
        }
    }
    whole
}

fn translates_all(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Dnat(_) | Target::Redirect(_))) && takes_a_protocol(rule)
}

/// May it let packets go as they are?
fn may_spare(rule: &Rule<'_>) -> bool {
    match &rule.then {
        Then::Target(target) => matches!(target, Target::Accept(_) | Target::Return(_) | Target::Unread(_)),
        Then::Unreadable => true,
        _ => false,
    }
}

/// Does it ask for nothing but a protocol?
fn takes_a_protocol(rule: &Rule<'_>) -> bool {
    let passes = |extension: &Match<'_>| match extension {
        Match::Comment(_) => true,
        Match::Recent(recent) => recent.what == What::Set && !recent.not,
        extension => matches!(extension.to_string().trim(), "tcp" | "udp" | "sctp"),
    };
    rule.header.is_open() && rule.matches.iter().all(passes)
}
