//! A rule is told to be dead if, and only if, no packet of a small world reaches it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kpt::lint::{ALL, Facts, LintConfig, Options, Profile, Rules, Severity, Texts};
use kpt::save::Reading;
use kpt::source::Source;
use proptest::prelude::*;

const CHAINS: [&str; 4] = ["FORWARD", "A", "B", "C"];
const PATTERNS: [&str; 4] = ["eth0", "eth+", "lo", "veth1"];
const INPUTS: [&str; 5] = ["eth0", "eth1", "lo", "veth1", "wg0"];
const PROTOCOLS: [(u8, &str); 3] = [(6, "tcp"), (17, "udp"), (1, "icmp")];
/// One that no rule asks for.
const OTHER: u8 = 132;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Then {
    Accept,
    Drop,
    Return,
    Log,
    Nothing,
    Jump(usize),
    Goto(usize),
}

/// What a rule asks for, each with whether it stands behind a `!`.
#[derive(Debug, Clone)]
struct Line {
    src: Option<(bool, u32, u32)>,
    input: Option<(bool, usize)>,
    protocol: Option<usize>,
    ports: Option<(bool, u16, u16)>,
    limit: bool,
    then: Then,
}

#[derive(Debug, Clone, Copy)]
struct Packet {
    src: u32,
    input: &'static str,
    protocol: u8,
    port: u16,
    fragment: bool,
}

fn any_line(chain: usize) -> impl Strategy<Value = Line> {
    let deeper = (chain + 1..CHAINS.len()).flat_map(|to| [Then::Jump(to), Then::Jump(to), Then::Goto(to)]);
    let mut targets = vec![Then::Accept, Then::Drop, Then::Drop, Then::Return, Then::Log, Then::Nothing];
    targets.extend(deeper);
    let net = (0u32..8, 28u32..33).prop_map(|(host, length)| (host & (u32::MAX << (32 - length)), length));
    (
        prop::option::of((prop::bool::weighted(0.2), net)),
        prop::option::weighted(0.3, (prop::bool::weighted(0.3), 0..PATTERNS.len())),
        prop::option::of(0..PROTOCOLS.len()),
        prop::option::of((any::<bool>(), 1u16..5, 1u16..5)),
        prop::bool::weighted(0.05),
        prop::sample::select(targets),
    )
        .prop_map(|(src, input, protocol, ports, limit, then)| Line {
            src: src.map(|(not, (net, length))| (not, net, length)),
            input,
            protocol,
            ports: ports.filter(|_| protocol.is_some_and(|at| at < 2)).map(|(not, a, b)| (not, a.min(b), a.max(b))),
            limit,
            then,
        })
}

fn any_chains() -> impl Strategy<Value = Vec<Vec<Line>>> {
    let chain = |at: usize, most: usize| prop::collection::vec(any_line(at), 0..=most);
    (chain(0, 6), chain(1, 4), chain(2, 4), chain(3, 4)).prop_map(|(first, a, b, c)| vec![first, a, b, c])
}

fn world() -> Vec<Packet> {
    let mut all = Vec::new();
    for src in 0..17 {
        for input in INPUTS {
            for protocol in PROTOCOLS.map(|(number, _)| number).into_iter().chain([OTHER]) {
                for (port, fragment) in [(1, false), (2, false), (3, false), (4, false), (99, false), (99, true)] {
                    all.push(Packet { src, input, protocol, port, fragment });
                }
            }
        }
    }
    all
}

impl Line {
    fn matches(&self, packet: Packet) -> bool {
        let src = self.src.is_none_or(|(not, net, length)| (packet.src & (u32::MAX << (32 - length)) == net) != not);
        let input = self.input.is_none_or(|(not, at)| {
            let pattern = PATTERNS[at];
            let fits = pattern.strip_suffix('+').map_or(packet.input == pattern, |stem| packet.input.starts_with(stem));
            fits != not
        });
        let protocol = self.protocol.is_none_or(|at| packet.protocol == PROTOCOLS[at].0);
        let ports = self
            .ports
            .is_none_or(|(not, first, last)| !packet.fragment && (first..=last).contains(&packet.port) != not);
        src && input && protocol && ports
    }

    fn write(&self, text: &mut String) {
        let not = |not: bool| if not { " !" } else { "" };
        if let Some((inverted, net, length)) = self.src {
            write!(text, "{} -s 10.0.0.{net}/{length}", not(inverted)).expect("room for it");
        }
        if let Some((inverted, at)) = self.input {
            write!(text, "{} -i {}", not(inverted), PATTERNS[at]).expect("room for it");
        }
        if let Some(at) = self.protocol {
            write!(text, " -p {}", PROTOCOLS[at].1).expect("room for it");
            if let Some((inverted, first, last)) = self.ports {
                write!(text, " -m {}{} --dport {first}:{last}", PROTOCOLS[at].1, not(inverted)).expect("room for it");
            }
        }
        if self.limit {
            text.push_str(" -m limit --limit 1/sec");
        }
        match self.then {
            Then::Accept => text.push_str(" -j ACCEPT"),
            Then::Drop => text.push_str(" -j DROP"),
            Then::Return => text.push_str(" -j RETURN"),
            Then::Log => text.push_str(" -j LOG"),
            Then::Nothing => {}
            Then::Jump(to) => write!(text, " -j {}", CHAINS[to]).expect("room for it"),
            Then::Goto(to) => write!(text, " -g {}", CHAINS[to]).expect("room for it"),
        }
        text.push('\n');
    }
}

