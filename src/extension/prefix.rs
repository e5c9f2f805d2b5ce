//! An address with the length of its prefix, of which the bits behind it are kept.

use std::fmt;

use ipnet::IpNet;

use crate::diagnostic::Diagnostic;
use crate::save::Family;

use super::args::Arg;

/// `10.0.0.1`, `10.0.0.1/24`
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefix(IpNet);

impl Prefix {
    /// Reads an address, `address/length` and `address/mask`.
    pub(super) fn read(arg: &Arg<'_>, family: Family) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        let (address, length) =
            text.split_once('/').map_or((&*text, None), |(address, length)| (address, Some(length)));
        let read = || {
            let address = address.parse().ok().filter(|address| Family::of(*address) == family)?;
            match length.map(|length| (length.parse::<u8>(), length.parse())) {
                None => Some(IpNet::from(address)),
                Some((Ok(length), _)) => IpNet::new(address, length).ok(),
                Some((_, mask)) => IpNet::with_netmask(address, mask.ok()?).ok(),
            }
        };
        read().map(Self).ok_or_else(|| arg.bad("an address, or address/length"))
    }
}

impl fmt::Display for Prefix {
    /// As it is saved: one that is a whole address has no length.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() { self.0.addr().fmt(f) } else { self.0.fmt(f) }
    }
}
