//! A rule's packets: every packet that may match it, and whether those certainly do.

use std::mem;
use std::net::IpAddr;

use crate::extension::matches::Match;
use crate::extension::{Ask, Asked, Asks};
use crate::logic::{Pattern, Values};
use crate::number::{Masked, Protocol};
use crate::packet::Net;
use crate::ruleset::{AddressTest, Header, Rule, Test, Then};
use crate::save::Family;

use super::axis::{Axis, complement, names};
use super::bits::Bits;
use super::change::Changes;
use super::cube::{Cube, Opaque};
use super::masks;
use super::opaque;
use super::space::Space;
use super::state::states;

/// The packets of a rule.
#[derive(Debug, Clone)]
pub struct Reading {
    /// No packet outside matches. What is not understood, or has not the same answer every time, is left out of it.
    pub upper: Space,
    /// Every packet of `upper` matches.
    pub certain: bool,
}

impl Reading {
    /// Reads what a rule asks for.
    pub fn of(rule: &Rule<'_>, family: Family) -> Self {
        let mut reader = Reader {
            family,
            header: &rule.header,
            changed: Changes::by_matches(rule),
            space: Space::all(),
            certain: true,
        };
        if matches!(rule.then, Then::Unreadable) {
            reader.certain = false;
        } else {
            reader.read_header();
            rule.matches.iter().for_each(|extension| reader.read_match(extension));
        }
        Self { upper: reader.space, certain: reader.certain }
    }

    /// The packets that certainly match.
    pub fn lower(self) -> Space {
        if self.certain { self.upper } else { Space::none() }
    }
}

/// What was read so far.
struct Reader<'r, 't> {
    family: Family,
    header: &'r Header<'t>,
    /// What its own matches may change before others of it are asked.
    changed: Changes,
    space: Space,
    certain: bool,
}

impl Reader<'_, '_> {
    fn read_header(&mut self) {
        self.read_address(Axis::Src, self.header.src.as_deref());
        self.read_address(Axis::Dst, self.header.dst.as_deref());
        self.read_interface(Axis::Input, self.header.input.as_deref());
        self.read_interface(Axis::Output, self.header.output.as_deref());
        self.read_protocol(self.header.protocol.as_ref());
        if let Some(later) = self.header.fragment {
            self.narrow(Axis::Fragment, false, &Values::one(u8::from(later)));
        }
    }

    fn read_address(&mut self, axis: Axis, test: Option<&Test<AddressTest<'_>>>) {
        match test {
            None => {}
            Some(Test { not, value: AddressTest::Net(net) }) if net.family() == self.family => {
                self.read_net(axis, *not, *net);
            }
            // A name may stand for anything, and what was blacked out in two places is not the same.
            Some(_) => self.certain = false,
        }
    }

    fn read_net(&mut self, axis: Axis, not: bool, net: Net) {
        match net.values().or_else(|| masks::values(net)) {
            Some(values) => self.narrow(axis, not, &values),
            None => self.test(&format!("{axis:?} {net}").into(), !not),
        }
    }

    fn read_interface(&mut self, axis: Axis, test: Option<&Test<Pattern>>) {
        let Some(Test { not, value }) = test else { return };
        match names(value) {
            Some(names) => self.narrow_to(axis, &if *not { complement(&names) } else { names }),
            None => self.certain = false,
        }
    }

    /// A protocol of 0 is not asked for, not even inverted.
    fn read_protocol(&mut self, test: Option<&Test<Protocol>>) {
        match test {
            None | Some(Test { not: false, value: Protocol(0) }) => {}
            Some(Test { not: true, value: Protocol(0) }) => self.certain = false,
            Some(Test { not, value }) => {
                let told = Values::range(0u8, u8::MAX);
                let wanted = Values::one(value.0);
                self.narrow(Axis::Protocol, false, &if *not { told.minus(&wanted) } else { wanted });
            }
        }
    }

    fn read_match(&mut self, extension: &Match<'_>) {
        let Some(asks) = extension.meaning().asks() else { return self.read_opaque(extension) };
        if !self.may_stand(&asks) {
            // The kernel takes none that stands there.
            self.certain = false;
            return;
        }
        if !asks.over.is_empty() {
            self.narrow(Axis::Fragment, false, &Values::one(0u8));
        }
        asks.tests.iter().for_each(|ask| self.read_ask(ask));
        if asks.more {
            self.read_opaque(extension);
        }
    }

