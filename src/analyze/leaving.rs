//! What nat POSTROUTING does with the source of a packet, as far as that is certain.

use std::net::IpAddr;

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::logic::{Assumptions, Field, Outcome};
use crate::packet::{Context, Host, Interface, Packet, Protocol, Value};
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::save::{Family, Hook};

/// Chains within each other that are followed.
const DEEPEST: u32 = 32;
/// Rules that are tried for one packet.
const MOST_RULES: u32 = 10_000;

/// What becomes of a packet's source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// This rule rewrites it.
    Rewritten(RuleId),
    /// It stays: this rule lets the packet go.
    Kept(RuleId),
    /// It stays: no rule takes the packet.
    Passed,
    /// It depends on what the rules do not tell.
    Unknown,
}

/// A packet that leaves, as far as it is known.
#[derive(Debug, Clone, Copy)]
pub struct Leaver {
    /// Its source.
    pub src: Option<IpAddr>,
    /// Its destination after nat.
    pub dst: Option<IpAddr>,
    /// Its destination port after nat.
    pub dport: Option<u16>,
    /// Its protocol.
    pub protocol: Protocol,
    /// Its mark.
    pub mark: u32,
}

/// What the rules from the top of `chain` on do with the source of a new packet.
pub fn leaving(ruleset: &Ruleset<'_>, chain: ChainId, leaver: Leaver) -> Leaving {
    let packet = leaver.packet(ruleset.family);
    let mut walk = Walk { ruleset, packet, left: MOST_RULES, host: Host::default(), world: Assumptions::default() };
    match walk.chain(chain, DEEPEST) {
        Flow::Ends(leaving) => leaving,
        Flow::Returns(rule) => Leaving::Kept(rule),
        Flow::Falls => Leaving::Passed,
    }
}

impl Leaver {
    fn packet(self, family: Family) -> Packet {
        fn value<T>(known: Option<T>, field: Field) -> Value<T> {
            known.map_or_else(|| Value::field(field), Value::Known)
        }
        Packet {
            src: value(self.src, Field::Src),
            dst: value(self.dst, Field::Dst),
            dport: value(self.dport, Field::Dport),
            protocol: Value::Known(self.protocol),
            mark: Value::Known(self.mark),
            output: value(None::<Interface>, Field::Out),
            ..Packet::unknown(family, false)
        }
    }
}

/// How a chain ends for a packet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Ends(Leaving),
    /// By a rule that leaves the chain.
    Returns(RuleId),
    /// At its end.
    Falls,
}

/// Does a rule match?
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sure {
    Yes,
    No,
    Perhaps,
}

struct Walk<'r, 't> {
    ruleset: &'r Ruleset<'t>,
    packet: Packet,
    left: u32,
    host: Host,
    world: Assumptions,
}

impl Walk<'_, '_> {
    fn chain(&mut self, chain: ChainId, deep: u32) -> Flow {
        let Some(deeper) = deep.checked_sub(1) else { return Flow::Ends(Leaving::Unknown) };
        for (index, rule) in (0..).zip(self.ruleset.rules(chain)) {
            let Some(left) = self.left.checked_sub(1) else { return Flow::Ends(Leaving::Unknown) };
            self.left = left;
            let sure = self.matches(rule);
            if sure == Sure::No {
                continue;
            }
            let before = self.packet.mark.clone();
            match self.act(RuleId { chain, index }, rule, deeper) {
                Flow::Falls if sure == Sure::Yes || self.packet.mark == before => {}
                end if sure == Sure::Yes => return end,
                _ => return Flow::Ends(Leaving::Unknown),
            }
        }
        Flow::Falls
    }

    /// What a rule does that matches; `Falls` if the next rule is tried.
    fn act(&mut self, id: RuleId, rule: &Rule<'_>, deep: u32) -> Flow {
        match &rule.then {
            Then::Next => Flow::Falls,
            Then::Jump(to) => match self.chain(*to, deep) {
                Flow::Returns(_) => Flow::Falls,
                flow => flow,
            },
            Then::Goto(to) => match self.chain(*to, deep) {
                Flow::Falls => Flow::Returns(id),
                flow => flow,
            },
            Then::Target(target) => self.target(id, target),
            Then::Unreadable => Flow::Ends(Leaving::Unknown),
        }
    }

