//! From arguments to a question: the packet, the host, and what is taken as given.

use std::collections::BTreeMap;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::kube::{self, Entry, ServiceName};
use crate::logic::{Assumptions, Fact, Field, Grounds, Pattern, Set, Unknown, Values};
use crate::packet::{Address, Host, Interface, Net, Packet, Protocol, Value};
use crate::ruleset::Ruleset;
use crate::save::{Backend, Document, Family};

use super::args::{self, Trace};
use super::error::Error;
use super::facts;
use super::terminal::Terminal;

/// Keeps what is of this backend. Rules that are all said to be of the other one, or of none, are taken to be of it.
pub(super) fn keep(documents: &mut Vec<Document<'_>>, backend: Backend) {
    if documents.iter().any(|document| document.backend == Some(backend)) {
        documents.retain(|document| document.backend.is_none_or(|said| said == backend));
    }
    for document in documents {
        document.backend = Some(backend);
    }
}

/// The rules of each family that the documents have.
pub(super) fn rulesets<'t>(documents: &[Document<'t>]) -> Vec<Ruleset<'t>> {
    let of = |family| documents.iter().filter(move |document| document.family == Some(family)).cloned();
    let families = [Family::V4, Family::V6].map(|family| of(family).collect::<Vec<_>>());
    families.into_iter().filter(|documents| !documents.is_empty()).map(Ruleset::merged).collect()
}

/// The packet that the arguments ask about, and what they say of it. Their files are not opened.
pub(super) fn question(args: &Trace, ruleset: &Ruleset<'_>) -> Result<(Packet, Assumptions), Error> {
    Ok((packet(&args.packet, &with_addresses(&args.host), ruleset)?, given(args)))
}

fn with_addresses(args: &args::Host) -> Host {
    let mut host = Host::default();
    for address in &args.node_ip {
        host.add_address(Address { net: IpNet::from(*address), interface: None });
    }
    host
}

pub(super) fn host(args: &args::Host, terminal: &Terminal) -> Result<Host, Error> {
    let mut host = with_addresses(args);
    if let Some(path) = &args.addr {
        host.set_addresses(facts::addresses(path)?);
    }
    if let Some(path) = &args.routes {
        host.set_routes(facts::routes(path)?);
    }
    host.set_sets(facts::sets(&args.ipset, terminal)?);
    if let Some(folder) = &args.recent {
        host.set_seen(facts::seen(folder)?);
    }
    Ok(host)
}

/// The packet that was asked about. What is not given stays unknown.
pub(super) fn packet(args: &args::Packet, host: &Host, ruleset: &Ruleset<'_>) -> Result<Packet, Error> {
    let target = target(args, ruleset)?;
    let src = args.src.map(|src| src.address);
    let family = Family::of(target.address);
    if src.is_some_and(|src| Family::of(src) != family) {
        return Err(Error::usage(
            "source and destination are not of one family",
            "give two IPv4 or two IPv6 addresses",
        ));
    }
    let local = args.local || src.is_some_and(|src| host.has(src));
    let mut packet = Packet::unknown(family, local);
    packet.dst = Value::Known(target.address);
    packet.src = Value::given(src, Field::Src);
    packet.sport = Value::given(args.sport.or(args.src.and_then(|src| src.port)), Field::Sport);
    packet.dport = Value::given(target.port, Field::Dport);
    let ports = packet.sport.known().is_some() || packet.dport.known().is_some();
    let protocol = args.proto.or(target.protocol).or(ports.then_some(Protocol::TCP));
    packet.protocol = Value::given(protocol, Field::Protocol);
    if matches!(protocol, Some(Protocol::ICMP | Protocol::ICMPV6)) {
        let echo = if family == Family::V4 { 8 } else { 128 };
        let kind = args.icmp_type.map_or((echo, Some(0)), |icmp| (icmp.kind, icmp.code));
        packet.icmp_type = Value::Known(kind.0);
        packet.icmp_code = Value::given(kind.1, Field::IcmpCode);
    }
    if let Some(input) = &args.in_interface {
        packet.input = Value::Known(Interface::named(input));
    }
    packet.tcp_flags = args.tcp_flags;
    packet.ttl = Value::given(args.ttl, Field::Ttl);
    packet.tos = Value::given(args.tos, Field::Tos);
    packet.length = Value::given(args.length, Field::Length);
    packet.uid = Value::given(args.uid, Field::Uid);
    packet.gid = Value::given(args.gid, Field::Gid);
    packet.mac = args.mac;
    packet.mark = Value::Known(args.mark);
    packet.given_state = args.ctstate;
    Ok(packet)
}