/// May a packet that enters the chain come back from it? Notes the rules of the chain that it may match.
fn may_come_back(chains: &[Vec<Line>], chain: usize, packet: Packet, reached: &mut [bool]) -> bool {
    let mut may_leave = false;
    for (at, line) in chains[chain].iter().enumerate() {
        if !line.matches(packet) {
            continue;
        }
        if let Some(reached) = reached.get_mut(at) {
            *reached = true;
        }
        let back = |to: usize| may_come_back(chains, to, packet, &mut []);
        let (goes_on, leaves) = match line.then {
            Then::Accept | Then::Drop => (false, false),
            Then::Return => (false, true),
            Then::Log | Then::Nothing => (true, false),
            Then::Jump(to) => (back(to), false),
            Then::Goto(to) => (false, back(to)),
        };
        may_leave |= leaves;
        // What a limit does not let through goes on.
        if !goes_on && !line.limit {
            return may_leave;
        }
    }
    true
}

/// Does some way of jumps from the built-in chain let the packet through to this chain?
fn arrives(chains: &[Vec<Line>], chain: usize, packet: Packet) -> bool {
    let leads =
        |line: &Line| matches!(line.then, Then::Jump(to) | Then::Goto(to) if to == chain) && line.matches(packet);
    chain == 0 || (0..chain).any(|caller| chains[caller].iter().any(leads) && arrives(chains, caller, packet))
}

fn is_led_to(chains: &[Vec<Line>], chain: usize) -> bool {
    let leads = |line: &Line| matches!(line.then, Then::Jump(to) | Then::Goto(to) if to == chain);
    chain == 0 || (0..chain).any(|caller| chains[caller].iter().any(leads) && is_led_to(chains, caller))
}

/// The text of the chains, and the line of each rule.
fn text(chains: &[Vec<Line>]) -> (String, Vec<Vec<u32>>) {
    let mut text = "*filter\n:FORWARD ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n:C - [0:0]\n".to_owned();
    let mut lines = Vec::new();
    for (name, rules) in CHAINS.iter().zip(chains) {
        lines.push(Vec::new());
        for rule in rules {
            lines.last_mut().expect("room for it").push(u32::try_from(text.lines().count()).expect("room for it") + 1);
            write!(text, "-A {name}").expect("room for it");
            rule.write(&mut text);
        }
    }
    (text + "COMMIT\n", lines)
}

/// The lines that are told to be dead.
fn told(text: &str) -> BTreeSet<u32> {
    let texts = Texts::new(Source::new("rules", text.as_bytes().to_vec()), None, None);
    let rules = Rules::read(&texts, Reading::default()).expect("a dump");
    let lints: Vec<_> =
        ALL.iter().copied().filter(|lint| ["KPT101", "KPT102", "KPT103", "KPT105"].contains(&lint.code)).collect();
    let options = Options {
        lints: &lints,
        profile: Profile::Audit,
        min_severity: Severity::Info,
        exact: false,
        fragment: false,
        config: &LintConfig::default(),
        suppressions: None,
    };
    let checked = rules.check(&Facts::default(), &options);
    let labels = checked.found.iter().flat_map(|found| {
        let others = found.labels.0.iter().skip(1).filter(|label| label.text == "the same");
        found.labels.0.first().into_iter().chain(others)
    });
    labels.map(|label| label.line).collect()
}

proptest! {
    #[test]
    fn a_rule_is_told_to_be_dead_if_and_only_if_no_packet_reaches_it(chains in any_chains()) {
        let (text, lines) = text(&chains);
        let world = world();
        let mut dead = BTreeSet::new();
        for chain in 0..CHAINS.len() {
            let mut reached = vec![false; chains[chain].len()];
            let is_led_to = is_led_to(&chains, chain);
            for packet in world.iter().filter(|packet| !is_led_to || arrives(&chains, chain, **packet)) {
                may_come_back(&chains, chain, *packet, &mut reached);
            }
            let unreached = lines[chain].iter().zip(&reached).filter(|(_, reached)| !**reached);
            dead.extend(unreached.map(|(line, _)| *line));
        }
        prop_assert_eq!(told(&text), dead, "of\n{}", text);
    }
}
