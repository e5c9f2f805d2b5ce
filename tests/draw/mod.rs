//! Draws from a seed, and the values that rules and packets share so that they meet.

pub(crate) mod rules;
pub(crate) mod shot;

use std::net::IpAddr;

use kpt::packet::{Address, Host, Interface, Route};

/// Draws that a printed seed repeats.
pub(crate) struct Draw(fastrand::Rng);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number from 0 to `below` - 1.
    pub(crate) fn below(&mut self, below: usize) -> usize {
        self.0.usize(..below)
    }

    /// True in so many of a hundred draws.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of a list.
    pub(crate) fn of<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }

    /// `! ` now and then.
    pub(crate) fn not(&mut self) -> &'static str {
        if self.percent(20) { "! " } else { "" }
    }

    /// A few of a list, at least one, in its order.
    pub(crate) fn some<T: Clone>(&mut self, list: &[T]) -> Vec<T> {
        let sure = self.below(list.len());
        let chosen = list.iter().enumerate().filter(|(at, _)| *at == sure || self.percent(25));
        chosen.map(|(_, item)| item.clone()).collect()
    }
}

/// An interface of the host: name, its IPv4 and its IPv6 address.
pub(crate) const INTERFACES: [(&str, &str, &str); 3] = [
    ("eth0", "192.168.0.11/24", "fd00:1::11/64"),
    ("eth1", "10.0.0.1/24", "fd00:2::1/64"),
    ("pod0", "172.17.0.1/16", "fd00:3::1/64"),
];

/// Others, by the interface that leads to them.
const OTHERS: [(&str, &str, &str); 7] = [
    ("eth0", "192.168.0.99", "fd00:1::99"),
    ("eth0", "203.0.113.7", "2001:db8::7"),
    ("eth0", "198.51.100.9", "2001:db8:1::9"),
    ("eth1", "10.0.0.7", "fd00:2::7"),
    ("eth1", "10.0.0.8", "fd00:2::8"),
    ("pod0", "172.17.0.2", "fd00:3::2"),
    ("pod0", "172.17.0.3", "fd00:3::3"),
];

/// Networks around them, in sizes that cut between them.
const NETS: [(&str, &str); 9] = [
    ("172.17.0.0/16", "fd00:3::/64"),
    ("172.17.0.2/31", "fd00:3::2/127"),
    ("10.0.0.0/8", "fd00:2::/32"),
    ("10.0.0.0/29", "fd00:2::/125"),
    ("192.168.0.0/24", "fd00:1::/64"),
    ("192.168.0.8/29", "fd00:1::10/124"),
    ("0.0.0.0/1", "2001:db8::/32"),
    ("128.0.0.0/1", "fd00::/16"),
    ("10.0.0.7/255.0.0.255", "fd00::7/ffff::ffff"),
];

pub(crate) const PORTS: [u16; 12] = [1, 22, 53, 79, 80, 81, 443, 1023, 1024, 8080, 30_000, 65_535];
pub(crate) const MARKS: [&str; 8] =
    ["0x1", "0x0", "0x4000/0x4000", "0x0/0x4000", "0x8000/0xc000", "0xff", "0x3/0xf", "0x10/0x1"];

fn of_family<'a>(v6: bool, v4_text: &'a str, v6_text: &'a str) -> &'a str {
    if v6 { v6_text } else { v4_text }
}

impl Draw {
    /// Another host and the interface that leads to it.
    pub(crate) fn other(&mut self, v6: bool) -> (&'static str, IpAddr) {
        let (interface, v4, six) = self.of(&OTHERS);
        (interface, of_family(v6, v4, six).parse().expect("an address"))
    }

    /// An address of the host and its interface.
    pub(crate) fn own(&mut self, v6: bool) -> (&'static str, IpAddr) {
        let (interface, v4, six) = self.of(&INTERFACES);
        let address = of_family(v6, v4, six).split('/').next().expect("an address");
        (interface, address.parse().expect("an address"))
    }

    /// Any of them.
    pub(crate) fn address(&mut self, v6: bool) -> IpAddr {
        if self.percent(35) { self.own(v6).1 } else { self.other(v6).1 }
    }

    /// An address or a network.
    pub(crate) fn net(&mut self, v6: bool) -> String {
        if self.percent(40) {
            return self.address(v6).to_string();
        }
        let (v4, six) = self.of(&NETS);
        of_family(v6, v4, six).to_owned()
    }

    /// A port that rules name, or the one beside it.
    pub(crate) fn port(&mut self) -> u16 {
        let port = self.of(&PORTS);
        match self.below(6) {
            0 => port.saturating_sub(1),
            1 => port.saturating_add(1),
            _ => port,
        }
    }

    /// `80`, `80:443`, `:80`, `80:`
    pub(crate) fn ports(&mut self) -> String {
        let (one, other) = (self.of(&PORTS), self.of(&PORTS));
        match self.below(6) {
            0 => format!("{}:{}", one.min(other), one.max(other)),
            // The full range inverted is not saved.
            1 => format!(":{}", one.min(60_000)),
            2 => format!("{one}:"),
            _ => one.to_string(),
        }
    }
}

/// What kpt is told of the host that has these interfaces.
pub(crate) fn host(v6: bool) -> Host {
    let mut host = Host::default();
    let net = |(name, v4, six): (&str, &str, &str)| Address {
        net: if v6 { six } else { v4 }.parse().expect("an address"),
        interface: Some(Interface::named(name)),
    };
    let loopback = if v6 { ("lo", "", "::1/128") } else { ("lo", "127.0.0.1/8", "") };
    host.set_addresses(INTERFACES.into_iter().chain([loopback]).map(net).collect());
    let everywhere = if v6 { "::/0" } else { "0.0.0.0/0" }.parse().expect("a network");
    host.set_routes(vec![Route { to: everywhere, interface: Interface::named("eth0"), via: None }]);
    host
}
