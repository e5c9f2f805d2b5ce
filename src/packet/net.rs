//! Addresses with masks, as `-s` and `-d` take and print them.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

use ipnet::IpNet;

use crate::logic::Values;
use crate::save::Family;

/// An address and the bits of it that count. Bits that do not count are clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Net {
    /// IPv4: address and mask.
    V4(u32, u32),
    /// IPv6: address and mask.
    V6(u128, u128),
}

impl Net {
    /// Just this address.
    pub fn host(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self::V4(address.to_bits(), u32::MAX),
            IpAddr::V6(address) => Self::V6(address.to_bits(), u128::MAX),
        }
    }

    /// Is `address` one of those meant?
    #[inline]
    pub fn contains(self, address: IpAddr) -> bool {
        match (self, address) {
            (Self::V4(net, mask), IpAddr::V4(address)) => address.to_bits() & mask == net,
            (Self::V6(net, mask), IpAddr::V6(address)) => address.to_bits() & mask == net,
            _ => false,
        }
    }

    /// Is there an address that both mean?
    pub const fn overlaps(self, other: Self) -> bool {
        match (self, other) {
            (Self::V4(one, mask), Self::V4(two, other)) => (one ^ two) & mask & other == 0,
            (Self::V6(one, mask), Self::V6(two, other)) => (one ^ two) & mask & other == 0,
            _ => false,
        }
    }

    /// Is every address that `other` means one that this means?
    pub const fn holds(self, other: Self) -> bool {
        let is_wider = match (self, other) {
            (Self::V4(_, mask), Self::V4(_, other)) => mask & other == mask,
            (Self::V6(_, mask), Self::V6(_, other)) => mask & other == mask,
            _ => false,
        };
        is_wider && self.overlaps(other)
    }

    /// Just one address?
    pub const fn is_host(self) -> bool {
        matches!(self, Self::V4(_, u32::MAX) | Self::V6(_, u128::MAX))
    }

    /// Every address of its family?
    pub const fn is_all(self) -> bool {
        matches!(self, Self::V4(_, 0) | Self::V6(_, 0))
    }

    /// The addresses as numbers; `None` where the mask has gaps, so that they are no range.
    pub fn values(self) -> Option<Values> {
        match self {
            Self::V4(net, mask) => (mask.leading_ones() == mask.count_ones()).then(|| Values::range(net, net | !mask)),
            Self::V6(net, mask) => (mask.leading_ones() == mask.count_ones()).then(|| Values::range(net, net | !mask)),
        }
    }

    /// The only address meant, if there is just one.
    pub const fn only(self) -> Option<IpAddr> {
        match self {
            Self::V4(net, u32::MAX) => Some(IpAddr::V4(Ipv4Addr::from_bits(net))),
            Self::V6(net, u128::MAX) => Some(IpAddr::V6(Ipv6Addr::from_bits(net))),
            _ => None,
        }
    }

    /// Its family.
    pub const fn family(self) -> Family {
        match self {
            Self::V4(..) => Family::V4,
            Self::V6(..) => Family::V6,
        }
    }
}

impl From<IpNet> for Net {
    fn from(net: IpNet) -> Self {
        match net.trunc() {
            IpNet::V4(net) => Self::V4(net.network().to_bits(), net.netmask().to_bits()),
            IpNet::V6(net) => Self::V6(net.network().to_bits(), net.netmask().to_bits()),
        }
    }
}

impl FromStr for Net {
    type Err = ();

    /// Reads an address, `address/length` and `address/mask`.
    fn from_str(text: &str) -> Result<Self, ()> {
        if let Ok(net) = text.parse::<IpNet>() {
            return Ok(net.into());
        }
        let (address, mask) = match text.split_once('/') {
            Some((address, mask)) => (address, Some(mask)),
            None => (text, None),
        };
        match (address.parse().map_err(drop)?, mask.map(str::parse).transpose().map_err(drop)?) {
            (address, None) => Ok(Self::host(address)),
            (IpAddr::V4(address), Some(IpAddr::V4(mask))) => {
                Ok(Self::V4(address.to_bits() & mask.to_bits(), mask.to_bits()))
            }
            (IpAddr::V6(address), Some(IpAddr::V6(mask))) => {
                Ok(Self::V6(address.to_bits() & mask.to_bits(), mask.to_bits()))
            }
            _ => Err(()),
        }
    }
}

