//! What one line of the kernel's log says, in types.

use std::net::IpAddr;
use std::sync::Arc;

use crate::number::Protocol;
use crate::save::Family;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number, from 1.
    pub line: u64,
    /// When it was written, as it says itself.
    pub time: Option<Box<str>>,
    /// The number that a monitor gives all lines about one packet.
    pub trace: Option<u32>,
    /// What happened; `None` for a line that only shows the packet.
    pub told: Option<Told>,
    /// The packet as it was then.
    pub headers: Option<Arc<Headers>>,
    /// Its mark, where the line tells: a LOG line without one means 0.
    pub mark: Option<u32>,
}

/// What a line tells.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Told {
    /// A LOG rule wrote it, with this before the packet.
    Prefix(Box<str>),
    /// The packet met something in a chain.
    Met(Met),
}

/// What a packet met in a chain.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Met {
    /// The table.
    pub table: Box<str>,
    /// The chain.
    pub chain: Box<str>,
    /// What it met there.
    pub what: What,
}

/// What a packet met.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum What {
    /// The rule of this number.
    Number(u32),
    /// The end of a chain, which counts as one rule more, or the rule of this number that asks for nothing and ends it.
    End(u32),
    /// A rule in the words of a tool.
    Rule(Words),
    /// The end of a chain that somebody made.
    Return,
    /// The policy of a built-in chain.
    Policy,
}

/// A rule in the words of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Words {
    /// As iptables or nft prints it, without its counters.
    pub text: Box<str>,
    /// What it does: `jump KUBE-SERVICES`, `accept`, `continue`; in lower case but for a chain.
    pub does: Box<str>,
}

/// A packet, as far as a line shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    /// IPv4 or IPv6.
    pub family: Family,
    /// Interface it came in by; empty for none.
    pub input: Box<str>,
    /// Interface it leaves by; empty for none.
    pub output: Box<str>,
    /// Ethernet source address.
    pub mac: Option<[u8; 6]>,
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Length of the IP packet in bytes.
    pub length: Option<u16>,
    /// Type of service, or traffic class.
    pub tos: Option<u8>,
    /// Time to live, or hop limit.
    pub ttl: Option<u8>,
    /// What tells one packet from the next: the IPv4 identification or the IPv6 flow label.
    pub id: Option<u32>,
    /// Protocol above IP.
    pub protocol: Option<Protocol>,
    /// Source port.
    pub sport: Option<u16>,
    /// Destination port.
    pub dport: Option<u16>,
    /// TCP flags.
    pub flags: Option<u8>,
    /// ICMP type and code.
    pub icmp: Option<(u8, Option<u8>)>,
    /// Identifier of an echo.
    pub echo: Option<u16>,
    /// User that made it.
    pub uid: Option<u32>,
    /// Group that made it.
    pub gid: Option<u32>,
}

impl Headers {
    /// A packet of which only the addresses are known.
    pub(super) fn between(src: IpAddr, dst: IpAddr) -> Self {
        Self {
            family: Family::of(dst),
            input: Box::default(),
            output: Box::default(),
            mac: None,
            src,
            dst,
            length: None,
            tos: None,
            ttl: None,
            id: None,
            protocol: None,
            sport: None,
            dport: None,
            flags: None,
            icmp: None,
            echo: None,
            uid: None,
            gid: None,
        }
    }

    /// Both ends, with the ports or what stands for them.
    pub fn tuple(&self) -> Tuple {
        let port = |port: Option<u16>| port.or(self.echo).unwrap_or(0);
        let protocol = self.protocol.map_or(0, |protocol| protocol.0);
        Tuple { protocol, src: (self.src, port(self.sport)), dst: (self.dst, port(self.dport)) }
    }
}

/// Protocol and both ends of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tuple {
    /// Number of the protocol.
    pub protocol: u8,
    /// Source address and port.
    pub src: (IpAddr, u16),
    /// Destination address and port.
    pub dst: (IpAddr, u16),
}

impl Tuple {
    /// That of an answer.
    #[must_use]
    pub const fn reversed(self) -> Self {
        Self { protocol: self.protocol, src: self.dst, dst: self.src }
    }
}