    fn read_opaque(&mut self, extension: &Match<'_>) {
        match opaque::test(extension).filter(|_| !self.changed.tests) {
            Some((test, answer)) => self.test(&test, answer),
            None => self.certain = false,
        }
    }

    /// Does it stand behind a protocol that it needs?
    fn may_stand(&self, asks: &Asks) -> bool {
        let given = self.header.protocol.as_ref().filter(|test| !test.not).map(|test| test.value);
        asks.over.is_empty() || given.is_some_and(|given| asks.over.contains(&given))
    }

    fn read_ask(&mut self, Ask { not, test }: &Ask) {
        match test {
            Asked::Src(first, last) => self.read_between(Axis::Src, *not, *first, *last),
            Asked::Dst(first, last) => self.read_between(Axis::Dst, *not, *first, *last),
            Asked::Sport(ports) => self.narrow(Axis::Sport, *not, ports),
            Asked::Dport(ports) => self.narrow(Axis::Dport, *not, ports),
            Asked::Port(ports) => self.read_either(*not, ports),
            Asked::TcpFlags { mask, set } => {
                let fits = (0..=u8::MAX).filter(|flags| flags & mask == *set);
                self.narrow(Axis::TcpFlags, *not, &Values::union(fits.map(Values::one)));
            }
            Asked::IcmpType(kind, code) => self.narrow(Axis::Icmp, *not, &icmp(*kind, *code)),
            Asked::Mark(mark) => self.read_mark(*not, *mark),
            Asked::State { plain, dnat, snat } => self.narrow(Axis::State, *not, &states(plain, *dnat, *snat)),
        }
    }

    fn read_between(&mut self, axis: Axis, not: bool, first: IpAddr, last: IpAddr) {
        match (self.family, first, last) {
            (Family::V4, IpAddr::V4(first), IpAddr::V4(last)) => {
                self.narrow(axis, not, &Values::range(first.to_bits(), last.to_bits()));
            }
            (Family::V6, IpAddr::V6(first), IpAddr::V6(last)) => {
                self.narrow(axis, not, &Values::range(first.to_bits(), last.to_bits()));
            }
            _ => self.certain = false,
        }
    }

    /// One of the ports is in `ports`; neither, if inverted.
    fn read_either(&mut self, not: bool, ports: &Values) {
        if not {
            self.narrow(Axis::Sport, true, ports);
            return self.narrow(Axis::Dport, true, ports);
        }
        let [by_source, by_destination] =
            [Axis::Sport, Axis::Dport].map(|axis| Cube::all().narrowed(axis, &axis.scaled(self.family, ports)));
        self.keep(by_source.into_iter().chain(by_destination));
    }

    fn read_mark(&mut self, not: bool, mark: Masked) {
        if self.changed.mark != 0 {
            self.certain = false;
            return;
        }
        let marks = Bits::of(mark);
        let all = Bits::default();
        let kept = match (marks, not) {
            (Some(marks), false) => vec![marks],
            (Some(marks), true) => all.minus(marks),
            (None, false) => Vec::new(),
            (None, true) => vec![all],
        };
        self.keep(kept.into_iter().filter_map(|marks| Cube::all().marked(marks)));
    }

    /// Keeps what has a value of the field in `values`, or has not.
    fn narrow(&mut self, axis: Axis, not: bool, values: &Values) {
        let scaled = axis.scaled(self.family, values);
        self.narrow_to(axis, &if not { complement(&scaled) } else { scaled });
    }

    fn narrow_to(&mut self, axis: Axis, places: &Values) {
        self.space = mem::take(&mut self.space).each(|cube| cube.narrowed(axis, places));
    }

    fn test(&mut self, test: &Opaque, answer: bool) {
        self.space = mem::take(&mut self.space).each(|cube| cube.tested(test, answer));
    }

    /// Keeps what is in one of `cubes`. If that is too much to write down, it is not relied on.
    fn keep(&mut self, cubes: impl Iterator<Item = Cube>) {
        match Space::union(cubes).and_then(|kept| self.space.and(&kept)) {
            Some(kept) => self.space = kept,
            None => self.certain = false,
        }
    }
}

/// Type and code as one number.
fn icmp(kind: Option<u8>, code: Option<u8>) -> Values {
    let side = |byte: Option<u8>| byte.map_or((0, u8::MAX), |byte| (byte, byte));
    let ((kind, last_kind), (code, last_code)) = (side(kind), side(code));
    let of = |kind: u8| Values::range(u16::from_be_bytes([kind, code]), u16::from_be_bytes([kind, last_code]));
    Values::union((kind..=last_kind).map(of))
}
