//! IPv6 prefix translation without state, shared by `SNPT` and `DNPT` (RFC 6296; `net/ipv6/netfilter/ip6t_NPT.c`).

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use crate::diagnostic::Diagnostic;
use crate::logic::Field;
use crate::packet::Value;
use crate::save::Family;

use super::args::{Args, Opt, opt};
use super::listed::{Listed, goes_on};

/// The options of both.
pub(super) const OPTIONS: [Opt; 2] = [opt("--src-pfx", 1), opt("--dst-pfx", 1)];
/// What listings print of the second.
pub(super) const LISTED: Listed = goes_on("dst-pfx", "--dst-pfx", 1);

/// One prefix in place of another.
#[derive(Debug, Clone)]
pub(super) struct Npt {
    from: Prefix,
    to: Prefix,
}

#[derive(Debug, Clone, Copy)]
struct Prefix {
    address: Ipv6Addr,
    length: u8,
}

impl Npt {
    pub(super) fn read(args: &Args<'_>) -> Result<Self, Diagnostic> {
        Ok(Self { from: prefix(args, "--src-pfx")?, to: prefix(args, "--dst-pfx")? })
    }

    /// The new address. The prefix is written over whatever was there, and one word of the rest makes up for it, so
    /// that checksums stay right. `None` if no word can: the packet is dropped.
    pub(super) fn map(&self, address: &Value<IpAddr>, field: Field, line: u32) -> Option<Value<IpAddr>> {
        let Value::Known(IpAddr::V6(address)) = address else { return Some(Value::left(field, line)) };
        let length = self.from.length.max(self.to.length);
        let kept = u128::MAX.checked_shr(length.into()).unwrap_or(0);
        let mut words = Ipv6Addr::from_bits(address.to_bits() & kept | self.to.address.to_bits() & !kept).segments();
        let word =
            if length <= 48 { words.get_mut(3) } else { words.iter_mut().skip(4).find(|word| **word != u16::MAX) };
        let word = word?;
        let sum = add(add(*word, sum(self.from)), !sum(self.to));
        *word = if sum == u16::MAX { 0 } else { sum };
        Some(Value::Known(Ipv6Addr::from(words).into()))
    }
}

/// A prefix of at most 64 bits with nothing behind it.
fn prefix(args: &Args<'_>, option: &'static str) -> Result<Prefix, Diagnostic> {
    let arg = args.get(option).ok_or_else(|| args.missing(option))?;
    let text = arg.text(0);
    let read = |(address, length): (&str, &str)| {
        let (address, length): (Ipv6Addr, u8) = (address.parse().ok()?, length.parse().ok()?);
        let behind = u128::MAX.checked_shr(length.into())?;
        (1..=64).contains(&length).then_some(())?;
        (address.to_bits() & behind == 0).then_some(Prefix { address, length })
    };
    let prefix = text.split_once('/').and_then(read);
    prefix.filter(|_| args.family == Family::V6).ok_or_else(|| arg.bad("a prefix of IPv6 of at most 64 bits"))
}

/// The sum of the words of a prefix, as checksums count: what is carried over comes in again at the end.
fn sum(prefix: Prefix) -> u16 {
    prefix.address.segments().into_iter().fold(0, add)
}

fn add(one: u16, other: u16) -> u16 {
    let (sum, carried) = one.overflowing_add(other);
    sum + u16::from(carried)
}

