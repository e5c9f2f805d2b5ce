//! The ways into a Service port: its addresses and its node port.

use std::net::IpAddr;

use crate::extension::matches::Match;
use crate::packet::{Packet, Protocol};
use crate::ruleset::{AddressTest, ChainId, Destination, Header, Rule, RuleId, Ruleset, Test, Then};
use crate::save::TableName;

use super::comment::{About, read_comment};
use super::name::ServiceName;
use super::role::Role;

/// What kind of address a Service is reached at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Via {
    /// Its own address.
    ClusterIp,
    /// A port of every node.
    NodePort,
    /// An address that leads to some node.
    ExternalIp,
    /// The address of a load balancer.
    LoadBalancer,
    /// The node port that a load balancer asks for health.
    HealthCheck,
}

/// A way into a Service port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose it is, where a comment or a hash tells.
    pub service: Option<ServiceName>,
    /// The name fits the hash in the chain's name. `None` where there is no hash to compare with.
    pub verified: Option<bool>,
    /// What kind of address.
    pub via: Via,
    /// The address; `None` for a node port.
    pub address: Option<IpAddr>,
    /// The port.
    pub port: u16,
    /// The protocol.
    pub protocol: Protocol,
    /// The rule that takes it in.
    pub rule: RuleId,
    /// The chain that it leads to; `None` if nobody serves it, or the chain is not in the dump.
    pub chain: Option<ChainId>,
}

/// The chains that entries stand in.
const CHAINS: [(TableName, &str); 5] = [
    (TableName::Nat, "KUBE-SERVICES"),
    (TableName::Nat, "KUBE-NODEPORTS"),
    (TableName::Filter, "KUBE-SERVICES"),
    (TableName::Filter, "KUBE-EXTERNAL-SERVICES"),
    (TableName::Filter, "KUBE-NODEPORTS"),
];

/// The chains that entries stand in, as far as the ruleset has them.
pub(super) fn entry_chains<'r>(ruleset: &'r Ruleset<'_>) -> impl Iterator<Item = ChainId> + 'r {
    CHAINS.into_iter().flat_map(|(table, name)| ruleset.find_any(table, name))
}

/// Every entry, in the order in which the kernel meets them.
pub fn entries<'r>(ruleset: &'r Ruleset<'_>) -> impl Iterator<Item = Entry> + 'r {
    entry_chains(ruleset).flat_map(move |chain| {
        let rules = (0..).zip(ruleset.rules(chain));
        rules.filter_map(move |(index, rule)| read(ruleset, RuleId { chain, index }, rule))
    })
}

/// The entries of the Service, or the port of it, that `asked` names. Where several rules take in the same traffic, the
/// one that leads on to endpoints stands for it.
pub fn entries_of(ruleset: &Ruleset<'_>, asked: &ServiceName) -> Vec<Entry> {
    let meant = |entry: &Entry| entry.service.as_ref().is_some_and(|service| service.is_meant_by(asked));
    let mut found: Vec<Entry> = Vec::new();
    for entry in entries(ruleset).filter(meant) {
        let same =
            |other: &Entry| (other.address, other.port, other.protocol) == (entry.address, entry.port, entry.protocol);
        if !found.iter().any(same) {
            found.push(entry);
        }
    }
    found
}

/// The entry that takes in this packet.
pub fn entry_for(ruleset: &Ruleset<'_>, packet: &Packet) -> Option<Entry> {
    let (dst, protocol, dport) = (packet.dst.known()?, packet.protocol.known()?, packet.dport.known()?);
    let fits = |entry: &Entry| entry.port == *dport && entry.protocol == *protocol;
    let destination = Destination { address: Some(*dst), port: Some(*dport) };
    let rules = entry_chains(ruleset).flat_map(|chain| ruleset.rules_for(chain, destination));
    let mut node_port = None;
    for entry in rules.filter_map(|(id, rule)| read(ruleset, id, rule)).filter(fits) {
        match entry.address {
            Some(address) if address == *dst => return Some(entry),
            Some(_) => {}
            None => node_port = node_port.or(Some(entry)),
        }
    }
    node_port
}

/// The Service port that a chain belongs to: one that a comment near it names and its hash confirms, otherwise one that
/// a comment names.
pub fn service_of(ruleset: &Ruleset<'_>, chain: ChainId) -> Option<ServiceName> {
    let named = ruleset.rules(chain).iter().find_map(name_in);
    named.or_else(|| entries(ruleset).find(|entry| entry.chain == Some(chain)).and_then(|entry| entry.service))
}

