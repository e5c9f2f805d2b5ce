//! The name of a network interface.

use std::fmt;
use std::sync::Arc;

use crate::logic::Pattern;

/// An interface by name. A packet that has none (the input of a locally made packet, the output of one that arrives)
/// has the empty name, and that is what the kernel compares (`ip_packet_match` in `ip_tables.c`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interface(Arc<str>);

impl Interface {
    /// No interface.
    pub fn none() -> Self {
        Self("".into())
    }

    /// The loopback interface.
    pub fn loopback() -> Self {
        Self("lo".into())
    }

    /// The interface of this name.
    pub fn named(name: &str) -> Self {
        Self(name.into())
    }

    /// The name; empty if there is no interface.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Is it one of those that `pattern` covers?
    pub fn is(&self, pattern: &Pattern) -> bool {
        pattern.covers_name(&self.0)
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