impl fmt::Display for Npt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.from, self.to);
        write!(f, " --src-pfx {}/{} --dst-pfx {}/{}", from.address, from.length, to.address, to.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(text: &str) -> Prefix {
        let (address, length) = text.split_once('/').unwrap();
        Prefix { address: address.parse().unwrap(), length: length.parse().unwrap() }
    }

    /// What Linux 6.18 was seen to send, on both backends, as source and as destination alike: prefix, new prefix,
    /// address, new address; nothing is sent where no word can make up for the prefix.
    const MEASURED: &[(&str, &str, &str, Option<&str>)] = &[
        (
            "fd00:a::/32",
            "fd00:b::/32",
            "fd00:a:8b52:9b4a:97b7:5092:3ceb:3ffd",
            Some("fd00:b:8b52:9b49:97b7:5092:3ceb:3ffd"),
        ),
        ("fd00:a::/32", "fd00:b::/32", "fd00:a::ffff:0:0:5", Some("fd00:b:0:fffe:ffff::5")),
        ("fd00:a::/32", "fd00:b::/32", "fd00:a::ffff:ffff:ffff:1", Some("fd00:b:0:fffe:ffff:ffff:ffff:1")),
        (
            "fd00:a:1::/48",
            "2001:db8:7::/48",
            "fd00:a:1:e3a5:93b0:5a04:cd08:5b71",
            Some("2001:db8:7:b2f1:93b0:5a04:cd08:5b71"),
        ),
        ("fd00:a:1::/48", "2001:db8:7::/48", "fd00:a:1:0:ffff::5", Some("2001:db8:7:cf4b:ffff::5")),
        ("fd00:a:1::/48", "2001:db8:7::/48", "fd00:a:1:0:ffff:ffff:ffff:1", Some("2001:db8:7:cf4b:ffff:ffff:ffff:1")),
        (
            "fd00:a:1:2::/64",
            "2001:db8:7:9::/64",
            "fd00:a:1:2:a7cf:94d7:b6bc:b64f",
            Some("2001:db8:7:9:7714:94d7:b6bc:b64f"),
        ),
        ("fd00:a:1:2::/64", "2001:db8:7:9::/64", "fd00:a:1:2:ffff::5", Some("2001:db8:7:9:ffff:cf44:0:5")),
        (
            "fd00:a:1:2::/64",
            "2001:db8:7:9::/64",
            "fd00:a:1:2:ffff:ffff:ffff:1",
            Some("2001:db8:7:9:ffff:ffff:ffff:cf45"),
        ),
        ("fd00:a:1:2::/64", "2001:db8:7:9::/64", "fd00:a:1:2:ffff:ffff:ffff:ffff", None),
        (
            "fd00:a:1:200::/56",
            "2001:db8:7:9::/64",
            "fd00:a:1:227:1da:135:4f46:8977",
            Some("2001:db8:7:9:d31c:135:4f46:8977"),
        ),
        ("fd00:a:1:200::/56", "2001:db8:7:9::/64", "fd00:a:1:200:ffff::5", Some("2001:db8:7:9:ffff:d142:0:5")),
        (
            "fd00:a:1:200::/56",
            "2001:db8:7:9::/64",
            "fd00:a:1:200:ffff:ffff:ffff:1",
            Some("2001:db8:7:9:ffff:ffff:ffff:d143"),
        ),
        ("fd00:a:1:200::/56", "2001:db8:7:9::/64", "fd00:a:1:200:ffff:ffff:ffff:ffff", None),
        (
            "fd00:a:1::/48",
            "2001:db8:7:9::/64",
            "fd00:a:1:c0c6:522:2fb2:509b:bd4d",
            Some("2001:db8:7:9:d464:2fb2:509b:bd4d"),
        ),
        ("fd00:a:1::/48", "2001:db8:7:9::/64", "fd00:a:1:0:ffff::5", Some("2001:db8:7:9:ffff:cf42:0:5")),
        ("fd00:a:1::/48", "2001:db8:7:9::/64", "fd00:a:1:0:ffff:ffff:ffff:1", Some("2001:db8:7:9:ffff:ffff:ffff:cf43")),
        ("fd00:a:1::/48", "2001:db8:7:9::/64", "fd00:a:1:0:ffff:ffff:ffff:ffff", None),
        (
            "fd00:a:1:2::/63",
            "2001:db8:7:8::/62",
            "fd00:a:1:3:987a:a6bd:d805:f5d2",
            Some("2001:db8:7:9:67c0:a6bd:d805:f5d2"),
        ),
        ("fd00:a:1:2::/63", "2001:db8:7:8::/62", "fd00:a:1:2:ffff::5", Some("2001:db8:7:8:ffff:cf45:0:5")),
        (
            "fd00:a:1:2::/63",
            "2001:db8:7:8::/62",
            "fd00:a:1:2:ffff:ffff:ffff:1",
            Some("2001:db8:7:8:ffff:ffff:ffff:cf46"),
        ),
        ("fd00:a:1:2::/63", "2001:db8:7:8::/62", "fd00:a:1:2:ffff:ffff:ffff:ffff", None),
        (
            "fd00:a:0:2::/64",
            "fd00:b:0:1::/64",
            "fd00:a:0:2:dd1d:4096:2eff:832f",
            Some("fd00:b:0:1:dd1d:4096:2eff:832f"),
        ),
        ("fd00:a:0:2::/64", "fd00:b:0:1::/64", "fd00:a:0:2:ffff::5", Some("fd00:b:0:1:ffff::5")),
        ("fd00:a:0:2::/64", "fd00:b:0:1::/64", "fd00:a:0:2:ffff:ffff:ffff:1", Some("fd00:b:0:1:ffff:ffff:ffff:1")),
        ("fd00:a:0:2::/64", "fd00:b:0:1::/64", "fd00:a:0:2:ffff:ffff:ffff:ffff", None),
    ];

    #[test]
    fn the_kernel_was_seen_to_map_the_same() {
        for (from, to, address, mapped) in MEASURED {
            let npt = Npt { from: prefix(from), to: prefix(to) };
            let known = Value::Known(address.parse().unwrap());
            let expected = mapped.map(|mapped| Value::Known(mapped.parse().unwrap()));
            assert_eq!(npt.map(&known, Field::Src, 1), expected, "{from} {to} {address}");
        }
    }
}
