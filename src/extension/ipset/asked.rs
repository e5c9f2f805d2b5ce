//! The sides of a packet that a set is asked for.

use std::net::IpAddr;

use crate::ipset::{Dimension, Element, Set};
use crate::logic::Unknown;
use crate::packet::{Context, Interface, Packet, Protocol, Value};

/// What a set is asked for.
pub(super) enum Asked {
    /// It cannot hold such a packet: an Ethernet address of one that was made here, a port before the protocol has any.
    Nothing,
    /// This.
    Known(Element),
    /// This, on the interface that the packet comes or leaves by, which is not known.
    On(Element, Value<Interface>),
    /// Something that is not known; what, if the set has no other dimension.
    Unknown(Option<Unknown>),
}

/// One dimension of what a set is asked for.
enum Part<'a> {
    Nothing,
    Known,
    Interface(&'a Value<Interface>),
    Unknown(Option<Unknown>),
}

/// The sides of the packet that a set's dimensions ask for.
pub(super) fn asked(cx: &Context<'_>, set: &Set, sides: &str) -> Asked {
    let mut element = Element::default();
    let mut unknown = None;
    for (dimension, side) in set.kind.dimensions.iter().zip(sides.split(',')) {
        match part(cx, set, *dimension, side == "src", &mut element) {
            Part::Nothing => return Asked::Nothing,
            Part::Known => {}
            Part::Interface(interface) if unknown.is_none() => return Asked::On(element, interface.clone()),
            Part::Interface(_) => unknown = Some(None),
            Part::Unknown(quantity) => unknown = Some(quantity.filter(|_| set.kind.dimensions.len() == 1)),
        }
    }
    unknown.map_or(Asked::Known(element), Asked::Unknown)
}

fn part<'a>(cx: &Context<'a>, set: &Set, dimension: Dimension, src: bool, element: &mut Element) -> Part<'a> {
    let packet = cx.packet;
    match dimension {
        Dimension::Address => match if src { &packet.src } else { &packet.dst } {
            Value::Known(address) => {
                element.address(*address);
                Part::Known
            }
            Value::Unknown(unknown) => Part::Unknown(Some(unknown.clone())),
        },
        Dimension::Port => port(packet, set, src, element),
        Dimension::Mac => mac(packet, src, element),
        Dimension::Mark => match packet.mark {
            Value::Known(mark) => {
                element.mark(mark);
                Part::Known
            }
            Value::Unknown(_) => Part::Unknown(None),
        },
        Dimension::Interface => match if src { &packet.input } else { &packet.output } {
            Value::Known(interface) if interface.name().is_empty() => Part::Nothing,
            Value::Known(interface) => {
                element.interface(interface.name());
                Part::Known
            }
            unknown @ Value::Unknown(_) => Part::Interface(unknown),
        },
    }
}

/// Port and protocol (`ip_set_getport.c`). `bitmap:port` has only those of TCP and UDP; protocols that have no ports, DCCP
/// among them, count as port 0.
fn port(packet: &Packet, set: &Set, src: bool, element: &mut Element) -> Part<'static> {
    let Value::Known(protocol) = packet.protocol else { return Part::Unknown(None) };
    if set.kind.is_bitmap() && !matches!(protocol, Protocol::TCP | Protocol::UDP) {
        return Part::Nothing;
    }
    match protocol {
        Protocol(0) => return Part::Nothing,
        Protocol::TCP | Protocol::UDP | Protocol::UDPLITE | Protocol::SCTP => {
            match if src { &packet.sport } else { &packet.dport } {
                Value::Known(port) => element.port(protocol.0, *port),
                Value::Unknown(unknown) => return Part::Unknown(Some(unknown.clone())),
            }
        }
        Protocol::ICMP | Protocol::ICMPV6 => match (&packet.icmp_type, &packet.icmp_code) {
            (Value::Known(kind), Value::Known(code)) => element.port(protocol.0, u16::from_be_bytes([*kind, *code])),
            _ => return Part::Unknown(None),
        },
        _ => element.port(protocol.0, 0),
    }
    Part::Known
}

/// What is made here has no Ethernet header yet, and what comes back by lo has one of zeros, which no set holds.
fn mac(packet: &Packet, src: bool, element: &mut Element) -> Part<'static> {
    match packet.mac {
        _ if packet.local => Part::Nothing,
        Some([0, 0, 0, 0, 0, 0]) if src => Part::Nothing,
        Some(address) if src => {
            element.mac(address);
            Part::Known
        }
        _ => Part::Unknown(None),
    }
}

/// The packet's side of each direction, as far as it is known.
pub(super) fn in_words(cx: &Context<'_>, sides: &str, src: &str, dst: &str) -> String {
    let address = |value: &Value<IpAddr>, unknown: &str| match value {
        Value::Known(address) => address.to_string(),
        Value::Unknown(_) => unknown.to_owned(),
    };
    let side = |side| if side == "src" { address(&cx.packet.src, src) } else { address(&cx.packet.dst, dst) };
    let mut words: Vec<_> = sides.split(',').map(side).collect();
    words.dedup();
    words.join(",")
}