/// Where the packet is sent.
struct Target {
    address: IpAddr,
    port: Option<u16>,
    protocol: Option<Protocol>,
}

fn target(args: &args::Packet, ruleset: &Ruleset<'_>) -> Result<Target, Error> {
    match (&args.dst, &args.service) {
        (Some(dst), _) => Ok(Target { address: dst.address, port: args.dport.or(dst.port), protocol: None }),
        (None, Some(service)) => of_service(service, args, ruleset),
        (None, None) => Err(Error::usage("no destination", "give `-d ADDR[:PORT]` or `--service NS/NAME`")),
    }
}

/// The address that a Service is best known by: its cluster IP, or another that it has.
fn of_service(asked: &ServiceName, args: &args::Packet, ruleset: &Ruleset<'_>) -> Result<Target, Error> {
    let mut entries = kube::entries_of(ruleset, asked);
    entries.retain(|entry| entry.address.is_some() && args.proto.is_none_or(|protocol| protocol == entry.protocol));
    entries.sort_by_key(|entry| entry.via);
    let ports: BTreeMap<_, &Entry> = entries
        .iter()
        .rev()
        .filter(|entry| args.dport.is_none_or(|port| port == entry.port))
        .map(|entry| ((entry.port, entry.protocol), entry))
        .collect();
    let mut found = ports.values();
    match (found.next(), found.next()) {
        (Some(Entry { address: Some(address), port, protocol, .. }), None) => {
            Ok(Target { address: *address, port: Some(*port), protocol: Some(*protocol) })
        }
        (None, _) | (Some(_), None) => Err(Error::usage(
            format!("the input has no address of the Service `{asked}`"),
            "names are namespace/name; `-d` takes an address where the dump has no comments",
        )),
        (Some(_), Some(_)) => {
            let list = ports.values().map(|entry| {
                let name = entry.service.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{name} ({}/{})", entry.port, entry.protocol)
            });
            Err(Error::usage(
                format!("the Service `{asked}` has several ports"),
                format!("name one: {}", list.collect::<Vec<_>>().join(", ")),
            ))
        }
    }
}

/// What the user said: facts by name, and the interface that the packet leaves by.
pub(super) fn given(args: &Trace) -> Assumptions {
    let named = args.host.assume.iter().map(|assume| (assume.fact.clone(), assume.answer));
    let mut assumptions = Assumptions::given(named.collect());
    for assume in &args.host.assume {
        if let Some(fact) = field_fact(&assume.fact) {
            assumptions.assume(&fact, assume.answer, Grounds::Given, None);
        }
    }
    if let Some(output) = &args.packet.out_interface {
        // A local packet whose destination is not rewritten leaves by the interface it is first routed to.
        for field in [Field::Out, Field::FirstOut] {
            let fact = Fact::new(Unknown::Field(field), Set::Names(Pattern::new(output)));
            assumptions.assume(&fact, true, Grounds::Given, None);
        }
    }
    assumptions
}

/// A fact about a field, as the JSON format names it: `src:10.128.0.0/9`, `in:eth0`, `sport:1024-65535`.
pub(super) fn field_fact(name: &str) -> Option<Fact> {
    let (field, set) = name.split_once(':')?;
    let field = Field::named(field)?;
    let set = match field {
        Field::In | Field::Out | Field::FirstOut => Set::Names(Pattern::new(set)),
        Field::Src | Field::Dst => Set::Values(set.parse::<Net>().ok()?.values()?),
        Field::Protocol => Set::Values(Values::one(set.parse::<Protocol>().ok()?.0)),
        _ => {
            let (first, last) = set.split_once('-').unwrap_or((set, set));
            Set::Values(Values::range(first.parse::<u32>().ok()?, last.parse::<u32>().ok()?))
        }
    };
    Some(Fact::new(Unknown::Field(field), set))
}
