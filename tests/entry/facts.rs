//! What tools say of the host: `ipset save`, `ip -j addr` and `ip -j route`. It is read and asked for.

use std::net::IpAddr;

use kpt::diagnostic::Located;
use kpt::ipset::{Element, Sets};
use kpt::packet::{Host, Interface, addresses, routes};
use kpt::save::Family;
use kpt::source::Source;

/// Takes the same bytes for each of the three.
pub(crate) fn run(bytes: &[u8]) {
    let source = Source::new("facts", bytes.to_vec());
    let mut host = Host::default();
    for problem in
        [addresses(&source).map(|own| host.set_addresses(own)), routes(&source).map(|all| host.set_routes(all))]
    {
        let _ = problem.map_err(|problem| Located::new(&problem, &source).to_string());
    }
    for address in ["10.0.0.1", "192.168.0.11", "fd00::1"] {
        ask_host(&host, address.parse().expect("an address"));
    }
    let mut sets = Sets::default();
    for problem in sets.read(&source) {
        let _ = Located::new(&problem, &source).to_string();
    }
    for name in source.text().lines().filter_map(|line| line.strip_prefix("create ")?.split(' ').next()) {
        ask_set(&sets, name);
    }
}

fn ask_host(host: &Host, address: IpAddr) {
    let output = host.output(address).unwrap_or_else(Interface::loopback);
    let _ = (host.masquerade(&output, address), host.first_address(&output, Family::of(address)));
    let _ = (host.is_broadcast(address), host.is_on(address, &output), host.has(address));
}

fn ask_set(sets: &Sets, name: &str) {
    let Some(set) = sets.get(name) else { return };
    let mut asked = Element::default();
    asked.address([10, 0, 0, 1].into());
    asked.port(6, 80);
    asked.interface("eth0");
    let held = set.covering(&asked);
    let within = |excepted| set.values(excepted).map(|values| values.contains(0x0a00_0001));
    if let (Some(included), Some(excepted)) = (within(false), within(true)) {
        assert!(!(included && excepted), "an element is in {name} and an exception of it");
    }
    let _ = (held.len(), set.interfaces(&asked).count(), set.sets().count(), set.is_full(), set.has_room_for(&asked));
}
