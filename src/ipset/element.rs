//! What an entry of a set is about, and what a packet is asked for.

use std::net::IpAddr;
use std::sync::Arc;

/// Addresses, port, Ethernet address and mark; what a set has no dimension for is zero. Made small: there may be millions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Key {
    /// The addresses as numbers, in the order of the dimensions.
    pub(super) addresses: [u128; 2],
    /// The length of each one's prefix.
    pub(super) lengths: [u8; 2],
    /// The protocol of the port.
    pub(super) protocol: u8,
    /// The port, or type and code of ICMP.
    pub(super) port: u16,
    /// The Ethernet address or the mark.
    pub(super) tag: u64,
}

impl Key {
    /// The same in networks of these lengths.
    #[must_use]
    pub(super) fn within(mut self, lengths: [u8; 2], width: u8) -> Self {
        for (address, length) in self.addresses.iter_mut().zip(lengths) {
            *address &= mask(length, width);
        }
        Self { lengths, ..self }
    }
}

/// The bits that a prefix of `length` fixes in an address of `width` bits.
pub(super) fn mask(length: u8, width: u8) -> u128 {
    let all = u128::MAX.checked_shr(128 - u32::from(width)).unwrap_or(0);
    let open = u32::from(width.saturating_sub(length));
    all & u128::MAX.checked_shl(open).unwrap_or(0)
}

/// The Ethernet address of an entry that does not name one: it takes that of the first packet.
pub(super) const ANY_MAC: u64 = u64::MAX;

/// What a set is asked for: one side of the packet for each dimension.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Element {
    pub(super) key: Key,
    pub(super) interface: Option<Arc<str>>,
    /// How many addresses are there.
    addresses: usize,
}

impl Element {
    /// Adds the next address.
    pub fn address(&mut self, address: IpAddr) {
        if let Some(place) = self.key.addresses.get_mut(self.addresses) {
            *place = bits(address);
            self.addresses += 1;
        }
    }

    /// Adds the port; of ICMP that is the type times 256 and the code, and of a protocol without ports 0.
    pub const fn port(&mut self, protocol: u8, port: u16) {
        (self.key.protocol, self.key.port) = (protocol, port);
    }

    /// Adds the Ethernet address.
    pub fn mac(&mut self, address: [u8; 6]) {
        self.key.tag = tag(address);
    }

    /// Adds the mark.
    pub fn mark(&mut self, mark: u32) {
        self.key.tag = mark.into();
    }

    /// Adds the interface.
    pub fn interface(&mut self, name: &str) {
        self.interface = Some(name.into());
    }
}

/// An Ethernet address as a number.
pub(super) fn tag(address: [u8; 6]) -> u64 {
    address.iter().fold(0, |tag, byte| tag << 8 | u64::from(*byte))
}

/// An address as a number.
fn bits(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => address.to_bits().into(),
        IpAddr::V6(address) => address.to_bits(),
    }
}
