//! What is known of the host itself: its addresses, routes, sets and lists, from `--node-ip`, `--addr`,
//! `--routes`, `--ipset` and `--recent`.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};

use ipnet::IpNet;

use crate::ipset::Sets;
use crate::logic::{Assumptions, Fact, Outcome, Presumed};
use crate::save::Family;

use super::interface::Interface;
use super::recovered::Recovered;
use super::seen::Seen;
use super::value::Value;

/// An address of the host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The address with its prefix length.
    pub net: IpNet,
    /// Its interface, if known.
    pub interface: Option<Interface>,
}

/// A route of the main table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// Where it leads.
    pub to: IpNet,
    /// The interface it leaves by.
    pub interface: Interface,
    /// The gateway, if it leads to one.
    pub via: Option<IpAddr>,
}

/// The host that the dump was taken on. The default knows nothing.
#[derive(Debug, Clone, Default)]
pub struct Host {
    addresses: Vec<Address>,
    routes: Vec<Route>,
    /// `addresses` are all there are.
    complete: bool,
    /// `routes` are all there are.
    routed: bool,
    presumed: Vec<(IpAddr, Presumed)>,
    sets: Sets,
    moment: Option<i64>,
    recovered: BTreeMap<u32, Recovered>,
    seen: Seen,
}

impl Host {
    /// Tells where the rule in `line` sends packets, whose words were lost.
    pub fn set_recovered(&mut self, line: u32, recovered: Recovered) {
        self.recovered.insert(line, recovered);
    }

    /// Where the rule in `line` sends packets, if its words were lost and something else tells it.
    pub fn recovered(&self, line: u32) -> Option<Recovered> {
        self.recovered.get(&line).copied()
    }

    /// Sets the moment that the question is about, in seconds since 1970.
    pub const fn set_moment(&mut self, seconds: i64) {
        self.moment = Some(seconds);
    }

    /// The moment that the question is about, in seconds since 1970.
    pub const fn moment(&self) -> Option<i64> {
        self.moment
    }

    /// Adds an address that the user named.
    pub fn add_address(&mut self, address: Address) {
        self.addresses.push(address);
    }

    /// Takes these addresses as all that the host has.
    pub fn set_addresses(&mut self, addresses: Vec<Address>) {
        self.addresses.extend(addresses);
        self.complete = true;
    }

    /// Takes these routes as all that the host has.
    pub fn set_routes(&mut self, routes: Vec<Route>) {
        self.routes = routes;
        self.routed = true;
    }

    /// Takes these ipsets for those of the host.
    pub fn set_sets(&mut self, sets: Sets) {
        self.sets = sets;
    }

    /// Takes these lists of `recent` for those of the host.
    pub fn set_seen(&mut self, seen: Seen) {
        self.seen = seen;
    }

    /// The lists of `recent` that are known.
    pub const fn seen(&self) -> &Seen {
        &self.seen
    }

    /// The ipsets that are known.
    pub const fn sets(&self) -> &Sets {
        &self.sets
    }

    /// Sets what is taken if nobody says whether `address` is the host's.
    pub fn presume_local(&mut self, address: IpAddr, presumed: Presumed) {
        self.presumed.push((address, presumed));
    }

    /// Is `address` one of those that were given?
    pub fn has(&self, address: IpAddr) -> bool {
        is_loopback(address) || self.addresses.iter().any(|own| own.net.addr() == address)
    }

    /// Is nothing special about `address`: is it no group's, no network's as a whole, and is nothing said of whether it is the
    /// host's?
    pub fn is_plain(&self, address: IpAddr) -> bool {
        let limited = address == IpAddr::V4(Ipv4Addr::BROADCAST);
        let special = address.is_unspecified() || address.is_multicast() || limited || self.is_broadcast(address);
        !special && !self.has(address) && self.presumed.iter().all(|(presumed, _)| *presumed != address)
    }

    /// Is `address` one of those of `interface`?
    pub fn is_on(&self, address: IpAddr, interface: &Interface) -> bool {
        let own = self.addresses.iter().filter(|own| own.net.addr() == address);
        let there = own.filter_map(|own| own.interface.as_ref()).any(|on| on == interface);
        there || is_loopback(address) && *interface == Interface::loopback()
    }

    /// Is `address` one of this host's? `usually` is what is taken if nobody says.
    pub fn is_local(&self, address: &Value<IpAddr>, usually: Presumed, assumptions: &Assumptions) -> Outcome {
        let (name, words) = match address {
            Value::Known(address) if self.has(*address) => return Outcome::Always,
            Value::Known(_) if self.complete => return Outcome::Never,
            Value::Known(address) => (format!("local:{address}"), address.to_string()),
            Value::Unknown(unknown) => (format!("local:{unknown}"), format!("the unknown {unknown}")),
        };
        let presumed = self.presumed.iter().find(|(known, _)| address.known() == Some(known));
        let default = presumed.map_or(usually, |(_, presumed)| *presumed);
        assumptions.outcome(Fact::named(
            &name,
            Some(default),
            format!("{words} is an address of this host"),
            format!("{words} is not an address of this host"),
        ))
    }

