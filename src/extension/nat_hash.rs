//! Which address of a range DNAT and SNAT take (`find_best_ips_proto` in `net/netfilter/nf_nat_core.c`): a hash of the packet's
//! addresses decides, with no secret in it.
//!
//! The kernel hashes the words of addresses as they lie in memory. This is what hosts with little endian byte order do, such
//! as x86-64 and arm64; on others, such as s390x, the choice is another.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::ops::RangeInclusive;

use super::jhash::jhash;

/// Whose address is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// The source: SNAT.
    Source,
    /// The destination: DNAT.
    Destination,
}

/// What the choice hangs on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    /// Source address.
    pub(super) src: IpAddr,
    /// Destination address; `None` with `--persistent`, which gives a client the same address whatever it asks for.
    pub(super) dst: Option<IpAddr>,
    /// The zone of the connection.
    pub(super) zone: u16,
}

impl Flow {
    /// The address of `range` that the flow gets on this side. Nothing holds the ends of a range to be in order.
    pub(super) fn choose(&self, range: &RangeInclusive<IpAddr>, side: Side) -> Option<IpAddr> {
        match (range.start(), range.end()) {
            (IpAddr::V4(first), IpAddr::V4(last)) => {
                let word = pick(self.hash(), first.to_bits(), last.to_bits());
                Some(Ipv4Addr::from_bits(word).into())
            }
            (IpAddr::V6(first), IpAddr::V6(last)) => Some(self.choose_v6(words(*first), words(*last), side).into()),
            _ => None,
        }
    }

    /// Word by word. Once a word is not that of the range's end, those after it may be anything.
    fn choose_v6(&self, first: [u32; 4], last: [u32; 4], side: Side) -> Ipv6Addr {
        let dst = self.dst.map(all_words);
        let mut hash = self.hash();
        let mut free = false;
        let mut bits = 0;
        for (n, (first, last)) in first.into_iter().zip(last).enumerate() {
            let word = if free { pick(hash, 0, u32::MAX - 1) } else { pick(hash, first, last) };
            free |= word != last;
            bits = bits << 32 | u128::from(word);
            if let Some(dst) = dst {
                // What is mixed in is the destination as it is now: for DNAT, the word that was just chosen.
                let mixed = if side == Side::Destination { word } else { dst.get(n).copied().unwrap_or(0) };
                hash ^= mixed.swap_bytes();
            }
        }
        Ipv6Addr::from_bits(bits)
    }

    fn hash(&self) -> u32 {
        let last = |dst| match dst {
            IpAddr::V4(dst) => Ipv4Addr::to_bits(dst),
            IpAddr::V6(dst) => words(dst)[3],
        };
        let initial = self.dst.map_or(0, |dst| last(dst).swap_bytes() ^ u32::from(self.zone));
        jhash(&all_words(self.src).map(u32::swap_bytes), initial)
    }
}

/// The words of an address from first to last; the kernel keeps one of IPv4 in the first of four.
fn all_words(address: IpAddr) -> [u32; 4] {
    match address {
        IpAddr::V4(address) => [address.to_bits(), 0, 0, 0],
        IpAddr::V6(address) => words(address),
    }
}

fn words(address: Ipv6Addr) -> [u32; 4] {
    let word = |high: u16, low: u16| u32::from(high) << 16 | u32::from(low);
    let [a, b, c, d, e, f, g, h] = address.segments();
    [word(a, b), word(c, d), word(e, f), word(g, h)]
}

