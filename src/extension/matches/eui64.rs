//! `-m eui64`: is the source address made from the Ethernet address (`net/ipv6/netfilter/ip6t_eui64.c`)?

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
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
    /// A packet that did not come over Ethernet has no such address.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        match (cx.packet.mac, cx.packet.src.known()) {
            _ if cx.packet.local => Outcome::Never,
            (Some(mac), Some(IpAddr::V6(src))) => (src.octets().ends_with(&interface_id(mac))).into(),
            _ => cx.ask(
                "eui64",
                Some(Presumed::usually(false)),
                "the source address is made from the Ethernet address".into(),
                "the source address is not made from the Ethernet address".into(),
            ),
        }
    }
}

/// The modified EUI-64 of an Ethernet address (RFC 4291, appendix A).
const fn interface_id([a, b, c, d, e, f]: [u8; 6]) -> [u8; 8] {
    [a ^ 0x02, b, c, 0xff, 0xfe, d, e, f]
}

impl fmt::Display for Eui64 {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
