//! The types of sets: which sides of a packet each looks at.

use Dimension::{Address, Interface, Mac, Mark, Port};

/// What one direction of `--match-set` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// An address, alone or as a network.
    Address,
    /// A port with its protocol.
    Port,
    /// An Ethernet address.
    Mac,
    /// The packet's mark.
    Mark,
    /// An interface.
    Interface,
}

/// A type of set.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// As `ipset save` prints it.
    pub name: &'static str,
    /// What it looks at, in order. A list of sets looks at what its members look at.
    pub dimensions: &'static [Dimension],
    /// It holds networks, of which the most specific one decides, and which may be exceptions (`nomatch`).
    pub nets: bool,
    /// It holds IPv4 and IPv6 alike.
    pub any_family: bool,
}

impl Kind {
    /// The type of this name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Does it hold the names of other sets?
    pub const fn is_list(&self) -> bool {
        self.dimensions.is_empty()
    }

    /// Is it an array over a range, rather than a hash?
    pub fn is_bitmap(&self) -> bool {
        self.name.starts_with("bitmap:")
    }

    /// Does an element that is added or taken out leave what is asked of the others as it was?
    pub fn keeps_each(&self) -> bool {
        !self.nets && !self.is_list() && self.name != "bitmap:ip,mac"
    }
}

const fn kind(name: &'static str, dimensions: &'static [Dimension]) -> Kind {
    Kind { name, dimensions, nets: false, any_family: false }
}

const fn nets(name: &'static str, dimensions: &'static [Dimension]) -> Kind {
    Kind { nets: true, ..kind(name, dimensions) }
}

static KINDS: [Kind; 16] = [
    kind("hash:ip", &[Address]),
    nets("hash:net", &[Address]),
    kind("hash:ip,port", &[Address, Port]),
    kind("hash:ip,port,ip", &[Address, Port, Address]),
    nets("hash:ip,port,net", &[Address, Port, Address]),
    nets("hash:net,port", &[Address, Port]),
    nets("hash:net,net", &[Address, Address]),
    nets("hash:net,port,net", &[Address, Port, Address]),
    nets("hash:net,iface", &[Address, Interface]),
    Kind { any_family: true, ..kind("hash:mac", &[Mac]) },
    kind("hash:ip,mac", &[Address, Mac]),
    kind("hash:ip,mark", &[Address, Mark]),
    kind("bitmap:ip", &[Address]),
    kind("bitmap:ip,mac", &[Address, Mac]),
    Kind { any_family: true, ..kind("bitmap:port", &[Port]) },
    Kind { any_family: true, ..kind("list:set", &[]) },
];
