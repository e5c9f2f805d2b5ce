//! Rules over a small world: how they are drawn, how they are written, and which packets match them.

use std::fmt;

use proptest::prelude::*;

use super::packets::Pkt;
use crate::packet::CtState;

/// A test of a rule.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Test {
    Src(u32, u32),
    Dst(u32, u32),
    In(&'static str),
    Proto(u8),
    Dport(u8, u16, u16),
    Ports(u8, u16, u16),
    Mark(u32, u32),
    State(Vec<CtState>),
    Set,
    Fragment,
    /// Matches or not, as it likes.
    Limit,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Target {
    Accept,
    Drop,
    Return,
    Log,
    Mark(u32, u32),
    Jump(usize),
    Goto(usize),
}

/// Tests, each with whether it stands behind a `!`.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) tests: Vec<(bool, Test)>,
    pub(super) target: Target,
}

pub(super) const CHAINS: [&str; 3] = ["X", "A", "B"];
const PATTERNS: [&str; 6] = ["eth0", "eth+", "lo", "veth1", "+", "e+"];
const STATES: [CtState; 2] = [CtState::New, CtState::Established];

/// The address masked so that it is printed as it is read.
fn any_net(shortest: u32) -> impl Strategy<Value = (u32, u32)> {
    (0u32..1 << (32 - shortest), shortest..33).prop_map(|(host, length)| {
        let mask = u32::MAX << (32 - length);
        ((0x0a00_0000 | host) & mask, mask)
    })
}

fn any_ports() -> impl Strategy<Value = (u8, u16, u16)> {
    let protocol = prop::sample::select(vec![6u8, 17]);
    (protocol, 1u16..6, 1u16..6).prop_map(|(protocol, a, b)| (protocol, a.min(b), a.max(b)))
}

/// How many kinds of test there are.
const KINDS: usize = 11;
const MARK: usize = 0;

/// A test of one kind.
fn any_test(kind: usize) -> BoxedStrategy<Test> {
    match kind {
        MARK => (1u32..4, 0u32..4).prop_map(|(mask, value)| Test::Mark(value & mask, mask)).boxed(),
        1 => any_net(29).prop_map(|(net, mask)| Test::Src(net, mask)).boxed(),
        2 => any_net(30).prop_map(|(net, mask)| Test::Dst(net, mask)).boxed(),
        3 => prop::sample::select(PATTERNS.to_vec()).prop_map(Test::In).boxed(),
        4 => prop::sample::select(vec![6u8, 17, 1, 47]).prop_map(Test::Proto).boxed(),
        5 => any_ports().prop_map(|(protocol, first, last)| Test::Dport(protocol, first, last)).boxed(),
        6 => any_ports().prop_map(|(protocol, first, last)| Test::Ports(protocol, first, last)).boxed(),
        7 => prop::sample::subsequence(STATES.to_vec(), 1..3).prop_map(Test::State).boxed(),
        8 => Just(Test::Set).boxed(),
        9 => Just(Test::Fragment).boxed(),
        _ => Just(Test::Limit).boxed(),
    }
}

/// The kinds of test that the rules of one case have: few, so that they meet.
fn any_kinds(marking: bool) -> impl Strategy<Value = Vec<usize>> {
    prop::sample::subsequence((0..KINDS).collect::<Vec<_>>(), 1..4).prop_map(move |mut kinds| {
        if marking {
            kinds.push(MARK);
        }
        kinds
    })
}

/// Of several tests of one option only the first is kept, as iptables takes it once.
fn any_line(chain: usize, kinds: &[usize], marking: bool) -> impl Strategy<Value = Line> + use<> {
    let deeper = (chain + 1..CHAINS.len()).flat_map(|to| [Target::Jump(to), Target::Jump(to), Target::Goto(to)]);
    let mut targets: Vec<_> = [Target::Accept, Target::Drop, Target::Drop, Target::Return, Target::Log].to_vec();
    targets.extend(deeper);
    if marking {
        targets.extend([Target::Mark(1, 1), Target::Mark(0, 2), Target::Mark(3, 3)]);
    }
    let test = prop::sample::select(kinds.to_vec()).prop_flat_map(any_test);
    let tests = prop::collection::vec((any::<bool>(), test), 0..3);
    (tests, prop::sample::select(targets)).prop_map(|(tests, target)| {
        let mut kept: Vec<(bool, Test)> = Vec::new();
        for (not, test) in tests {
            if !kept.iter().any(|(_, other)| other.clashes(&test)) {
                kept.push((not && test.takes_not(), test));
            }
        }
        Line { tests: kept, target }
    })
}

