//! The packet on its way.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use crate::logic::Field;
use crate::number::Protocol;
use crate::save::Family;

use super::change::SetChange;
use super::conntrack::{Conntrack, CtState, Tuple};
use super::interface::Interface;
use super::value::Value;

/// The bits of a TCP header's flags, named as `--tcp-flags` does.
pub mod tcp_flags {
    /// No more data.
    pub const FIN: u8 = 0x01;
    /// Open a connection.
    pub const SYN: u8 = 0x02;
    /// Close it at once.
    pub const RST: u8 = 0x04;
    /// Hand on what is there.
    pub const PSH: u8 = 0x08;
    /// The acknowledgement number counts.
    pub const ACK: u8 = 0x10;
    /// The urgent pointer counts.
    pub const URG: u8 = 0x20;
    /// Congestion was met; no option of iptables names it.
    pub const ECE: u8 = 0x40;
    /// The sender has slowed down; no option of iptables names it.
    pub const CWR: u8 = 0x80;
    /// The flags in the order in which iptables prints them.
    pub const NAMES: [(&str, u8); 6] =
        [("FIN", FIN), ("SYN", SYN), ("RST", RST), ("PSH", PSH), ("ACK", ACK), ("URG", URG)];
}

/// Headers and metadata of one packet. Two packets that are equal here have the same future.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Packet {
    /// IPv4 or IPv6.
    pub family: Family,
    /// Made on this host, rather than arrived.
    pub local: bool,
    /// It left by the loopback interface and came back in.
    pub looped: bool,
    /// Source address.
    pub src: Value<IpAddr>,
    /// Source port, where the protocol has one.
    pub sport: Value<u16>,
    /// Destination address.
    pub dst: Value<IpAddr>,
    /// Destination port, where the protocol has one.
    pub dport: Value<u16>,
    /// Protocol above IP.
    pub protocol: Value<Protocol>,
    /// TCP flags, [`tcp_flags`].
    pub tcp_flags: u8,
    /// ICMP type.
    pub icmp_type: Value<u8>,
    /// ICMP code.
    pub icmp_code: Value<u8>,
    /// Time to live or hop limit.
    pub ttl: Value<u8>,
    /// Type of service or traffic class.
    pub tos: Value<u8>,
    /// Length of the IP packet in bytes.
    pub length: Value<u16>,
    /// Interface it arrived on; none for one made here.
    pub input: Value<Interface>,
    /// Interface it leaves by; none before it is routed.
    pub output: Value<Interface>,
    /// Firewall mark.
    pub mark: Value<u32>,
    /// Mark of its connection.
    pub connmark: Value<u32>,
    /// Ethernet source address.
    pub mac: Option<[u8; 6]>,
    /// User that made it, for a local packet.
    pub uid: Value<u32>,
    /// Group that made it, for a local packet.
    pub gid: Value<u32>,
    /// What connection tracking attached to it.
    pub conntrack: Conntrack,
    /// The state that the user gave; otherwise conntrack finds it.
    pub given_state: Option<CtState>,
    /// The connection that it belongs to, if it is not its first packet; connection tracking finds it.
    pub connection: Option<Box<Conntrack>>,
    /// It only goes ahead to show what nat makes of the connection; this is the packet that was asked about.
    pub ahead_of: Option<Box<Self>>,
    /// The port of the transparent socket that TPROXY has handed it to.
    pub socket: Option<Value<u16>>,
    /// Lists of `recent` that it was added to on its way, and the address that was.
    pub recorded: Vec<(Arc<str>, Value<IpAddr>)>,
    /// Labels that `connlabel` gave its connection on its way.
    pub labels: BTreeSet<Arc<str>>,
    /// What `-j SET` did to ipsets on its way, in order.
    pub set_changes: Vec<SetChange>,
}

impl Packet {
    /// A packet of which nothing is known but its family and where it is made.
    pub fn unknown(family: Family, local: bool) -> Self {
        Self {
            family,
            local,
            looped: false,
            src: Value::field(Field::Src),
            sport: Value::field(Field::Sport),
            dst: Value::field(Field::Dst),
            dport: Value::field(Field::Dport),
            protocol: Value::field(Field::Protocol),
            tcp_flags: tcp_flags::SYN,
            icmp_type: Value::field(Field::IcmpType),
            icmp_code: Value::field(Field::IcmpCode),
            ttl: Value::field(Field::Ttl),
            tos: Value::field(Field::Tos),
            length: Value::field(Field::Length),
            input: if local { Value::Known(Interface::none()) } else { Value::field(Field::In) },
            output: Value::Known(Interface::none()),
            mark: Value::Known(0),
            connmark: Value::Known(0),
            mac: None,
            uid: Value::field(Field::Uid),
            gid: Value::field(Field::Gid),
            conntrack: Conntrack::Unseen,
            given_state: None,
            connection: None,
            ahead_of: None,
            socket: None,
            recorded: Vec::new(),
            labels: BTreeSet::new(),
            set_changes: Vec::new(),
        }
    }

    /// The first packet of the connection that this one belongs to.
    #[must_use]
    pub fn first(&self) -> Self {
        let ahead_of = Some(Box::new(self.clone()));
        Self { tcp_flags: tcp_flags::SYN, given_state: Some(CtState::New), ahead_of, ..self.clone() }
    }

    /// This packet, now that `first` has set the connection up, or has not.
    #[must_use]
    pub fn after(self, first: &Self, accepted: bool) -> Self {
        let tracked = matches!(first.conntrack, Conntrack::Entry { .. });
        let connection = (accepted && tracked).then(|| Box::new(Conntrack::established(first, false)));
        Self {
            connection,
            connmark: first.connmark.clone(),
            recorded: first.recorded.clone(),
            labels: first.labels.clone(),
            ..self
        }
    }

    /// Addresses and ports as they are now.
    pub fn tuple(&self) -> Tuple {
        Tuple { src: self.src.clone(), sport: self.sport.clone(), dst: self.dst.clone(), dport: self.dport.clone() }
    }

    /// Was its destination rewritten?
    pub const fn is_dnatted(&self) -> bool {
        match self.conntrack {
            Conntrack::Entry { answers: false, dnat, .. } => dnat,
            Conntrack::Entry { answers: true, snat, .. } => snat,
            _ => false,
        }
    }
}
