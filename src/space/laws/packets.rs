//! The packets of a small world, and how they go through its chains.

use super::rules::{Line, Target, Test};
use crate::logic::{Assumptions, Values};
use crate::number::Protocol;
use crate::packet::{Conntrack, CtState, Interface, Packet, Value};
use crate::save::Family;
use crate::space::axis::{Axis, names};
use crate::space::bits::Bits;
use crate::space::cube::Cube;
use crate::space::point::Point;
use crate::space::sample::Sample;
use crate::space::state::states;

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pkt {
    pub(super) src: u32,
    pub(super) dst: u32,
    pub(super) input: String,
    pub(super) protocol: u8,
    pub(super) sport: u16,
    pub(super) dport: u16,
    pub(super) mark: u32,
    pub(super) state: CtState,
    pub(super) in_set: bool,
    pub(super) fragment: bool,
}

/// Each packet that rules of this world can tell from the others: of a field that no rule looks at one value is enough.
pub(super) fn world(chains: &[Vec<Line>]) -> Vec<Pkt> {
    let tests: Vec<_> = chains.iter().flatten().flat_map(|line| &line.tests).map(|(_, test)| test).collect();
    let asked = |is: fn(&Test) -> bool| tests.iter().any(|test| is(test));
    let first = Pkt {
        src: 1,
        dst: 1,
        input: "none".into(),
        protocol: 99,
        sport: 50_000,
        dport: 99,
        mark: 0,
        state: CtState::Invalid,
        in_set: false,
        fragment: false,
    };
    let mut all = vec![first];
    let mut vary = |asked: bool, count: u32, set: fn(&mut Pkt, u32)| {
        let values = if asked { 0..count } else { 0..0 };
        let varied = |packet: &Pkt| {
            let with = |value| {
                let mut packet = packet.clone();
                set(&mut packet, value);
                packet
            };
            values.clone().map(with).collect::<Vec<_>>()
        };
        let more: Vec<_> = all.iter().flat_map(varied).collect();
        all.extend(more);
    };
    vary(asked(|test| matches!(test, Test::Src(..))), 8, |packet, n| packet.src = 0x0a00_0000 + n);
    vary(asked(|test| matches!(test, Test::Dst(..))), 4, |packet, n| packet.dst = 0x0a00_0000 + n);
    vary(asked(|test| matches!(test, Test::In(_))), 5, |packet, n| {
        packet.input = ["eth0", "eth1", "lo", "veth1", "e"][n as usize].into();
    });
    let protocol = |test: &Test| matches!(test, Test::Proto(_) | Test::Dport(..) | Test::Ports(..));
    vary(asked(protocol), 4, |packet, n| packet.protocol = [6, 17, 1, 47][n as usize]);
    let port = |test: &Test| matches!(test, Test::Dport(..) | Test::Ports(..));
    vary(asked(port), 5, |packet, n| packet.dport = 1 + u16::try_from(n).unwrap());
    vary(asked(|test| matches!(test, Test::Ports(..))), 5, |packet, n| packet.sport = 1 + u16::try_from(n).unwrap());
    vary(asked(|test| matches!(test, Test::Mark(..))), 4, |packet, n| packet.mark = n);
    vary(asked(|test| matches!(test, Test::State(_))), 2, |packet, n| {
        packet.state = [CtState::New, CtState::Established][n as usize];
    });
    vary(asked(|test| matches!(test, Test::Set)), 1, |packet, _| packet.in_set = true);
    vary(asked(|test| matches!(test, Test::Fragment)) || asked(port), 1, |packet, _| packet.fragment = true);
    all
}

/// The chains and which rules of the first are asked.
pub(super) struct Walk<'a> {
    pub(super) chains: &'a [Vec<Line>],
    /// These rules of the first chain are passed over.
    pub(super) skipped: &'a dyn Fn(usize) -> bool,
}

