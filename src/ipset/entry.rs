//! The entry of an `add` line: `10.0.0.0/8`, `10.0.0.1,udp:53`, `10.0.0.0/24,physdev:eth0`. A save has one element a line;
//! what people write for `ipset restore` may have ranges, which are taken apart into networks and ports here.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};

use crate::number::{Protocol, mac_address, number};
use crate::save::Family;

use super::element::{ANY_MAC, Key, mask, tag};
use super::icmp;
use super::kind::{Dimension, Kind};

/// Networks, as bits and length: nearly always one.
type Networks = SmallVec<[(u128, u8); 1]>;

/// What an entry is about: everything in `first` with every port with everything in `second`. What its set has no dimension
/// for is one zero.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    first: Networks,
    second: Networks,
    ports: RangeInclusive<u16>,
    rest: Key,
    /// Its interface.
    pub(super) interface: Option<Arc<str>>,
    /// The interface is the port of a bridge (`physdev:`), which no rule of iptables can ask for.
    pub(super) physdev: bool,
}

impl Entry {
    /// Reads the entry of a set of this kind; the error is what a part should have been.
    pub(super) fn read(text: &str, kind: &Kind, family: Family) -> Result<Self, &'static str> {
        let mut entry = Self {
            first: smallvec![(0, 0)],
            second: smallvec![(0, 0)],
            ports: 0..=0,
            rest: Key::default(),
            interface: None,
            physdev: false,
        };
        let mut parts = text.split(',');
        for (index, dimension) in kind.dimensions.iter().enumerate() {
            match parts.next() {
                Some(part) => entry.part(part, index, *dimension, family)?,
                None if kind.name == "bitmap:ip,mac" && index == 1 => entry.rest.tag = ANY_MAC,
                None => return Err("a part for each dimension of the set"),
            }
        }
        if parts.next().is_some() {
            return Err("no more parts than the set has dimensions");
        }
        if kind.dimensions == [Dimension::Port] {
            entry.rest.protocol = 0;
        }
        Ok(entry)
    }

    fn part(&mut self, part: &str, index: usize, dimension: Dimension, family: Family) -> Result<(), &'static str> {
        match dimension {
            Dimension::Address => {
                let networks = networks(part, family).ok_or("an address, a network or a range of the set's family")?;
                *if index == 0 { &mut self.first } else { &mut self.second } = networks;
            }
            Dimension::Port => {
                let (protocol, ports) = ports(part).ok_or("a port, `protocol:port` or `icmp:type/code`")?;
                self.rest.protocol = protocol.0;
                self.ports = ports;
            }
            Dimension::Mac => self.rest.tag = mac_address(part).map(tag).ok_or("an Ethernet address")?,
            Dimension::Mark => self.rest.tag = number::<u32>(part).ok_or("a mark")?.into(),
            Dimension::Interface => {
                let port = part.strip_prefix("physdev:");
                self.physdev = port.is_some();
                self.interface = Some(port.unwrap_or(part).into());
            }
        }
        Ok(())
    }

    /// How many elements it is.
    pub(super) fn len(&self) -> usize {
        self.first.len() * self.second.len() * self.ports.len()
    }

    /// Its elements; `kept` are the bits of addresses that the set keeps.
    pub(super) fn keys(&self, kept: u128) -> impl Iterator<Item = Key> {
        self.first.iter().flat_map(move |first| {
            self.second.iter().flat_map(move |second| {
                self.ports.clone().map(move |port| Key {
                    addresses: [first.0 & kept, second.0 & kept],
                    lengths: [first.1, second.1],
                    port,
                    ..self.rest
                })
            })
        })
    }
}

/// `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9` as networks: bits and length.
fn networks(text: &str, family: Family) -> Option<Networks> {
    let width = width(family);
    if let Some((first, last)) = text.split_once('-') {
        return cover(address(first, family)?, address(last, family)?, width);
    }
    let (text, length) = match text.split_once('/') {
        Some((text, length)) => (text, length.parse().ok().filter(|length| *length <= width)?),
        None => (text, width),
    };
    Some(smallvec![(address(text, family)? & mask(length, width), length)])
}

/// Bits of an address.
pub(super) const fn width(family: Family) -> u8 {
    match family {
        Family::V4 => 32,
        Family::V6 => 128,
    }
}

/// An address of the family as a number.
pub(super) fn address(text: &str, family: Family) -> Option<u128> {
    match family {
        Family::V4 => text.parse::<Ipv4Addr>().ok().map(|address| address.to_bits().into()),
        Family::V6 => text.parse::<Ipv6Addr>().ok().map(Ipv6Addr::to_bits),
    }
}

/// The fewest networks that hold every address from `first` to `last`.
fn cover(mut first: u128, last: u128, width: u8) -> Option<Networks> {
    let mut networks = Networks::new();
    while first <= last {
        let room = (last - first).checked_add(1).map_or(128, u128::ilog2);
        let open = first.trailing_zeros().min(room).min(width.into());
        networks.push((first, width - u8::try_from(open).ok()?));
        match 1u128.checked_shl(open).and_then(|size| first.checked_add(size)) {
            Some(next) => first = next,
            None => break,
        }
    }
    (!networks.is_empty()).then_some(networks)
}

/// `80`, `udp:53`, `tcp:80-90`, `icmp:echo-request`; without a protocol it is TCP.
fn ports(text: &str) -> Option<(Protocol, RangeInclusive<u16>)> {
    let (protocol, ports) = match text.split_once(':') {
        Some((protocol, ports)) => (protocol.parse().ok()?, ports),
        None => (Protocol::TCP, text),
    };
    if matches!(protocol, Protocol::ICMP | Protocol::ICMPV6) {
        let port = icmp::type_and_code(ports, protocol == Protocol::ICMPV6)?;
        return Some((protocol, port..=port));
    }
    let (first, last) = ports.split_once('-').unwrap_or((ports, ports));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some((protocol, first..=last))
}