impl fmt::Display for Net {
    /// As `iptables-save` prints it: `/length`, or `/mask` where the mask has gaps.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::V4(net, mask) => {
                write!(f, "{}/", Ipv4Addr::from_bits(net))?;
                match mask.leading_ones() {
                    length if length == mask.count_ones() => write!(f, "{length}"),
                    _ => write!(f, "{}", Ipv4Addr::from_bits(mask)),
                }
            }
            Self::V6(net, mask) => {
                write!(f, "{}/", Ipv6Addr::from_bits(net))?;
                match mask.leading_ones() {
                    length if length == mask.count_ones() => write!(f, "{length}"),
                    _ => write!(f, "{}", Ipv6Addr::from_bits(mask)),
                }
            }
        }
    }
}

/// Does the internet route to the address: is it unicast, and none of the ranges that are set aside for other uses (IANA's
/// registries of special-purpose addresses)?
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            let shared = a == 100 && b & 0xc0 == 64;
            let special = (a, b, c) == (192, 0, 0) || (a, b, c) == (192, 88, 99) || a == 198 && b & 0xfe == 18;
            !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_documentation())
                && !(a == 0 || a >= 224 || shared || special)
        }
        IpAddr::V6(address) => {
            let documentation = address.to_bits() >> 96 == 0x2001_0db8 || address.to_bits() >> 108 == 0x3fff0;
            address.to_bits() >> 125 == 1 && !documentation
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_prints_what_iptables_saves() {
        for (given, saved) in [
            ("10.1.2.3", "10.1.2.3/32"),
            ("10.1.2.3/8", "10.0.0.0/8"),
            ("192.168.134.0/255.255.255.0", "192.168.134.0/24"),
            ("10.0.0.1/255.0.0.255", "10.0.0.1/255.0.0.255"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8::1", "2001:db8::1/128"),
            ("2001::/ffff:0:ffff::", "2001::/ffff:0:ffff::"),
            ("::ffff:1.2.3.4/128", "::ffff:1.2.3.4/128"),
        ] {
            assert_eq!(given.parse::<Net>().map(|net| net.to_string()), Ok(saved.into()));
        }
        for text in ["pxe.example.org", "10.0.0.0/33", "10.0.0.0/ffff::", "<private_ip>/32", ""] {
            assert_eq!(text.parse::<Net>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_mask_with_gaps_is_no_range() {
        let net: Net = "10.0.0.1/255.0.0.255".parse().unwrap();
        assert!(net.contains("10.77.3.1".parse().unwrap()));
        assert!(!net.contains("10.77.3.2".parse().unwrap()));
        assert_eq!(net.values(), None);
        assert_eq!("::/0".parse::<Net>().unwrap().values(), Some(Values::all()));
    }

    #[test]
    fn what_the_internet_routes_to() {
        for (address, public) in [
            ("23.185.0.3", true),
            ("192.0.2.10", false),
            ("10.1.2.3", false),
            ("100.64.0.1", false),
            ("224.0.0.1", false),
            ("2a00:1450::1", true),
            ("2001:db8::1", false),
            ("fd00::1", false),
        ] {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn nets_overlap() {
        for (one, other, both) in [
            ("10.0.0.0/8", "10.244.0.0/16", true),
            ("10.244.0.0/16", "10.0.0.0/8", true),
            ("10.244.0.0/16", "10.245.0.0/16", false),
            ("0.0.0.0/0", "fd00::/8", false),
            ("fd00::/8", "fd00:10::1", true),
        ] {
            let net = |text: &str| text.parse::<Net>().unwrap();
            assert_eq!(net(one).overlaps(net(other)), both, "{one} {other}");
        }
    }
}
