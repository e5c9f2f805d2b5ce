//! What becomes of a new packet that nobody has thought of: does a built-in chain let it through or deny it?

use std::collections::BTreeMap;

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::packet::{Net, Protocol};
use crate::ruleset::{AddressTest, ChainId, Header, Kind, Rule, RuleId, Ruleset, Test, Then};
use crate::save::Policy;

/// What a built-in chain does with what no rule was written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// It drops or rejects it.
    Denies(By),
    /// It lets it through, and no rule denies a good part of it before.
    Accepts(By),
    /// Neither is certain.
    Unclear,
}

/// What decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A rule that every packet matches.
    Rule(RuleId),
    /// The policy of this chain.
    Policy(ChainId),
}

/// How much of the traffic a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breadth {
    /// Every packet.
    All,
    /// A good part of the new connections from anywhere.
    Broad,
    /// Nobody can say.
    Unknown,
    /// Just some ports, sources, states or kinds of packets.
    Narrow,
}

impl Breadth {
    /// How much a rule asks for.
    pub fn of(rule: &Rule<'_>) -> Self {
        let matches = rule.matches.iter().map(of_match);
        matches.fold(of_header(&rule.header), Self::max)
    }
}

impl Stance {
    /// What the built-in chain `base` does. A chain whose policy the dump does not tell is unclear unless a rule decides.
    pub fn of(ruleset: &Ruleset<'_>, base: ChainId) -> Self {
        let mut known = BTreeMap::new();
        match flow(ruleset, base, &mut known, DEEPEST) {
            Flow::Ends(stance) => stance,
            Flow::Falls { maybe } => match ruleset.chain(base).map(|chain| chain.kind) {
                Some(Kind::Base { policy: Policy::Drop, .. }) => Self::Denies(By::Policy(base)),
                Some(Kind::Base { policy: Policy::Accept, line: Some(_), .. }) if !maybe => {
                    Self::Accepts(By::Policy(base))
                }
                _ => Self::Unclear,
            },
        }
    }
}

/// What becomes of the packet in one chain.
#[derive(Debug, Clone, Copy)]
enum Flow {
    /// A rule decides.
    Ends(Stance),
    /// It comes to the end; some of it may be denied on the way.
    Falls { maybe: bool },
}

/// Chains within chains are not followed any deeper.
const DEEPEST: u32 = 200;

fn flow(ruleset: &Ruleset<'_>, chain: ChainId, known: &mut BTreeMap<ChainId, Flow>, depth: u32) -> Flow {
    if let Some(flow) = known.get(&chain) {
        return *flow;
    }
    // A chain that leads back to itself is not loaded, so that this counts for one that is too deep only.
    known.insert(chain, Flow::Falls { maybe: true });
    let Some(deeper) = depth.checked_sub(1) else { return Flow::Falls { maybe: true } };
    let (mut maybe, mut left) = (false, false);
    let mut ends = None;
    for (index, rule) in (0..).zip(ruleset.rules(chain)) {
        let breadth = Breadth::of(rule);
        if breadth == Breadth::Narrow {
            continue;
        }
        let (next, stops) = match rule.leads_to() {
            Some(to) => (flow(ruleset, to, known, deeper), matches!(rule.then, Then::Goto(_))),
            None => verdict(RuleId { chain, index }, rule),
        };
        match (breadth, next) {
            (Breadth::All, Flow::Ends(stance)) => {
                ends = Some(if left && matches!(stance, Stance::Denies(_)) { Stance::Unclear } else { stance });
                break;
            }
            (_, Flow::Ends(Stance::Accepts(_))) => {}
            (_, Flow::Ends(_)) => maybe = true,
            (_, Flow::Falls { maybe: denied }) => maybe |= denied,
        }
        if stops && breadth == Breadth::All {
            break;
        }
        left |= stops;
    }
    let flow = ends.map_or(Flow::Falls { maybe }, Flow::Ends);
    known.insert(chain, flow);
    flow
}

/// What a rule that leads to no chain does with what it matches, and whether the rest of its chain is left out then.
fn verdict(id: RuleId, rule: &Rule<'_>) -> (Flow, bool) {
    match &rule.then {
        Then::Next | Then::Jump(_) | Then::Goto(_) => (Flow::Falls { maybe: false }, false),
        Then::Unreadable => (Flow::Falls { maybe: true }, false),
        Then::Target(Target::Accept(_)) => (Flow::Ends(Stance::Accepts(By::Rule(id))), false),
        Then::Target(Target::Drop(_) | Target::Reject(_)) => (Flow::Ends(Stance::Denies(By::Rule(id))), false),
        Then::Target(Target::Return(_)) => (Flow::Falls { maybe: false }, true),
        Then::Target(target) => (Flow::Falls { maybe: !target.meaning().is_harmless() }, false),
    }
}

