//! What address translation did to a packet.

use std::net::IpAddr;

use super::value::Value;

/// How a new source came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NewSource {
    /// SNAT, or the source side of NETMAP: the rule names the address.
    Snat,
    /// MASQUERADE: the address of the interface it leaves by.
    Masquerade,
}

/// A mapping that a rule of the nat table set up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rewrite {
    /// A new destination.
    Destination {
        /// Address.
        address: Value<IpAddr>,
        /// Port, where the protocol has one.
        port: Value<u16>,
    },
    /// A new source.
    Source {
        /// How.
        kind: NewSource,
        /// Address.
        address: Value<IpAddr>,
        /// Port, where the protocol has one.
        port: Value<u16>,
    },
}
