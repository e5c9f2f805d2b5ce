//! `-m eui64`: is the source address made from the Ethernet address (`net/ipv6/netfilter/ip6t_eui64.c`)?

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m eui64`
#[derive(Debug, Clone)]
pub struct Eui64;

impl<'t> Extension<'t> for Eui64 {
    const NAME: &'static str = "eui64";
    const OPTIONS: &'static [Opt] = &[];
    const LISTED: &'static [Listed] = &[opens("eui64", "", 0)];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Matches for Eui64 {
    /// What the host sends to itself has no Ethernet address. That of an address which is not made from any is never
    /// the one; for another it is asked.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let id = match cx.packet.src.known() {
            Some(IpAddr::V6(src)) => ethernet_of(*src),
            _ => None,
        };
        match (cx.packet.mac, cx.packet.src.known(), id) {
            _ if cx.packet.local || cx.packet.looped => Outcome::Never,
            (Some(mac), Some(_), id) => (id == Some(mac)).into(),
            (None, Some(_), None) => Outcome::Never,
            _ => cx.ask(
                "eui64",
                None,
                "the source address is made from the Ethernet address".into(),
                "the source address is not made from the Ethernet address".into(),
            ),
        }
    }
}

/// The Ethernet address that an address of IPv6 is made from (RFC 4291, appendix A).
fn ethernet_of(address: Ipv6Addr) -> Option<[u8; 6]> {
    match address.octets() {
        [_, _, _, _, _, _, _, _, a, b, c, 0xff, 0xfe, d, e, f] => Some([a ^ 0x02, b, c, d, e, f]),
        _ => None,
    }
}

impl fmt::Display for Eui64 {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_universal_bit_is_turned_round() {
        let made_from = |address: &str| ethernet_of(address.parse().unwrap());
        assert_eq!(made_from("2001:db8::11:22ff:fe33:4455"), Some([0x02, 0x11, 0x22, 0x33, 0x44, 0x55]));
        assert_eq!(made_from("fe80::211:22ff:fe33:4455"), Some([0x00, 0x11, 0x22, 0x33, 0x44, 0x55]));
        assert_eq!(made_from("2001:db8::1"), None);
    }
}
