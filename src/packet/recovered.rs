//! Where a rule sends packets, although the words that say so were lost.

use std::net::IpAddr;

/// A destination that was found elsewhere in the dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recovered {
    /// Its address.
    pub address: IpAddr,
    /// Its port.
    pub port: u16,
    /// Where it was found.
    pub found: FoundIn,
}

/// What tells a lost destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoundIn {
    /// The name of the chain, a hash over it: it can be no other.
    ChainName,
    /// A comment, which says so and proves nothing.
    Comment,
}
