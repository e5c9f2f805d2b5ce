//! The `KEY=VALUE` words that the kernel writes behind `IN=` (`dump_ipv4_packet` in `net/netfilter/nf_log_syslog.c`), and
//! those of `xtables-monitor`, which are nearly the same.

use std::net::IpAddr;

use crate::number::{Protocol, mac_address};
use crate::packet::tcp_flags;
use crate::save::Family;

use super::record::Headers;

/// What the words say: the packet and its mark. `None` if there are no addresses.
pub(super) fn read(words: &str) -> Option<(Headers, Option<u32>)> {
    let (mut src, mut dst) = (None, None);
    let mut headers = Headers::between(IpAddr::from([0; 4]), IpAddr::from([0; 4]));
    let mut mark = None;
    let mut words = words.split_ascii_whitespace();
    while let Some(word) = words.next() {
        let parts = memchr::memchr(b'=', word.as_bytes()).and_then(|at| Some((word.get(..at)?, word.get(at + 1..)?)));
        match parts {
            Some(("SRC", value)) if src.is_none() => src = value.parse().ok(),
            Some(("DST", value)) if dst.is_none() => dst = value.parse().ok(),
            Some(("MARK", value)) => mark = hex(value),
            Some((key, value)) => field(&mut headers, key, value),
            // Options of IP or TCP in brackets, and the packet that an ICMP error is about.
            None if word == "OPT" => _ = words.next(),
            None => flag(&mut headers, word),
        }
        if word.starts_with('[') {
            break;
        }
    }
    (headers.src, headers.dst) = (src?, dst?);
    headers.family = Family::of(headers.dst);
    settle(&mut headers);
    Some((headers, mark))
}

fn field(headers: &mut Headers, key: &str, value: &str) {
    match key {
        "IN" if headers.input.is_empty() => headers.input = value.into(),
        "OUT" if headers.output.is_empty() => headers.output = value.into(),
        "MAC" => headers.mac = source(value),
        "MACSRC" => headers.mac = loose_mac(value),
        "LEN" if headers.length.is_none() => headers.length = value.parse().ok(),
        "TOS" if headers.tos.is_none() => headers.tos = byte(value),
        // The kernel takes the precedence out of TOS.
        "PREC" => headers.tos = headers.tos.zip(byte(value)).map(|(tos, prec)| tos | prec),
        "TC" => headers.tos = value.parse().ok(),
        "TTL" | "HOPLIMIT" if headers.ttl.is_none() => headers.ttl = value.parse().ok(),
        "FLOWLBL" => headers.id = value.parse().ok(),
        "ID" if headers.protocol.is_some() => headers.echo = value.parse().ok(),
        "ID" if headers.id.is_none() => headers.id = leading(value),
        "PROTO" if headers.protocol.is_none() => headers.protocol = protocol(value),
        "SPT" | "SPORT" => headers.sport = value.parse().ok(),
        "DPT" | "DPORT" => headers.dport = value.parse().ok(),
        "TYPE" => headers.icmp = value.parse().ok().map(|kind| (kind, None)),
        "CODE" => headers.icmp = headers.icmp.map(|(kind, code)| (kind, value.parse().ok().or(code))),
        "RES" => headers.flags = Some(headers.flags.unwrap_or(0)),
        "UID" => headers.uid = value.parse().ok(),
        "GID" => headers.gid = value.parse().ok(),
        _ => {}
    }
}

fn flag(headers: &mut Headers, word: &str) {
    let others = [("ECE", tcp_flags::ECE), ("CWR", tcp_flags::CWR)];
    let known = tcp_flags::NAMES.into_iter().chain(others).find(|(name, _)| *name == word);
    if let Some((_, bit)) = known {
        headers.flags = Some(headers.flags.unwrap_or(0) | bit);
    }
}

/// `xtables-monitor` names no protocol; ports and flags tell.
fn settle(headers: &mut Headers) {
    headers.protocol = headers.protocol.or(match (headers.sport, headers.flags) {
        (Some(_), Some(_)) => Some(Protocol::TCP),
        (Some(_), None) => Some(Protocol::UDP),
        (None, _) => None,
    });
    if headers.protocol != Some(Protocol::TCP) {
        headers.flags = None;
    }
    if !matches!(headers.protocol, Some(Protocol::ICMP | Protocol::ICMPV6)) {
        (headers.icmp, headers.echo) = (None, None);
    }
}