/// Does a rule of a Service ask for traffic to a node port, an external address or a load balancer, as it says of itself?
pub fn is_external(rule: &Rule<'_>) -> bool {
    match rule.comments().find_map(read_comment) {
        Some((_, About::ExternalIp | About::LoadBalancer)) => true,
        Some((_, About::Port)) => rule.header.dst.is_none() && rule.dport().is_some(),
        _ => false,
    }
}

/// Does a rule ask for nothing but a destination, a protocol and a port, so that it takes in all that goes there?
pub fn takes_all(rule: &Rule<'_>) -> bool {
    let Header { src, input, output, fragment, .. } = &rule.header;
    let (Some(Test { not: false, value: protocol }), Some(port)) = (&rule.header.protocol, rule.dport()) else {
        return false;
    };
    let asks = format!("{protocol} --dport {port}");
    let open = src.is_none() && input.is_none() && output.is_none() && fragment.is_none();
    open && rule.matches.iter().all(|part| matches!(part, Match::Comment(_)) || part.to_string() == asks)
}

fn name_in(rule: &Rule<'_>) -> Option<ServiceName> {
    rule.comments().find_map(read_comment).map(|(name, _)| name)
}

/// Reads a rule as an entry, if it is one.
fn read(ruleset: &Ruleset<'_>, id: RuleId, rule: &Rule<'_>) -> Option<Entry> {
    let protocol = rule.header.protocol.as_ref().filter(|test| !test.not)?.value;
    let port = rule.dport()?;
    let address = match rule.header.dst.as_deref() {
        Some(Test { not: false, value: AddressTest::Net(net) }) => Some(net.only()?),
        Some(_) => return None,
        None => None,
    };
    let comment = rule.comments().find_map(read_comment);
    let about = comment.as_ref().map_or(About::Port, |(_, about)| *about);
    let chain = rule.leads_to();
    let role = target(ruleset, rule).and_then(Role::of);
    let hash = role.and_then(Role::service_hash);
    // A rule that only marks is not the way in; one that refuses is, if it says that nobody serves.
    let refuses = matches!(about, About::NoEndpoints | About::NoLocalEndpoints | About::HealthCheck);
    if hash.is_none() && !refuses {
        return None;
    }
    let named = comment.map(|(name, _)| name);
    let service = named.or_else(|| hash.and_then(|hash| recover(ruleset, hash, protocol)));
    let verified = hash.and_then(|hash| Some(service.as_ref()?.owns(hash, protocol)));
    let via = via(about, address, role);
    Some(Entry { service, verified, via, address, port, protocol, rule: id, chain })
}

/// The chain that a rule is meant to lead to, be it there or not: a part of a dump may lack it.
fn target<'r>(ruleset: &'r Ruleset<'_>, rule: &'r Rule<'_>) -> Option<&'r str> {
    match &rule.then {
        Then::Jump(chain) | Then::Goto(chain) => Some(ruleset.name(*chain)),
        Then::Target(target) => Some(target.name()),
        Then::Next | Then::Unreadable => None,
    }
}

fn via(about: About, address: Option<IpAddr>, role: Option<Role<'_>>) -> Via {
    match (about, address, role) {
        (About::HealthCheck, ..) => Via::HealthCheck,
        (_, None, _) => Via::NodePort,
        (About::ExternalIp, ..) => Via::ExternalIp,
        (About::LoadBalancer, ..) | (About::Port, _, Some(Role::External(_))) => Via::LoadBalancer,
        _ => Via::ClusterIp,
    }
}

/// The name that belongs to a hash, tried for every name that the dump mentions and those that every cluster has.
fn recover(ruleset: &Ruleset<'_>, hash: &str, protocol: Protocol) -> Option<ServiceName> {
    const EVERYWHERE: [&str; 4] = [
        "default/kubernetes:https",
        "kube-system/kube-dns:dns",
        "kube-system/kube-dns:dns-tcp",
        "kube-system/kube-dns:metrics",
    ];
    let mentioned = CHAINS.into_iter().flat_map(|(table, name)| ruleset.find_any(table, name));
    let mentioned = mentioned.flat_map(|chain| ruleset.rules(chain)).filter_map(name_in);
    let everywhere = EVERYWHERE.into_iter().filter_map(|name| name.parse().ok());
    mentioned.chain(everywhere).find(|name: &ServiceName| name.owns(hash, protocol))
}
