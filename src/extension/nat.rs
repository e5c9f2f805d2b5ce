//! What the nat targets share: addresses and ports to choose from.
//!
//! From one address there is nothing to choose; from several a hash of the packet's addresses takes one
//! (`nat_hash.rs`). A port is kept where it may be; where the kernel draws one, it is an unknown of its own
//! (`nat_port.rs`). Both are put together in `get_unique_tuple` (`net/netfilter/nf_nat_core.c`). That the mapping is
//! free is taken for granted, as it is for a new client.

use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use crate::logic::Field;
use crate::packet::{Context, Packet, Protocol, Value};
use crate::save::Family;

use super::args::{Args, Opt, opt};
use super::nat_hash::{Flow, Side};
use super::nat_port::PortChoice;

/// `--random`
pub(super) const RANDOM: Opt = opt("--random", 0);
/// `--random-fully`
pub(super) const RANDOM_FULLY: Opt = opt("--random-fully", 0);
/// `--persistent`
pub(super) const PERSISTENT: Opt = opt("--persistent", 0);

/// How the kernel is to choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flags {
    random: bool,
    fully: bool,
    persistent: bool,
}

impl Flags {
    pub(super) fn read(args: &Args<'_>) -> Self {
        let has = |option: Opt| args.has(option.name);
        Self { random: has(RANDOM), fully: has(RANDOM_FULLY), persistent: has(PERSISTENT) }
    }

    /// Is a port drawn even if the old one could be kept?
    pub(super) const fn draw(self) -> bool {
        self.random || self.fully
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [(self.random, RANDOM), (self.fully, RANDOM_FULLY), (self.persistent, PERSISTENT)];
        flags.iter().filter(|(set, _)| *set).try_for_each(|(_, option)| write!(f, " {}", option.name))
    }
}

/// `A[-B][:p[-q][/base]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    addresses: Option<RangeInclusive<IpAddr>>,
    ports: Option<PortChoice>,
}

impl Choice {
    /// Reads what stands behind `--to-destination` and `--to-source`.
    pub(super) fn parse(text: &str, family: Family) -> Option<Self> {
        let (addresses, ports) = split_ports(text)?;
        let address = |text: &str| text.parse().ok().filter(|address| Family::of(*address) == family);
        let addresses = match addresses {
            "" => None,
            text => {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                Some(address(first)?..=address(last)?)
            }
        };
        let ports = match ports {
            Some(ports) => Some(PortChoice::parse(ports)?),
            None => None,
        };
        (addresses.is_some() || ports.is_some()).then_some(Self { addresses, ports })
    }

    /// The only address and the only port, as far as it names just one.
    pub(super) fn only(&self) -> (Option<IpAddr>, Option<u16>) {
        let address = self.addresses.as_ref().filter(|range| range.start() == range.end()).map(|range| *range.start());
        (address, self.ports.as_ref().and_then(PortChoice::only))
    }

    /// The same for SNAT, which has no base of its own.
    pub(super) fn without_base(self) -> Self {
        Self { ports: self.ports.map(PortChoice::without_base), ..self }
    }

    /// The destination of a packet that DNAT takes.
    pub(super) fn destination(&self, cx: &Context<'_>, flags: Flags) -> (Value<IpAddr>, Value<u16>) {
        let packet = cx.packet;
        let address = match &self.addresses {
            None => packet.dst.clone(),
            Some(range) => chosen(cx, range, flags, Side::Destination),
        };
        let port = match &self.ports {
            Some(ports) if has_ports(packet) => ports.destination(&packet.dport, flags.draw(), cx.line),
            _ => packet.dport.clone(),
        };
        (address, port)
    }

    /// The source of a packet that SNAT takes.
    pub(super) fn source(&self, cx: &Context<'_>, flags: Flags) -> (Value<IpAddr>, Value<u16>) {
        let port = source_port(self.ports.as_ref(), cx.packet, flags, cx.line);
        (self.source_address(cx, flags), port)
    }

    /// A source that lies in the range as it is, with its port, stays.
    fn source_address(&self, cx: &Context<'_>, flags: Flags) -> Value<IpAddr> {
        let packet = cx.packet;
        let Some(range) = &self.addresses else { return packet.src.clone() };
        let inside = !flags.draw() && packet.src.known().is_some_and(|src| range.start() <= src && src <= range.end());
        match self.keeps_port(packet) {
            Some(true) if inside => packet.src.clone(),
            None if inside && range.start() != range.end() => Value::left(Field::Src, cx.line),
            _ => chosen(cx, range, flags, Side::Source),
        }
    }

