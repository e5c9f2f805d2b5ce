//! A packet out of a set, in the words of the command line.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::logic::Values;
use crate::number::Protocol;
use crate::packet::CtState;
use crate::save::Family;

use super::axis::{Axis, some_name};
use super::cube::{Cube, Opaque};
use super::state::read;

/// A packet of a set. A field that the set leaves open has a value that is usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Source address.
    pub src: IpAddr,
    /// Destination address.
    pub dst: IpAddr,
    /// Protocol above IP.
    pub protocol: Protocol,
    /// Source and destination port, where the protocol has ports.
    pub ports: Option<(u16, u16)>,
    /// TCP flags, where the protocol is TCP.
    pub tcp_flags: Option<u8>,
    /// Type and code, where the protocol is ICMP or ICMPv6.
    pub icmp: Option<(u8, u8)>,
    /// Interface it arrived on, where the set restricts that; empty for none.
    pub input: Option<String>,
    /// Interface it leaves by, where the set restricts that; empty for none.
    pub output: Option<String>,
    /// Firewall mark.
    pub mark: u32,
    /// What connection tracking says.
    pub state: CtState,
    /// Its connection's destination was rewritten.
    pub dnat: bool,
    /// Its connection's source was rewritten.
    pub snat: bool,
    /// It is a later fragment.
    pub fragment: bool,
    /// Matches that are not looked into, and whether it has to pass them.
    pub tests: Vec<(Opaque, bool)>,
}

impl Sample {
    /// A packet of `cube`; `None` if no protocol, or no name of an interface, is found in it.
    pub fn of(cube: &Cube, family: Family) -> Option<Self> {
        let pick = |axis, usual: &[u128]| pick(cube, axis, family, usual);
        let byte = |axis, usual: &[u128]| u8::try_from(pick(axis, usual)).ok();
        let protocol = Protocol(byte(Axis::Protocol, &usual_protocols(family))?);
        let echo = if family == Family::V4 { 0x0800 } else { 0x8000 };
        let [kind, code] = u16::try_from(pick(Axis::Icmp, &[echo])).ok()?.to_be_bytes();
        let port = |axis, usual: &[u128]| u16::try_from(pick(axis, usual)).ok();
        let ports = (port(Axis::Sport, &[50_000])?, port(Axis::Dport, &[80, 1])?);
        let (state, dnat, snat) = read(byte(Axis::State, &[0])?);
        let name = |axis, usual| cube.on(axis).map(|names| some_name(names, usual));
        let is_icmp = matches!(protocol, Protocol::ICMP | Protocol::ICMPV6);
        Some(Self {
            src: address(family, pick(Axis::Src, &usual_addresses(family, 1))),
            dst: address(family, pick(Axis::Dst, &usual_addresses(family, 2))),
            protocol,
            ports: protocol.has_ports().then_some(ports),
            tcp_flags: (protocol == Protocol::TCP).then_some(byte(Axis::TcpFlags, &[0x02, 0x10])?),
            icmp: is_icmp.then_some((kind, code)),
            input: name(Axis::Input, "eth0").map_or(Some(None), |name| name.map(Some))?,
            output: name(Axis::Output, "eth1").map_or(Some(None), |name| name.map(Some))?,
            mark: cube.mark().least(),
            state,
            dnat,
            snat,
            fragment: byte(Axis::Fragment, &[0])? == 1,
            tests: cube.tests().to_vec(),
        })
    }
}

impl fmt::Display for Sample {
    /// `tcp 192.0.2.1:50000 -> 192.0.2.2:80 in by eth0`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = |address: IpAddr, port: Option<u16>| match port {
            Some(port) => std::net::SocketAddr::new(address, port).to_string(),
            None => address.to_string(),
        };
        let (from, to) = (self.ports.map(|(from, _)| from), self.ports.map(|(_, to)| to));
        write!(f, "{} {} -> {}", self.protocol, end(self.src, from), end(self.dst, to))?;
        let named = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
        named(&self.input).map_or(Ok(()), |name| write!(f, ", in by {name}"))?;
        named(&self.output).map_or(Ok(()), |name| write!(f, ", out by {name}"))?;
        if self.mark != 0 {
            write!(f, ", mark {:#x}", self.mark)?;
        }
        if self.state == CtState::New { Ok(()) } else { write!(f, ", {}", self.state.as_str()) }
    }
}

/// One of the `usual` values of a field, or the lowest that the cube has.
fn pick(cube: &Cube, axis: Axis, family: Family, usual: &[u128]) -> u128 {
    let has = |value: &&u128| cube.on(axis).is_none_or(|places| places.contains(axis.place(family, **value)));
    let lowest = || cube.on(axis).map(Values::ranges).and_then(<[_]>::first).map_or(0, |(first, _)| *first);
    usual.iter().find(has).copied().unwrap_or_else(|| axis.value(family, lowest()))
}

fn usual_protocols(family: Family) -> [u128; 3] {
    let icmp = if family == Family::V4 { Protocol::ICMP } else { Protocol::ICMPV6 };
    [Protocol::TCP, Protocol::UDP, icmp].map(|protocol| protocol.0.into())
}

/// Addresses for documentation, of this host in them.
fn usual_addresses(family: Family, host: u8) -> [u128; 1] {
    match family {
        Family::V4 => [Ipv4Addr::new(192, 0, 2, host).to_bits().into()],
        Family::V6 => [Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, host.into()).to_bits()],
    }
}

fn address(family: Family, value: u128) -> IpAddr {
    match family {
        Family::V4 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(value).unwrap_or(u32::MAX))),
        Family::V6 => IpAddr::V6(Ipv6Addr::from_bits(value)),
    }
}
