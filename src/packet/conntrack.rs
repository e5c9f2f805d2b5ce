//! What connection tracking knows of a packet.

use std::net::IpAddr;

use crate::number::Protocol;

use super::packet::{Packet, tcp_flags};
use super::value::Value;

/// The states that `--ctstate` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CtState {
    /// Belongs to no connection and cannot start one.
    Invalid,
    /// Starts a connection, or repeats a start that was not answered.
    New,
    /// Belongs to a connection that was answered.
    Established,
    /// Starts a connection that another one announced, or is an error about one.
    Related,
    /// Taken out of tracking in the raw table.
    Untracked,
}

impl CtState {
    /// Every state, in the order in which iptables prints them.
    pub const ALL: [Self; 5] = [Self::Invalid, Self::New, Self::Related, Self::Established, Self::Untracked];

    /// The name as iptables spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "INVALID",
            Self::New => "NEW",
            Self::Established => "ESTABLISHED",
            Self::Related => "RELATED",
            Self::Untracked => "UNTRACKED",
        }
    }

    /// The state called `name`, in capitals or not.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str().eq_ignore_ascii_case(name))
    }
}

/// Addresses and ports of one direction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple {
    /// Source address.
    pub src: Value<IpAddr>,
    /// Source port.
    pub sport: Value<u16>,
    /// Destination address.
    pub dst: Value<IpAddr>,
    /// Destination port.
    pub dport: Value<u16>,
}

/// The zone that `CT` puts a connection into: each has a table of connections of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Zone {
    /// This one.
    Number(u16),
    /// The one of the packet's mark, as it is when tracking begins.
    Mark,
}

/// What is attached to the packet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Conntrack {
    /// Nothing yet: connection tracking comes after the raw table.
    Unseen,
    /// How to track it: `CT` without `--notrack` has decided that before tracking begins.
    Template(Zone),
    /// Nothing, and nothing will be: `CT --notrack`.
    Untracked,
    /// Nothing: the packet fits no connection.
    Invalid,
    /// An entry.
    Entry {
        /// New, established or related.
        state: CtState,
        /// The packet goes the other way than the connection's first one.
        answers: bool,
        /// The connection's first packet as it first arrived.
        original: Box<Tuple>,
        /// What its answers carry, once its first packet has been through nat.
        expected: Option<Box<Tuple>>,
        /// The zone it is in.
        zone: Value<u16>,
        /// Its destination was rewritten.
        dnat: bool,
        /// Its source was rewritten.
        snat: bool,
    },
}

impl Tuple {
    /// The other direction.
    #[must_use]
    pub fn reversed(self) -> Self {
        Self { src: self.dst, sport: self.dport, dst: self.src, dport: self.sport }
    }
}

impl Conntrack {
    /// What a later packet finds: the connection that `first`, at the end of its way, has set up. Without an entry there
    /// is none.
    pub fn established(first: &Packet, answers: bool) -> Self {
        match &first.conntrack {
            Self::Entry { original, zone, dnat, snat, .. } => Self::Entry {
                state: CtState::Established,
                answers,
                original: original.clone(),
                expected: Some(Box::new(first.tuple().reversed())),
                zone: zone.clone(),
                dnat: *dnat,
                snat: *snat,
            },
            other => other.clone(),
        }
    }

    /// The connection, not rewritten, that `packet` answers.
    pub fn answering(packet: &Packet) -> Self {
        Self::Entry {
            state: CtState::Established,
            answers: true,
            original: Box::new(packet.tuple().reversed()),
            expected: Some(Box::new(packet.tuple())),
            zone: Value::Known(0),
            dnat: false,
            snat: false,
        }
    }

    /// The state as a rule sees it; without an entry that is INVALID, also before tracking, unless `CT` has decided how to
    /// track (`conntrack_mt`).
    pub const fn state(&self) -> CtState {
        match self {
            Self::Unseen | Self::Invalid => CtState::Invalid,
            Self::Template(_) => CtState::New,
            Self::Untracked => CtState::Untracked,
            Self::Entry { state, .. } => *state,
        }
    }

    /// The zone it is in, or will be for a packet with this mark.
    pub fn zone(&self, mark: &Value<u32>) -> Value<u16> {
        match (self, mark) {
            (Self::Entry { zone, .. }, _) => zone.clone(),
            (Self::Template(Zone::Number(zone)), _) => Value::Known(*zone),
            (Self::Template(Zone::Mark), Value::Known(mark)) => {
                Value::Known(u16::try_from(mark & 0xffff).unwrap_or(u16::MAX))
            }
            (Self::Template(Zone::Mark), Value::Unknown(_)) => Value::chosen("zone"),
            (Self::Unseen | Self::Untracked | Self::Invalid, _) => Value::Known(0),
        }
    }

    /// Has connection tracking still to look at the packet?
    pub const fn is_open(&self) -> bool {
        matches!(self, Self::Unseen | Self::Template(_))
    }

    /// What the hook of connection tracking attaches to a packet in `state`.
    pub fn attach(state: CtState, packet: &Packet) -> Self {
        match state {
            CtState::Invalid => Self::Invalid,
            CtState::Untracked => Self::Untracked,
            CtState::New | CtState::Established | CtState::Related => {
                let original = Box::new(packet.tuple());
                let zone = packet.conntrack.zone(&packet.mark);
                Self::Entry { state, answers: false, original, expected: None, zone, dnat: false, snat: false }
            }
        }
    }
}

/// The state of a packet about which connection tracking knows nothing yet (measured on Linux 6.18; `nf_conntrack_proto_*.c`).
///
/// TCP may be picked up in midstream (`tcp_loose`), so a plain ACK is NEW; what no connection can start with is INVALID.
pub fn first_state(packet: &Packet) -> CtState {
    let icmp_type = packet.icmp_type.known().copied();
    match packet.protocol.known() {
        Some(&Protocol::TCP) => starts(starts_tcp(packet.tcp_flags)),
        Some(&Protocol::ICMP) => starts(matches!(icmp_type, None | Some(8 | 13 | 15 | 17))),
        Some(&Protocol::ICMPV6) => match icmp_type {
            // Neighbour and multicast listener discovery.
            Some(130..=136 | 143) => CtState::Untracked,
            icmp_type => starts(matches!(icmp_type, None | Some(128 | 139))),
        },
        _ => CtState::New,
    }
}

const fn starts(new: bool) -> CtState {
    if new { CtState::New } else { CtState::Invalid }
}

/// A SYN, or an ACK of a connection that was there before its first packet was seen.
const fn starts_tcp(flags: u8) -> bool {
    let known = flags & !(tcp_flags::PSH | tcp_flags::URG | tcp_flags::ECE | tcp_flags::CWR);
    known == tcp_flags::SYN || known == tcp_flags::ACK
}