fn of_header(header: &Header<'_>) -> Breadth {
    let asks = |part: String, breadth| if part.is_empty() { Breadth::All } else { breadth };
    let only = |header: Header<'_>| header.to_string();
    let src = match header.src.as_deref() {
        Some(Test { not: false, value: AddressTest::Net(net) }) if !net.is_all() => Breadth::Narrow,
        Some(Test { value: AddressTest::Name(_), .. }) => Breadth::Unknown,
        _ => Breadth::Broad,
    };
    let dst = match header.dst.as_deref() {
        Some(Test { not: false, value: AddressTest::Net(net) }) if is_of_many(*net) => Breadth::Narrow,
        Some(Test { value: AddressTest::Name(_), .. }) => Breadth::Unknown,
        _ => Breadth::Broad,
    };
    let is_loopback = header.input.as_deref().is_some_and(|test| !test.not && test.value.only() == Some("lo"));
    let input = if is_loopback { Breadth::Narrow } else { Breadth::Broad };
    let protocol = match &header.protocol {
        Some(Test { not: false, value }) if ![Protocol::TCP, Protocol::UDP].contains(value) => Breadth::Narrow,
        _ => Breadth::Broad,
    };
    let fragment = if header.fragment == Some(true) { Breadth::Narrow } else { Breadth::Broad };
    let none = Header::default;
    [
        asks(only(Header { src: header.src.clone(), ..none() }), src),
        asks(only(Header { dst: header.dst.clone(), ..none() }), dst),
        asks(only(Header { input: header.input.clone(), ..none() }), input),
        asks(only(Header { output: header.output.clone(), ..none() }), Breadth::Broad),
        asks(only(Header { protocol: header.protocol.clone(), ..none() }), protocol),
        asks(only(Header { fragment: header.fragment, ..none() }), fragment),
    ]
    .into_iter()
    .fold(Breadth::All, Breadth::max)
}

/// Is it for several hosts at the same time: multicast or broadcast?
fn is_of_many(net: Net) -> bool {
    match net {
        Net::V4(net, mask) => net >> 28 == 0xe && mask >> 28 == 0xf || net == u32::MAX,
        Net::V6(net, mask) => net >> 120 == 0xff && mask >> 120 == 0xff,
    }
}

fn of_match(extension: &Match<'_>) -> Breadth {
    let words = extension.to_string();
    let narrow_if = |narrow| if narrow { Breadth::Narrow } else { Breadth::Broad };
    let is_turned = words.contains("! ");
    match extension {
        Match::Comment(_) => Breadth::All,
        Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) | Match::Multiport(_) => {
            let flags = words.contains("--tcp-flags") && !words.contains(" --tcp-flags FIN,SYN,RST,ACK SYN")
                || words.contains("! --tcp-flags");
            narrow_if(flags || !is_turned && words.contains("port"))
        }
        Match::Conntrack(_) | Match::State(_) => {
            narrow_if(!is_turned && words.contains("state ") && !words.contains("NEW"))
        }
        Match::AddrType(_) => narrow_if(
            !is_turned && words.contains("--dst-type") && !words.contains("LOCAL") && !words.contains("UNICAST"),
        ),
        Match::Icmp(_) | Match::Icmp6(_) | Match::Limit(_) | Match::HashLimit(_) | Match::ConnLimit(_) => {
            Breadth::Narrow
        }
        Match::Recent(_) | Match::Quota(_) | Match::PktType(_) | Match::String(_) | Match::Length(_) => Breadth::Narrow,
        Match::Ttl(_) | Match::Mac(_) | Match::Owner(_) | Match::Helper(_) | Match::RpFilter(_) => {
            narrow_if(!is_turned)
        }
        Match::Set(_) | Match::IpRange(_) | Match::Mark(_) | Match::ConnMark(_) => narrow_if(!is_turned),
        _ => Breadth::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use crate::save::{Hook, TableName, scan};

    use super::*;

    fn stance(rules: &str) -> &'static str {
        let text = format!("*filter\n{rules}COMMIT\n");
        let ruleset = Ruleset::merged(scan(&text, None).0);
        let table = ruleset.tables_named(TableName::Filter).next().unwrap();
        match Stance::of(&ruleset, ruleset.base(table, Hook::Input).unwrap()) {
            Stance::Denies(By::Rule(_)) => "denies by a rule",
            Stance::Denies(By::Policy(_)) => "denies by its policy",
            Stance::Accepts(By::Rule(_)) => "accepts by a rule",
            Stance::Accepts(By::Policy(_)) => "accepts by its policy",
            Stance::Unclear => "unclear",
        }
    }

    #[test]
    fn what_no_rule_was_written_for() {
        for (rules, expected) in [
            (":INPUT DROP\n-A INPUT -i lo -j ACCEPT\n", "denies by its policy"),
            (":INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j DROP\n", "accepts by its policy"),
            (":INPUT ACCEPT\n:A -\n-A INPUT -j A\n-A A -s 10.0.0.0/8 -j RETURN\n-A A -j REJECT\n", "denies by a rule"),
            (":INPUT ACCEPT\n:A -\n-A INPUT -j A\n-A A -i eth0 -j RETURN\n-A A -j REJECT\n", "unclear"),
            (":INPUT ACCEPT\n-A INPUT -i eth0 -j DROP\n", "unclear"),
            (":INPUT ACCEPT\n-A INPUT ! -s 10.0.0.0/8 -j DROP\n", "unclear"),
            (":INPUT ACCEPT\n-A INPUT -m conntrack --ctstate INVALID -j DROP\n", "accepts by its policy"),
            (":INPUT ACCEPT\n-A INPUT -m foo --bar -j DROP\n", "unclear"),
            (":INPUT DROP\n-A INPUT -j LOG\n-A INPUT -j ACCEPT\n", "accepts by a rule"),
            ("-A INPUT -p tcp -m tcp --dport 22 -j DROP\n", "unclear"),
        ] {
            assert_eq!(stance(rules), expected, "{rules}");
        }
    }
}