    /// Does the source port lie in the range of ports? `None` if that is not known.
    fn keeps_port(&self, packet: &Packet) -> Option<bool> {
        match &self.ports {
            Some(ports) if has_ports(packet) => packet.sport.known().map(|port| ports.holds(*port)),
            _ => Some(true),
        }
    }
}

/// The source port after SNAT and MASQUERADE: kept while it is free, unless the rule asks for another.
pub(super) fn source_port(ports: Option<&PortChoice>, packet: &Packet, flags: Flags, line: u32) -> Value<u16> {
    match ports {
        _ if !has_ports(packet) => packet.sport.clone(),
        Some(ports) => ports.source(&packet.sport, flags.draw(), line),
        None if flags.draw() => Value::left(Field::Sport, line),
        None => packet.sport.clone(),
    }
}

/// The address of `range` that a packet gets.
fn chosen(cx: &Context<'_>, range: &RangeInclusive<IpAddr>, flags: Flags, side: Side) -> Value<IpAddr> {
    if range.start() == range.end() {
        return Value::Known(*range.start());
    }
    let packet = cx.packet;
    let zone = packet.conntrack.zone(&packet.mark);
    let flow = match (&packet.src, &packet.dst, zone) {
        (Value::Known(src), _, _) if flags.persistent => Some(Flow { src: *src, dst: None, zone: 0 }),
        (Value::Known(src), Value::Known(dst), Value::Known(zone)) => Some(Flow { src: *src, dst: Some(*dst), zone }),
        _ => None,
    };
    let address = flow.and_then(|flow| flow.choose(range, side));
    let field = if side == Side::Source { Field::Src } else { Field::Dst };
    address.map_or_else(|| Value::left(field, cx.line), Value::Known)
}

/// Splits `address:ports`, `[address6]:ports` and a bare `address6`.
fn split_ports(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (addresses, rest) = rest.split_once(']')?;
        return match rest {
            "" => Some((addresses, None)),
            rest => Some((addresses, Some(rest.strip_prefix(':')?))),
        };
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Some((text, None)),
        Some((addresses, ports)) => Some((addresses, Some(ports))),
        None => Some((text, None)),
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(range) = &self.addresses {
            let brackets = range.start().is_ipv6() && self.ports.is_some();
            f.write_str(if brackets { "[" } else { "" })?;
            write!(f, "{}", range.start())?;
            if range.start() != range.end() {
                write!(f, "-{}", range.end())?;
            }
            f.write_str(if brackets { "]" } else { "" })?;
        }
        self.ports.as_ref().map_or(Ok(()), |ports| write!(f, ":{ports}"))
    }
}

/// The port of a packet whose protocol has none is not touched.
pub(super) fn has_ports(packet: &Packet) -> bool {
    packet.protocol.known().is_none_or(|protocol: &Protocol| protocol.has_ports())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_read_and_print() {
        let print = |text: &str, family| Choice::parse(text, family).map(|choice| choice.to_string());
        for text in [
            "172.17.0.2:80",
            "10.0.0.1",
            "10.0.0.1-10.0.0.9",
            "10.0.0.9-10.0.0.1",
            "10.0.0.1:80-90",
            ":53",
            "10.0.0.1:8000-8009/80",
        ] {
            assert_eq!(print(text, Family::V4).as_deref(), Some(text));
            assert_eq!(print(text, Family::V6).is_some(), text == ":53");
        }
        for text in ["fd00::1", "[fd00::1]:80", "[fd00::1-fd00::9]:80-90", "fd00::1-fd00::2"] {
            assert_eq!(print(text, Family::V6).as_deref(), Some(text));
        }
        assert_eq!(print("10.0.0.1-10.0.0.1", Family::V4).as_deref(), Some("10.0.0.1"));
        for text in ["", ":", "x", "10.0.0.1:", "192.16", "--random", "10.0.0.1:90-80", "10.0.0.1:80/90"] {
            assert_eq!(print(text, Family::V4), None, "{text}");
        }
        assert_eq!(print("[fd00::1]80", Family::V6), None);
    }
}
