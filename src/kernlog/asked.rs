//! The packet that the lines of a log show, as a question: what the kernel has told is known, not asked.

use std::collections::BTreeMap;
use std::rc::Rc;

use ipnet::IpNet;

use crate::logic::{Assumptions, Fact, Field, Grounds, Pattern, Set, Unknown};
use crate::packet::{Address, CtState, Host, Interface, Packet, Protocol, Value, tcp_flags};
use crate::save::Hook;

use super::chart::{Chart, Spot};
use super::record::{Headers, Met, Record, Told};

/// A packet and what the log tells of its way.
#[derive(Debug, Clone)]
pub(super) struct Question {
    pub(super) packet: Packet,
    pub(super) host: Host,
    pub(super) given: Assumptions,
}

/// A line and where it was written.
#[derive(Debug, Clone)]
pub(super) struct Sight<'c> {
    /// Its place among the lines of the packet.
    pub(super) at: usize,
    pub(super) record: &'c Record,
    pub(super) headers: &'c Headers,
    pub(super) spot: Rc<Spot>,
    pub(super) hook: Option<Hook>,
}

/// The lines of a packet with their places.
pub(super) fn sights<'c>(chart: &Chart<'_, '_>, records: &'c [Record]) -> Vec<Sight<'c>> {
    let sight = |(at, record): (usize, &'c Record)| {
        let spot = chart.spot(record);
        let hook = chart.hook(&spot);
        Some(Sight { at, record, headers: record.headers.as_deref()?, spot, hook })
    };
    records.iter().enumerate().filter_map(sight).collect()
}

/// The questions that the lines may be answers to, the likeliest first.
pub(super) fn questions(sights: &[Sight<'_>], host: &Host, named: &BTreeMap<String, bool>) -> Vec<Question> {
    let Some(first) = sights.first() else { return Vec::new() };
    let packet = packet(first, host);
    let mut host = host.clone();
    if let (true, Some(src)) = (packet.local, packet.src.known().filter(|src| !src.is_unspecified())) {
        host.add_address(Address { net: IpNet::from(*src), interface: None });
    }
    let given = given(sights, &packet, named);
    let marks = [0].into_iter().chain(first.record.mark.filter(|mark| *mark != 0));
    let states = states(first.headers, sights);
    let each = marks.flat_map(|mark| states.iter().map(move |state| (mark, *state)));
    each.map(|(mark, state)| {
        let packet = Packet { mark: Value::Known(mark), given_state: state, ..packet.clone() };
        Question { packet, host: host.clone(), given: given.clone() }
    })
    .collect()
}

/// The states that conntrack may have given it.
fn states(headers: &Headers, sights: &[Sight<'_>]) -> Vec<Option<CtState>> {
    let begins = headers.flags.is_none_or(|flags| flags & (tcp_flags::SYN | tcp_flags::ACK) == tcp_flags::SYN);
    let met_nat =
        |sight: &Sight<'_>| matches!(&sight.record.told, Some(Told::Met(Met { table, .. })) if &**table == "nat");
    let new = sights.iter().any(met_nat);
    match (headers.protocol, begins || new) {
        (Some(Protocol::TCP), true) => vec![None],
        (_, true) => vec![None, Some(CtState::Established)],
        (_, false) => vec![Some(CtState::Established), None],
    }
}

/// The packet as it was first seen; what a line does not show stays unknown.
fn packet(first: &Sight<'_>, host: &Host) -> Packet {
    let headers = first.headers;
    let local = match (headers.input.is_empty(), first.hook) {
        (true, Some(Hook::Postrouting)) => host.has(headers.src),
        (true, _) => {
            headers.mac.is_none() && !matches!(first.hook, Some(Hook::Prerouting | Hook::Input | Hook::Forward))
        }
        // What comes in by lo was made here.
        (false, _) => &*headers.input == "lo",
    };
    let mut packet = Packet::unknown(headers.family, local);
    packet.src = Value::Known(headers.src);
    packet.dst = Value::Known(headers.dst);
    packet.sport = Value::given(headers.sport, Field::Sport);
    packet.dport = Value::given(headers.dport, Field::Dport);
    packet.protocol = Value::given(headers.protocol, Field::Protocol);
    if let Some((kind, code)) = headers.icmp {
        packet.icmp_type = Value::Known(kind);
        packet.icmp_code = Value::given(code, Field::IcmpCode);
    }
    if !local && !headers.input.is_empty() {
        packet.input = Value::Known(Interface::named(&headers.input));
    }
    let forwarded = !headers.input.is_empty() && !headers.output.is_empty();
    packet.tcp_flags = headers.flags.unwrap_or(tcp_flags::SYN);
    packet.ttl = Value::given(headers.ttl.map(|ttl| ttl.saturating_add(u8::from(forwarded))), Field::Ttl);
    packet.tos = Value::given(headers.tos, Field::Tos);
    packet.length = Value::given(headers.length, Field::Length);
    packet.uid = Value::given(headers.uid, Field::Uid);
    packet.gid = Value::given(headers.gid, Field::Gid);
    packet.mac = headers.mac;
    packet
}

/// What the lines tell of routing: the interfaces, and which addresses are the host's.
fn given(sights: &[Sight<'_>], packet: &Packet, named: &BTreeMap<String, bool>) -> Assumptions {
    let mut named = named.clone();
    let (mut first_out, mut out) = (None, None);
    for Sight { headers, hook, .. } in sights {
        let (input, output) = (!headers.input.is_empty(), !headers.output.is_empty());
        let through = input && output || *hook == Some(Hook::Forward);
        if through || *hook == Some(Hook::Input) {
            named.entry(format!("local:{}", headers.dst)).or_insert(!through);
        }
        let loops = &*headers.output == "lo";
        match hook {
            _ if !output || loops && !packet.local => {}
            Some(Hook::Output) | None if packet.local && first_out.is_none() => first_out = Some(&headers.output),
            Some(Hook::Output) => {}
            _ if packet.local && loops => _ = named.entry(format!("local:{}", headers.dst)).or_insert(true),
            _ => out = Some(&headers.output),
        }
    }
    if let (Some("lo"), Value::Known(dst)) = (first_out.map(|name| &**name), &packet.dst) {
        named.entry(format!("local:{dst}")).or_insert(true);
    }
    let mut assumptions = Assumptions::given(named);
    for (field, name) in [(Field::FirstOut, first_out), (Field::Out, out)] {
        if let Some(name) = name.filter(|name| &***name != "lo") {
            let fact = Fact::new(Unknown::Field(field), Set::Names(Pattern::new(name)));
            assumptions.assume(&fact, true, Grounds::Given, None);
        }
    }
    assumptions
}