    fn target(&mut self, id: RuleId, target: &Target<'_>) -> Flow {
        match target {
            Target::Accept(_) => Flow::Ends(Leaving::Kept(id)),
            Target::Return(_) => Flow::Returns(id),
            Target::Masquerade(_) | Target::Snat(_) | Target::NetMap(_) => Flow::Ends(Leaving::Rewritten(id)),
            Target::Mark(mark) => {
                if let Value::Known(before) = self.packet.mark {
                    self.packet.mark = Value::Known(mark.set.set_in(before));
                }
                Flow::Falls
            }
            target if target.meaning().is_harmless() => Flow::Falls,
            _ => Flow::Ends(Leaving::Unknown),
        }
    }

    /// What asks for more than addresses, ports and marks is not known here.
    fn matches(&self, rule: &Rule<'_>) -> Sure {
        let (packet, host, assumptions) = (&self.packet, &self.host, &self.world);
        let cx = Context { packet, host, assumptions, hook: Hook::Postrouting, line: rule.line };
        let of = |extension: &Match<'_>| match extension {
            Match::Comment(_) => Sure::Yes,
            Match::Mark(_)
            | Match::Tcp(_)
            | Match::Udp(_)
            | Match::Sctp(_)
            | Match::Multiport(_)
            | Match::IpRange(_) => Sure::of(&extension.meaning().matches(&cx)),
            _ => Sure::Perhaps,
        };
        rule.matches.iter().map(of).fold(Sure::of(&rule.header.matches(&cx)), Sure::and)
    }
}

impl Sure {
    const fn of(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Always => Self::Yes,
            Outcome::Never => Self::No,
            Outcome::Chance(_) | Outcome::Depends(_) => Self::Perhaps,
        }
    }

    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (Self::Yes, Self::Yes) => Self::Yes,
            _ => Self::Perhaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::save::{TableName, scan};

    use super::*;

    fn leaves(rules: &str) -> &'static str {
        let text = format!("*nat\n:POSTROUTING ACCEPT\n:A -\n{rules}COMMIT\n");
        let ruleset = Ruleset::merged(scan(&text, None).0);
        let table = ruleset.tables_named(TableName::Nat).next().unwrap();
        let pod = "10.244.1.5".parse().ok();
        let leaver = Leaver { src: pod, dst: pod, dport: Some(80), protocol: Protocol::TCP, mark: 0x4000 };
        match leaving(&ruleset, ruleset.base(table, Hook::Postrouting).unwrap(), leaver) {
            Leaving::Rewritten(_) => "rewritten",
            Leaving::Kept(_) => "kept",
            Leaving::Passed => "passed",
            Leaving::Unknown => "unknown",
        }
    }

    #[test]
    fn what_becomes_of_the_source() {
        for (rules, expected) in [
            ("", "passed"),
            ("-A POSTROUTING -j MASQUERADE\n", "rewritten"),
            ("-A POSTROUTING -s 10.244.0.0/16 -d 10.244.0.0/16 -j RETURN\n-A POSTROUTING -j MASQUERADE\n", "kept"),
            ("-A POSTROUTING -j A\n-A A -j RETURN\n-A POSTROUTING -j MASQUERADE\n", "rewritten"),
            ("-A POSTROUTING -g A\n-A POSTROUTING -j MASQUERADE\n", "kept"),
            ("-A POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN\n-A POSTROUTING -j MASQUERADE\n", "rewritten"),
            (
                "-A POSTROUTING -j MARK --set-xmark 0x4000/0x0\n-A POSTROUTING -m mark --mark 0x4000/0x4000 -j MASQUERADE\n",
                "passed",
            ),
            ("-A POSTROUTING -o eth0 -j MASQUERADE\n", "unknown"),
            ("-A POSTROUTING -o eth0 -j A\n-A A -p udp -j MASQUERADE\n", "passed"),
            ("-A POSTROUTING -m set --match-set s src -j ACCEPT\n-A POSTROUTING -j MASQUERADE\n", "unknown"),
        ] {
            assert_eq!(leaves(rules), expected, "{rules}");
        }
    }
}