fn protocol(value: &str) -> Option<Protocol> {
    match value {
        "TCP" => Some(Protocol::TCP),
        "UDP" => Some(Protocol::UDP),
        _ => value.parse().ok().or_else(|| value.to_ascii_lowercase().parse().ok()),
    }
}

/// The number that a word begins with: `xtables-monitor` writes `ID=24282DF`.
fn leading(value: &str) -> Option<u32> {
    let end = value.bytes().take_while(u8::is_ascii_digit).count();
    value.get(..end)?.parse().ok()
}

fn hex(value: &str) -> Option<u32> {
    match value.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => value.parse().ok(),
    }
}

fn byte(value: &str) -> Option<u8> {
    hex(value)?.try_into().ok()
}

/// The source in the Ethernet header: behind the destination.
fn source(header: &str) -> Option<[u8; 6]> {
    mac_address(header.get(18..35)?)
}

/// `33:33:0:0:0:16`
fn loose_mac(value: &str) -> Option<[u8; 6]> {
    let mut mac = [0; 6];
    let mut parts = value.split(':');
    for byte in &mut mac {
        *byte = u8::from_str_radix(parts.next()?, 16).ok()?;
    }
    parts.next().is_none().then_some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_is_read() {
        let (packet, mark) = read(
            "IN=eth0 OUT=docker0 MAC=fa:16:3e:32:cd:fb:fa:16:3e:78:fa:aa:08:00 SRC=115.236.50.21 DST=172.17.0.4 LEN=52 \
             TOS=0x08 PREC=0x20 TTL=115 ID=21602 DF PROTO=TCP SPT=60079 DPT=80 WINDOW=65535 RES=0x00 SYN URGP=0 MARK=0x4000",
        )
        .unwrap();
        assert_eq!((&*packet.input, &*packet.output, mark), ("eth0", "docker0", Some(0x4000)));
        assert_eq!(packet.mac, Some([0xfa, 0x16, 0x3e, 0x78, 0xfa, 0xaa]));
        assert_eq!((packet.id, packet.ttl, packet.tos), (Some(21602), Some(115), Some(0x28)));
        assert_eq!((packet.sport, packet.dport, packet.flags), (Some(60079), Some(80), Some(tcp_flags::SYN)));
    }

    #[test]
    fn what_an_error_is_about_is_left_out() {
        let (packet, mark) = read(
            "IN= OUT=lo SRC=10.0.0.1 DST=10.0.0.2 LEN=88 TOS=0x00 PREC=0xC0 TTL=64 ID=7 PROTO=ICMP TYPE=3 CODE=3 \
             [SRC=10.0.0.2 DST=10.0.0.9 LEN=60 TOS=0x00 PREC=0x00 TTL=63 ID=9 PROTO=UDP SPT=1 DPT=2 LEN=40 ] ",
        )
        .unwrap();
        assert_eq!((packet.icmp, packet.sport, packet.id, mark), (Some((3, Some(3))), None, Some(7), None));
        assert_eq!(packet.dst.to_string(), "10.0.0.2");
    }

    #[test]
    fn v6_and_monitors_are_read() {
        let (packet, _) = read("IN=e OUT= MAC= SRC=fd00::1 DST=fd00::2 LEN=60 TC=0 HOPLIMIT=64 FLOWLBL=788620 PROTO=UDP SPT=1 DPT=2 LEN=20").unwrap();
        assert_eq!((packet.family, packet.id, packet.length), (Family::V6, Some(788_620), Some(60)));
        let (packet, _) =
            read("IN=v MACSRC=32:ef:5f:88:7b:4a SRC=10.0.0.1 DST=10.0.0.2 TOS=0x0 ID=24282DF SPORT=1 DPORT=2 SYN")
                .unwrap();
        assert_eq!((packet.protocol, packet.id), (Some(Protocol::TCP), Some(24282)));
    }
}