/// The lines of every chain, some of which change marks if `marking`.
pub(super) fn any_chains(marking: bool) -> impl Strategy<Value = Vec<Vec<Line>>> {
    any_kinds(marking).prop_flat_map(move |kinds| {
        let chain = |at: usize, most: usize| prop::collection::vec(any_line(at, &kinds, marking), 0..=most);
        (chain(0, 8), chain(1, 3), chain(2, 3)).prop_map(|(x, a, b)| vec![x, a, b])
    })
}

impl Test {
    fn protocol(&self) -> Option<u8> {
        match self {
            Self::Proto(protocol) | Self::Dport(protocol, ..) | Self::Ports(protocol, ..) => Some(*protocol),
            _ => None,
        }
    }

    fn clashes(&self, other: &Self) -> bool {
        let same_kind = std::mem::discriminant(self) == std::mem::discriminant(other);
        same_kind || self.protocol().is_some() && other.protocol().is_some()
    }

    fn takes_not(&self) -> bool {
        !matches!(self, Self::Limit)
    }

    /// Does the packet fit, the `!` not looked at?
    fn fits(&self, packet: &Pkt) -> bool {
        match self {
            Self::Src(net, mask) => packet.src & mask == *net,
            Self::Dst(net, mask) => packet.dst & mask == *net,
            Self::In(pattern) => match pattern.strip_suffix('+') {
                Some(stem) => packet.input.starts_with(stem),
                None => packet.input == *pattern,
            },
            Self::Proto(protocol) => packet.protocol == *protocol,
            Self::Dport(_, first, last) => (*first..=*last).contains(&packet.dport),
            Self::Ports(_, first, last) => {
                [packet.sport, packet.dport].iter().any(|port| (first..=last).contains(&port))
            }
            Self::Mark(value, mask) => packet.mark & mask == *value,
            Self::State(states) => states.contains(&packet.state),
            Self::Set => packet.in_set,
            Self::Fragment => packet.fragment,
            Self::Limit => true,
        }
    }
}

impl Line {
    /// Does the packet match, if every limit lets it?
    pub(super) fn matches(&self, packet: &Pkt) -> bool {
        self.tests.iter().all(|(not, test)| {
            let carried = match test {
                Test::Dport(protocol, ..) | Test::Ports(protocol, ..) => {
                    packet.protocol == *protocol && !packet.fragment
                }
                _ => true,
            };
            carried && test.fits(packet) != *not
        })
    }

    pub(super) fn has(&self, wanted: &Test) -> bool {
        self.tests.iter().any(|(_, test)| test == wanted)
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let net = |net: &u32, mask: &u32| format!("{}/{}", std::net::Ipv4Addr::from_bits(*net), mask.leading_ones());
        for (not, test) in &self.tests {
            let not = if *not { " !" } else { "" };
            match test {
                Test::Src(own, mask) => write!(f, "{not} -s {}", net(own, mask))?,
                Test::Dst(own, mask) => write!(f, "{not} -d {}", net(own, mask))?,
                Test::In(pattern) => write!(f, "{not} -i {pattern}")?,
                Test::Proto(protocol) => write!(f, "{not} -p {protocol}")?,
                Test::Fragment => write!(f, "{not} -f")?,
                Test::Dport(6, first, last) => write!(f, " -p tcp -m tcp{not} --dport {first}:{last}")?,
                Test::Dport(_, first, last) => write!(f, " -p udp -m udp{not} --dport {first}:{last}")?,
                Test::Ports(protocol, first, last) => {
                    write!(f, " -p {protocol} -m multiport{not} --ports {first}:{last}")?;
                }
                Test::Mark(value, mask) => write!(f, " -m mark{not} --mark {value}/{mask}")?,
                Test::State(states) => {
                    let names: Vec<_> = states.iter().map(|state| state.as_str()).collect();
                    write!(f, " -m conntrack{not} --ctstate {}", names.join(","))?;
                }
                Test::Set => write!(f, " -m set{not} --match-set S src")?,
                Test::Limit => f.write_str(" -m limit --limit 1/sec")?,
            }
        }
        match self.target {
            Target::Accept => f.write_str(" -j ACCEPT"),
            Target::Drop => f.write_str(" -j DROP"),
            Target::Return => f.write_str(" -j RETURN"),
            Target::Log => f.write_str(" -j LOG"),
            Target::Mark(value, mask) => write!(f, " -j MARK --set-xmark {value}/{mask}"),
            Target::Jump(to) => write!(f, " -j {}", CHAINS[to]),
            Target::Goto(to) => write!(f, " -g {}", CHAINS[to]),
        }
    }
}
