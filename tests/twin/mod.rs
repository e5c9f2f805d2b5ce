//! The rules told a second time: a plain evaluator of concrete packets that shares no code with kpt, so that kpt can be
//! judged where no kernel is to be had. It knows what the generated rules use, and says so of what it does not know.

mod matches;
mod read;
mod targets;
mod way;

use std::net::IpAddr;

pub(crate) use read::Dump;
pub(crate) use way::follow;

/// A packet of which everything is known.
#[derive(Debug, Clone)]
pub(crate) struct Packet {
    pub(crate) v6: bool,
    /// The interface that it came in by; empty if the host made it.
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) src: IpAddr,
    pub(crate) dst: IpAddr,
    pub(crate) protocol: u8,
    pub(crate) sport: u16,
    pub(crate) dport: u16,
    pub(crate) flags: u8,
    pub(crate) icmp: (u8, u8),
    pub(crate) ttl: u8,
    pub(crate) tos: u8,
    pub(crate) length: u16,
    pub(crate) mac: Option<String>,
    pub(crate) mark: u32,
    pub(crate) connmark: u32,
    pub(crate) connection: Connection,
    pub(crate) local: bool,
    /// It came back over lo.
    pub(crate) looped: bool,
    /// Entries of `recent` that it made.
    pub(crate) noted: Vec<(String, IpAddr)>,
}

/// What connection tracking holds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Connection {
    Unseen,
    Invalid,
    Untracked,
    New { src: IpAddr, dst: IpAddr, sport: u16, dport: u16, dnat: bool, snat: bool },
}

/// Interfaces with their addresses, in order, and the one of the default route.
#[derive(Debug, Clone)]
pub(crate) struct Host {
    pub(crate) interfaces: Vec<(String, IpAddr, u8)>,
    pub(crate) default: String,
    /// nat INPUT comes before security.
    pub(crate) nft: bool,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Sent,
    Delivered,
    Dropped,
    Rejected,
}

/// Every rule that matched and every policy that decided: table, chain, number; 0 is the policy.
pub(crate) type Steps = Vec<(String, String, u32)>;

impl Host {
    pub(crate) fn has(&self, address: IpAddr) -> bool {
        address.is_loopback() || self.interfaces.iter().any(|(_, own, _)| *own == address)
    }

    /// The interface that leads there.
    fn route(&self, to: IpAddr) -> String {
        if self.has(to) {
            return "lo".into();
        }
        let near = self.interfaces.iter().find(|(_, own, length)| in_net(to, *own, *length));
        near.map_or_else(|| self.default.clone(), |(name, ..)| name.clone())
    }

    fn address_on(&self, name: &str) -> Option<IpAddr> {
        self.interfaces.iter().find(|(is, ..)| is == name).map(|(_, own, _)| *own)
    }
}

/// Do the first bits agree?
fn in_net(address: IpAddr, net: IpAddr, length: u8) -> bool {
    let (a, n) = (bytes(address), bytes(net));
    a.len() == n.len() && (0..usize::from(length)).all(|bit| (a[bit / 8] ^ n[bit / 8]) & (0x80 >> (bit % 8)) == 0)
}

fn bytes(address: IpAddr) -> Vec<u8> {
    match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    }
}
