//! What a match asks, told in fields rather than answered for one packet: sets of packets are made of it.

use std::net::IpAddr;

use smallvec::SmallVec;

use crate::logic::Values;
use crate::packet::{CtState, Masked, Protocol};

/// What a match asks of a packet. It matches only if every test holds; unless it asks for `more`, also always then.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asks {
    /// The kernel loads it only behind `-p` with one of these, and has it match no later fragment; empty if it may stand
    /// anywhere.
    pub over: &'static [Protocol],
    /// Tests of fields.
    pub tests: SmallVec<[Ask; 2]>,
    /// There is more to it than the tests.
    pub more: bool,
}

/// A test and whether it stands behind a `!`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Behind a `!`.
    pub not: bool,
    /// What is asked for.
    pub test: Asked,
}

/// A test of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asked {
    /// The source lies between these, both included.
    Src(IpAddr, IpAddr),
    /// The destination lies between these, both included.
    Dst(IpAddr, IpAddr),
    /// The source port is one of these.
    Sport(Values),
    /// The destination port is one of these.
    Dport(Values),
    /// One of the two ports is one of these.
    Port(Values),
    /// Of the TCP flags in `mask`, exactly those in `set`.
    TcpFlags {
        /// The flags looked at.
        mask: u8,
        /// Those of them that are set.
        set: u8,
    },
    /// Type and code of ICMP, as far as they are given.
    IcmpType(Option<u8>, Option<u8>),
    /// The mark of the packet.
    Mark(Masked),
    /// The packet's connection is in one of these states, or one end of it was rewritten.
    State {
        /// The states.
        plain: Vec<CtState>,
        /// Or its destination was rewritten.
        dnat: bool,
        /// Or its source was rewritten.
        snat: bool,
    },
}

impl Asks {
    /// It asks for nothing.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// It asks for one thing, which may stand behind a `!`.
    pub fn one(not: bool, test: Asked) -> Self {
        Self::nothing().and(not, test)
    }

    /// It may stand only behind `-p` with one of `over`, and asks for nothing else.
    pub fn over(over: &'static [Protocol]) -> Self {
        Self { over, ..Self::default() }
    }

    /// The same with one more test.
    #[must_use]
    pub fn and(mut self, not: bool, test: Asked) -> Self {
        self.tests.push(Ask { not, test });
        self
    }

    /// The same; there is more to it if `more`.
    #[must_use]
    pub fn with_more(self, more: bool) -> Self {
        Self { more: self.more || more, ..self }
    }
}