impl Walk<'_> {
    /// Notes which rules of the first chain the packet reaches and matches, whatever a limit does.
    pub(super) fn reach(&self, packet: &Pkt, reached: &mut [bool]) {
        self.go(packet.clone(), 0, 0, reached);
    }

    /// The packets that come back from a chain.
    fn go(&self, mut packet: Pkt, chain: usize, from: usize, reached: &mut [bool]) -> Vec<Pkt> {
        for (at, line) in self.chains[chain].iter().enumerate().skip(from) {
            if chain == 0 && (self.skipped)(at) || !line.matches(&packet) {
                continue;
            }
            if chain == 0 {
                reached[at] = true;
            }
            // What a limit holds back goes on.
            let mut back = Vec::new();
            if line.has(&Test::Limit) {
                back = self.go(packet.clone(), chain, at + 1, reached);
            }
            match line.target {
                Target::Accept | Target::Drop => return back,
                Target::Return => return [back, vec![packet]].concat(),
                Target::Log => {}
                Target::Mark(value, mask) => packet.mark = packet.mark & !mask ^ value,
                Target::Goto(to) => return [back, self.go(packet, to, 0, reached)].concat(),
                Target::Jump(to) => {
                    let came = self.go(packet, to, 0, reached);
                    let on = came.into_iter().flat_map(|packet| self.go(packet, chain, at + 1, reached));
                    return back.into_iter().chain(on.collect::<Vec<_>>()).collect();
                }
            }
            if !back.is_empty() || line.has(&Test::Limit) {
                return [back, self.go(packet, chain, at + 1, reached)].concat();
            }
        }
        vec![packet]
    }
}

impl Pkt {
    /// The packet of a sample; what the sample leaves open is as the tests of this world do not ask.
    pub(super) fn of(sample: &Sample) -> Self {
        let bits = |address| if let std::net::IpAddr::V4(address) = address { address.to_bits() } else { 0 };
        let (sport, dport) = sample.ports.unwrap_or((0, 0));
        Self {
            src: bits(sample.src),
            dst: bits(sample.dst),
            input: sample.input.clone().unwrap_or_else(|| "none".into()),
            protocol: sample.protocol.0,
            sport,
            dport,
            mark: sample.mark,
            state: sample.state,
            in_set: sample.tests.iter().any(|(_, passes)| *passes),
            fragment: sample.fragment,
        }
    }

    /// As kpt's walk has it.
    pub(super) fn packet(&self) -> Packet {
        let mut packet = Packet {
            src: Value::Known(std::net::Ipv4Addr::from_bits(self.src).into()),
            dst: Value::Known(std::net::Ipv4Addr::from_bits(self.dst).into()),
            input: Value::Known(Interface::named(&self.input)),
            protocol: Value::Known(Protocol(self.protocol)),
            sport: Value::Known(self.sport),
            dport: Value::Known(self.dport),
            mark: Value::Known(self.mark),
            ..Packet::unknown(Family::V4, false)
        };
        packet.conntrack = Conntrack::attach(self.state, &packet);
        packet
    }

    /// As a place in the space of all packets.
    pub(super) fn point(&self) -> Point {
        let number = |axis: Axis, value: u32| (axis, axis.scaled(Family::V4, &Values::one(value)));
        let name = names(&crate::logic::Pattern::new(&self.input)).unwrap();
        let state = Axis::State.scaled(Family::V4, &states(&[self.state], false, false));
        let places = [
            number(Axis::Src, self.src),
            number(Axis::Dst, self.dst),
            (Axis::Input, name),
            number(Axis::Protocol, self.protocol.into()),
            number(Axis::Sport, self.sport.into()),
            number(Axis::Dport, self.dport.into()),
            (Axis::State, state),
            number(Axis::Fragment, self.fragment.into()),
        ];
        let cube = places.iter().try_fold(Cube::all(), |cube, (axis, values)| cube.narrowed(*axis, values)).unwrap();
        let mark = Bits::of(crate::number::Masked::whole(self.mark)).unwrap();
        let cube = cube.marked(mark).unwrap();
        Point::least(&cube.tested(&"set --match-set S src".into(), self.in_set).unwrap())
    }
}

/// Nothing is assumed.
pub(super) fn nothing() -> Assumptions {
    Assumptions::default()
}
