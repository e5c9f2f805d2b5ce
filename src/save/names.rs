//! The words that Linux itself fixes: tables, hooks, built-in chains and their policies.

use std::fmt;

/// One of the five tables (`net/ipv4/netfilter/iptable_*.c`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TableName {
    /// Before connection tracking.
    Raw,
    /// Header rewriting.
    Mangle,
    /// Address translation; asked only for the first packet of a connection.
    Nat,
    /// What is let through.
    Filter,
    /// Mandatory access control labels.
    Security,
}

impl TableName {
    /// Every table, in the order in which a hook asks them.
    pub const ALL: [Self; 5] = [Self::Raw, Self::Mangle, Self::Nat, Self::Filter, Self::Security];

    /// The table called `name`.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.as_str() == name)
    }

    /// The name as iptables spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Mangle => "mangle",
            Self::Nat => "nat",
            Self::Filter => "filter",
            Self::Security => "security",
        }
    }

    /// The hooks at which the table has a built-in chain.
    pub const fn hooks(self) -> &'static [Hook] {
        match self {
            Self::Raw => &[Hook::Prerouting, Hook::Output],
            Self::Mangle => &Hook::ALL,
            Self::Nat => &[Hook::Prerouting, Hook::Input, Hook::Output, Hook::Postrouting],
            Self::Filter | Self::Security => &[Hook::Input, Hook::Forward, Hook::Output],
        }
    }

    /// The hook of this table's built-in chain `chain`.
    pub fn hook(self, chain: &str) -> Option<Hook> {
        self.hooks().iter().copied().find(|hook| hook.as_str() == chain)
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A place on a packet's way where tables are asked; the built-in chains carry the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hook {
    /// Arrived, not yet routed.
    Prerouting,
    /// On the way into this host.
    Input,
    /// On the way through this host.
    Forward,
    /// Made by this host.
    Output,
    /// About to leave.
    Postrouting,
}

impl Hook {
    /// Every hook, in the order of `enum nf_inet_hooks`.
    pub const ALL: [Self; 5] = [Self::Prerouting, Self::Input, Self::Forward, Self::Output, Self::Postrouting];

    /// The name as iptables spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prerouting => "PREROUTING",
            Self::Input => "INPUT",
            Self::Forward => "FORWARD",
            Self::Output => "OUTPUT",
            Self::Postrouting => "POSTROUTING",
        }
    }
}

impl fmt::Display for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a built-in chain does with a packet that no rule decided. User chains have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Policy {
    /// Let it through.
    Accept,
    /// Drop it.
    Drop,
}

impl Policy {
    /// The policy called `name`.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "ACCEPT" => Some(Self::Accept),
            "DROP" => Some(Self::Drop),
            _ => None,
        }
    }

    /// The name as iptables spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Drop => "DROP",
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