/// Scales a hash onto the numbers from `first` to `last`. All 2^32 of them count as none, so that `first` is taken.
fn pick(hash: u32, first: u32, last: u32) -> u32 {
    let size = last.wrapping_sub(first).wrapping_add(1);
    let scaled = (u64::from(hash) * u64::from(size)) >> 32;
    first.wrapping_add(u32::try_from(scaled).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::Side::{Destination, Source};
    use super::*;

    /// What Linux 6.18 (x86-64) was seen to take, on both backends: side, `--persistent`, source, destination, range, choice.
    const MEASURED: &[(Side, bool, &str, &str, &str, &str)] = &[
        (Destination, false, "10.159.118.125", "192.168.65.101", "192.168.7.10-192.168.7.12", "192.168.7.11"),
        (Destination, false, "10.158.17.95", "192.168.113.225", "192.168.7.0-192.168.7.255", "192.168.7.24"),
        (Destination, true, "10.251.127.244", "192.168.42.118", "192.168.7.0-192.168.7.255", "192.168.7.205"),
        (Destination, false, "10.52.108.111", "192.168.46.130", "192.168.7.12-192.168.7.10", "137.168.61.190"),
        (Source, false, "10.0.221.184", "192.168.152.147", "192.168.7.10-192.168.7.12", "192.168.7.10"),
        (Source, false, "10.237.253.229", "192.168.209.203", "192.168.7.0-192.168.7.255", "192.168.7.113"),
        (Source, true, "10.27.169.91", "192.168.150.251", "192.168.7.0-192.168.7.255", "192.168.7.103"),
        (Source, false, "10.23.87.145", "192.168.53.96", "192.168.7.12-192.168.7.10", "14.187.170.76"),
        (
            Destination,
            false,
            "fd00:a:ff29:7d0e:4f2e:84fc:b06d:bee1",
            "fd00:b:b85a:5cd2:2959:fea3:7bd9:e8a2",
            "fd00:b::10-fd00:b::12",
            "fd00:b::12",
        ),
        (
            Destination,
            true,
            "fd00:a:f325:ffbe:9065:6c8f:bb4e:5c12",
            "fd00:b:e580:c35e:a161:d909:21fd:ac3b",
            "fd00:b::10-fd00:b::12",
            "fd00:b::12",
        ),
        (
            Destination,
            false,
            "fd00:a:2581:70f9:e6e0:53f7:675e:be3c",
            "fd00:b:d272:3248:6083:1ef2:1cd0:c152",
            "fd00:b:0:1::5-fd00:b:0:3::2",
            "fd00:b:0:1:4786:b3ed:aa35:35a8",
        ),
        (
            Destination,
            true,
            "fd00:a:b458:1e37:8f2f:3949:5d09:dd2a",
            "fd00:b:d5d1:cbd0:47e5:eb8d:ab16:3407",
            "fd00:b:0:1::5-fd00:b:0:3::2",
            "fd00:b:0:1:650:1d6c:650:1d6c",
        ),
        (
            Destination,
            false,
            "fd00:a:a4e1:5158:461c:b6e0:590e:f595",
            "fd00:b:f000:feb0:bce2:40c6:5878:d0b",
            "fd00:b:1:2:3:4:5:6-fd00:b:9:2:3:4:5:1",
            "fd00:b:4:a6c5:b17e:576d:dc29:29de",
        ),
        (
            Destination,
            true,
            "fd00:a:2bfc:d686:6aa8:7c09:baf8:7132",
            "fd00:b:efac:6de6:c7c6:6f53:9de5:52de",
            "fd00:b:1:2:3:4:5:6-fd00:b:9:2:3:4:5:1",
            "fd00:b:4:1c5b:638b:2a16:638b:2a16",
        ),
        (
            Destination,
            false,
            "fd00:a:39eb:8e4:fad1:8c6a:78b9:d3d7",
            "fd00:b:e44d:a6a6:ddc:50fb:2a6e:4bd7",
            "fd00:b:0:7::-fd00:b:0:7:ffff:ffff:ffff:ffff",
            "fd00:b:0:7::7be1:4269",
        ),
        (
            Destination,
            false,
            "fd00:a:f7ce:a56e:32fb:fa70:f50b:e272",
            "fd00:b:1740:b6ae:9bcd:dba3:220b:2d2e",
            "fd00:b::9-fd00:b::1",
            "fd00:b::7a1f:7a7b",
        ),
        (
            Source,
            false,
            "fd00:a:8856:2827:7af4:b7ac:361:4a8c",
            "fd00:b:3e54:29df:4616:f203:8f70:d466",
            "fd00:b::10-fd00:b::12",
            "fd00:b::11",
        ),
        (
            Source,
            true,
            "fd00:a:560c:117e:b541:46ec:8893:51ce",
            "fd00:b:bb34:e707:4bfc:8983:9d13:5f6",
            "fd00:b::10-fd00:b::12",
            "fd00:b::12",
        ),
        (
            Source,
            false,
            "fd00:a:a1da:2cea:f409:5c57:b54b:5d28",
            "fd00:b:dbd3:4bec:7b5c:6d05:a61b:fafc",
            "fd00:b:0:1::5-fd00:b:0:3::2",
            "fd00:b:0:1:fde7:5052:f88a:c27",
        ),
        (
            Source,
            true,
            "fd00:a:8c91:8311:b1fa:c644:7a79:3fbf",
            "fd00:b:f911:67e3:7f68:1505:e381:3085",
            "fd00:b:0:1::5-fd00:b:0:3::2",
            "fd00:b:0:2:a748:f676:a748:f676",
        ),
        (
            Source,
            false,
            "fd00:a:381f:9869:1f52:c148:d791:6ac2",
            "fd00:b:d308:9014:a54f:c36:9d53:827d",
            "fd00:b:1:2:3:4:5:6-fd00:b:9:2:3:4:5:1",
            "fd00:b:6:4c5a:bd1a:e3cc:8b16:ac67",
        ),
        (
            Source,
            true,
            "fd00:a:be09:d6a4:1e4c:73df:9343:f55c",
            "fd00:b:9fac:19b8:e0e2:90ce:6606:1875",
            "fd00:b:1:2:3:4:5:6-fd00:b:9:2:3:4:5:1",
            "fd00:b:8:b02a:f604:e36f:f604:e36f",
        ),
        (
            Source,
            false,
            "fd00:a:8d3a:97b5:102c:f77f:4364:2325",
            "fd00:b:d525:cb10:4112:9cc9:3c52:65e7",
            "fd00:b:0:7::-fd00:b:0:7:ffff:ffff:ffff:ffff",
            "fd00:b:0:7::38c9:99df",
        ),
        (
            Source,
            false,
            "fd00:a:5550:dc2d:4a30:78a2:3c2a:31f0",
            "fd00:b:b490:3027:9d1f:33f5:ee37:deb0",
            "fd00:b::9-fd00:b::1",
            "fd00:b::5b4:c56f",
        ),
    ];

    #[test]
    fn the_kernel_was_seen_to_choose_the_same() {
        for (side, persistent, src, dst, range, taken) in MEASURED {
            let address = |text: &str| text.parse::<IpAddr>().unwrap();
            let (first, last) = range.split_once('-').unwrap();
            let dst = (!persistent).then(|| address(dst));
            let flow = Flow { src: address(src), dst, zone: 0 };
            assert_eq!(flow.choose(&(address(first)..=address(last)), *side), Some(address(taken)), "{src} {range}");
        }
    }

    /// As above, with `CT --zone 5` in the raw table.
    #[test]
    fn a_zone_makes_another_choice() {
        let range = "192.168.5.0".parse().unwrap()..="192.168.5.200".parse().unwrap();
        let zoned = [("10.9.0.77", "192.168.5.127"), ("10.9.1.77", "192.168.5.192"), ("10.9.2.77", "192.168.5.117")];
        for (src, taken) in zoned {
            let flow = Flow { src: src.parse().unwrap(), dst: "192.168.9.9".parse().ok(), zone: 5 };
            assert_eq!(flow.choose(&range, Destination), taken.parse().ok(), "{src}");
        }
    }
}