    /// The interface that a packet to `address` leaves by, if the routes or the host's own networks tell.
    pub fn output(&self, address: IpAddr) -> Option<Interface> {
        self.route(address).map(|route| route.interface)
    }

    /// The narrowest route; of two that are as narrow, one that was given.
    fn route(&self, address: IpAddr) -> Option<Route> {
        let holds = |own: &&Address| own.net.contains(&address);
        let connected =
            |own: &Address| Some(Route { to: own.net.trunc(), interface: own.interface.clone()?, via: None });
        let connected = self.addresses.iter().filter(holds).filter_map(connected);
        let given = self.routes.iter().filter(|route| route.to.contains(&address)).cloned();
        connected.chain(given).max_by_key(|route| route.to.prefix_len())
    }

    /// Are all routes known, so that no match in [`Host::output`] means no route?
    pub const fn is_routed(&self) -> bool {
        self.routed
    }

    /// The address that MASQUERADE gives a packet to `to` that leaves by `output`: the one whose network holds the next
    /// hop, else the interface's first, else, as on lo, that of another (`inet_select_addr` in the kernel's `devinet.c`).
    /// IPv6 sends what is for the host itself from there (`ipv6_dev_get_saddr` in `addrconf.c`).
    pub fn masquerade(&self, output: &Interface, to: IpAddr) -> Option<IpAddr> {
        if to.is_ipv6() && *output == Interface::loopback() {
            return Some(to);
        }
        let next_hop = self.route(to).and_then(|route| route.via).unwrap_or(to);
        let usable = |own: &&Address| own.net.addr().is_ipv4() == to.is_ipv4() && !is_loopback(own.net.addr());
        let all = || self.addresses.iter().filter(usable);
        let on = || all().filter(|own| own.interface.as_ref() == Some(output));
        let near = on().find(|own| own.net.contains(&next_hop));
        let other = || all().next().filter(|_| self.complete);
        near.or_else(|| on().next()).or_else(other).map(|own| own.net.addr())
    }

    /// The address that REDIRECT gives a packet that arrived by `input`: the first of its family.
    pub fn first_address(&self, input: &Interface, family: Family) -> Option<IpAddr> {
        let addresses = self.addresses.iter().filter(|own| own.interface.as_ref() == Some(input));
        addresses.map(|own| own.net.addr()).find(|address| Family::of(*address) == family)
    }

    /// Is `address` the broadcast address of one of the host's own networks?
    pub fn is_broadcast(&self, address: IpAddr) -> bool {
        self.addresses
            .iter()
            .any(|own| own.net.prefix_len() < 31 && IpAddr::is_ipv4(&address) && own.net.broadcast() == address)
    }

    /// Are all of the host's addresses known?
    pub const fn is_complete(&self) -> bool {
        self.complete
    }
}

/// 127.0.0.0/8 and `::1` are every host's own.
fn is_loopback(address: IpAddr) -> bool {
    address.is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> Host {
        let mut host = Host::default();
        let address =
            |net: &str, name: &str| Address { net: net.parse().unwrap(), interface: Some(Interface::named(name)) };
        host.set_addresses(vec![address("192.168.0.11/24", "eth0"), address("172.17.0.1/16", "docker0")]);
        host
    }

    #[test]
    fn connected_networks_are_routes() {
        let output = |address: &str| host().output(address.parse().unwrap()).map(|interface| interface.to_string());
        assert_eq!(output("172.17.0.2").as_deref(), Some("docker0"));
        assert_eq!(output("192.168.0.99").as_deref(), Some("eth0"));
        assert_eq!(output("10.0.0.1"), None);
    }

    #[test]
    fn the_longest_route_wins() {
        let mut host = host();
        let route =
            |to: &str, name: &str| Route { to: to.parse().unwrap(), interface: Interface::named(name), via: None };
        host.set_routes(vec![route("0.0.0.0/0", "eth0"), route("10.1.0.0/16", "flannel.1")]);
        let output = |address: &str| host.output(address.parse().unwrap()).map(|interface| interface.to_string());
        assert_eq!(output("10.1.2.3").as_deref(), Some("flannel.1"));
        assert_eq!(output("8.8.8.8").as_deref(), Some("eth0"));
    }

    #[test]
    fn an_address_nobody_named_is_a_question_unless_all_are_known() {
        let known = Value::Known("10.0.0.1".parse().unwrap());
        let ask = |host: &Host| host.is_local(&known, Presumed::usually(false), &Assumptions::default());
        assert!(matches!(ask(&Host::default()), Outcome::Depends(_)));
        assert_eq!(ask(&host()), Outcome::Never);
    }
}
