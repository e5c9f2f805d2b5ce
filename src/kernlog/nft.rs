//! What `nft monitor trace` prints.

use std::net::IpAddr;
use std::sync::Arc;

use crate::number::mac_address;
use crate::packet::tcp_flags;
use crate::save::Family;

use super::record::{Headers, Met, Record, Told, What, Words};

/// `trace id ee45343f ip nat KUBE-SERVICES rule … (verdict jump KUBE-NODEPORTS)`
pub(super) fn read(line: u64, text: &str) -> Option<Record> {
    let mut words = text.splitn(7, ' ').skip(2);
    let trace = u32::from_str_radix(words.next()?, 16).ok()?;
    let family = words.next()?;
    let (table, chain, rest) = (words.next()?, words.next()?, words.next()?);
    if !matches!(family, "ip" | "ip6" | "inet" | "bridge") {
        return None;
    }
    let (kind, rest) = rest.split_once(' ').unwrap_or((rest, ""));
    let met = |what| Some(Told::Met(Met { table: table.into(), chain: chain.into(), what }));
    let (headers, told) = match kind {
        "packet:" => (Some(Arc::new(packet(rest)?)), None),
        "rule" => (None, met(What::Rule(rule(rest)))),
        "policy" => (None, met(What::Policy)),
        // `verdict continue` is the end of a chain too.
        "return" | "verdict" => (None, met(What::Return)),
        "unknown" => (None, met(What::Rule(rule("")))),
        _ => return None,
    };
    let mark = rest.find("meta mark 0x").and_then(|at| rest.get(at + 12..)).filter(|_| kind != "rule");
    let mark = mark.and_then(|mark| u32::from_str_radix(mark.split(' ').next()?, 16).ok());
    Some(Record { line, time: None, trace: Some(trace), told, headers, mark })
}

/// A rule with what it does, without its counters.
fn rule(text: &str) -> Words {
    let (text, verdict) = text.rsplit_once(" (verdict ").unwrap_or((text, ""));
    let mut words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    if let Some(at) = words.windows(2).position(|pair| pair == ["counter", "packets"]) {
        words.drain(at..(at + 5).min(words.len()));
    }
    Words { text: words.join(" ").into(), does: verdict.split(')').next().unwrap_or_default().trim().into() }
}

/// `iif "veth0" ether saddr … ip saddr … ip ttl 64 ip id 24282 ip length 60 tcp sport 46824 tcp dport 32110 tcp flags == syn`
fn packet(text: &str) -> Option<Headers> {
    let mut headers = Headers::between(IpAddr::from([0; 4]), IpAddr::from([0; 4]));
    let (mut src, mut dst) = (None, None);
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let value = |ahead: usize| words.get(at + ahead).copied().unwrap_or_default();
        match (*word, value(1)) {
            ("iif", name) => headers.input = name.trim_matches('"').into(),
            ("oif", name) => headers.output = name.trim_matches('"').into(),
            ("ether", "saddr") => headers.mac = mac_address(value(2)),
            ("ip" | "ip6", "saddr") => src = value(2).parse().ok(),
            ("ip" | "ip6", "daddr") => dst = value(2).parse().ok(),
            ("ip" | "ip6", "dscp") => headers.tos = dscp(value(2)).map(|dscp| dscp << 2),
            ("ip" | "ip6", "ecn") => headers.tos = headers.tos.zip(ecn(value(2))).map(|(tos, ecn)| tos | ecn),
            ("ip" | "ip6", "ttl" | "hoplimit") => headers.ttl = value(2).parse().ok(),
            ("ip" | "ip6", "id" | "flowlabel") => headers.id = value(2).parse().ok(),
            ("ip", "length") => headers.length = value(2).parse().ok(),
            ("ip6", "length") => {
                headers.length = value(2).parse::<u16>().ok().and_then(|length| length.checked_add(40));
            }
            ("ip" | "ip6", "protocol" | "nexthdr") => headers.protocol = value(2).parse().ok(),
            (protocol @ ("tcp" | "udp" | "sctp" | "dccp" | "udplite"), "sport") => {
                headers.protocol = protocol.parse().ok();
                headers.sport = value(2).parse().ok();
            }
            ("tcp" | "udp" | "sctp" | "dccp" | "udplite", "dport") => headers.dport = value(2).parse().ok(),
            ("tcp", "flags") => headers.flags = flags(value(3)),
            (protocol @ ("icmp" | "icmpv6"), "type") => {
                headers.protocol = protocol.parse().ok();
                headers.icmp = kind(value(2), protocol == "icmpv6").map(|kind| (kind, None));
            }
            ("icmp" | "icmpv6", "code") => {
                headers.icmp = headers.icmp.map(|(kind, _)| (kind, code(value(2), *word == "icmpv6")));
            }
            ("icmp" | "icmpv6", "id") => headers.echo = value(2).parse().ok(),
            _ => {}
        }
    }
    (headers.src, headers.dst) = (src?, dst?);
    headers.family = Family::of(headers.dst);
    Some(headers)
}

/// `syn`, `syn,ack`, `syn|ack` or `0x12`.
fn flags(text: &str) -> Option<u8> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u8::from_str_radix(hex, 16).ok();
    }
    let others = [("ECN", tcp_flags::ECE), ("CWR", tcp_flags::CWR)];
    text.split([',', '|']).try_fold(0, |bits, name| {
        let known = tcp_flags::NAMES.into_iter().chain(others).find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, bit)| bits | bit)
    })
}

/// `cs6`, `af11`, `ef`, `0x02`
fn dscp(name: &str) -> Option<u8> {
    let number = |text: &str| text.parse::<u8>().ok();
    if let Some(class) = name.strip_prefix("cs").and_then(number) {
        return class.checked_mul(8).filter(|dscp| *dscp < 64);
    }
    if let Some(class) = name.strip_prefix("af").and_then(number) {
        return Some(class / 10 * 8 + class % 10 * 2).filter(|dscp| *dscp < 64);
    }
    match name {
        "ef" => Some(46),
        "va" | "voice-admit" => Some(44),
        "le" | "lephb" => Some(1),
        "be" => Some(0),
        _ => u8::from_str_radix(name.strip_prefix("0x")?, 16).ok().filter(|dscp| *dscp < 64),
    }
}

fn ecn(name: &str) -> Option<u8> {
    ["not-ect", "ect1", "ect0", "ce"].iter().zip(0..).find(|(known, _)| **known == name).map(|(_, ecn)| ecn)
}

/// The ICMP codes by nft's names, which are those of an unreachable destination.
fn code(name: &str, v6: bool) -> Option<u8> {
    const V4: [(&str, u8); 8] = [
        ("net-unreachable", 0),
        ("host-unreachable", 1),
        ("prot-unreachable", 2),
        ("port-unreachable", 3),
        ("frag-needed", 4),
        ("net-prohibited", 9),
        ("host-prohibited", 10),
        ("admin-prohibited", 13),
    ];
    const V6: [(&str, u8); 6] = [
        ("no-route", 0),
        ("admin-prohibited", 1),
        ("addr-unreachable", 3),
        ("port-unreachable", 4),
        ("policy-fail", 5),
        ("reject-route", 6),
    ];
    let names: &[(&str, u8)] = if v6 { &V6 } else { &V4 };
    name.parse().ok().or_else(|| names.iter().find(|(known, _)| *known == name).map(|(_, code)| *code))
}

/// The ICMP types by nft's names; some mean another number in ICMPv6.
fn kind(name: &str, v6: bool) -> Option<u8> {
    const NAMES: [(&str, u8, u8); 27] = [
        ("echo-reply", 0, 129),
        ("destination-unreachable", 3, 1),
        ("packet-too-big", 2, 2),
        ("source-quench", 4, 4),
        ("redirect", 5, 137),
        ("echo-request", 8, 128),
        ("router-advertisement", 9, 134),
        ("router-solicitation", 10, 133),
        ("time-exceeded", 11, 3),
        ("parameter-problem", 12, 4),
        ("timestamp-request", 13, 13),
        ("timestamp-reply", 14, 14),
        ("info-request", 15, 15),
        ("info-reply", 16, 16),
        ("address-mask-request", 17, 17),
        ("address-mask-reply", 18, 18),
        ("mld-listener-query", 130, 130),
        ("mld-listener-report", 131, 131),
        ("mld-listener-done", 132, 132),
        ("nd-router-solicit", 133, 133),
        ("nd-router-advert", 134, 134),
        ("nd-neighbor-solicit", 135, 135),
        ("nd-neighbor-advert", 136, 136),
        ("nd-redirect", 137, 137),
        ("ind-neighbor-solicit", 141, 141),
        ("ind-neighbor-advert", 142, 142),
        ("mld2-listener-report", 143, 143),
    ];
    let named =
        || NAMES.into_iter().find(|(known, ..)| *known == name).map(|(_, v4, in_v6)| if v6 { in_v6 } else { v4 });
    name.parse().ok().or_else(named)
}

#[cfg(test)]
mod tests {
    use crate::number::Protocol;

    use super::*;

    #[test]
    fn a_packet_is_read() {
        let line = "trace id ee45343f ip raw PREROUTING packet: iif \"veth0\" ether saddr 32:ef:5f:88:7b:4a ether daddr \
                    9a:85:aa:e0:97:10 ip saddr 192.168.0.20 ip daddr 192.168.0.11 ip dscp cs0 ip ecn not-ect ip ttl 64 \
                    ip id 24282 ip length 60 tcp sport 46824 tcp dport 32110 tcp flags == syn tcp window 64240 ";
        let record = read(3, line).unwrap();
        let packet = record.headers.unwrap();
        assert_eq!((record.trace, record.told), (Some(0xee45_343f), None));
        assert_eq!((&*packet.input, packet.id, packet.dport), ("veth0", Some(24282), Some(32110)));
        assert_eq!((packet.protocol, packet.flags), (Some(Protocol::TCP), Some(tcp_flags::SYN)));
    }

    #[test]
    fn steps_are_read() {
        let what = |rest: &str| match read(1, &format!("trace id 7 ip nat X {rest}"))?.told? {
            Told::Met(met) => Some(met.what),
            Told::Prefix(_) => None,
        };
        let rule = |text: &str, does: &str| Some(What::Rule(Words { text: text.into(), does: does.into() }));
        assert_eq!(
            what("rule meta l4proto tcp  tcp dport 80 counter packets 0 bytes 0 jump Y (verdict jump Y)"),
            rule("meta l4proto tcp tcp dport 80 jump Y", "jump Y")
        );
        assert_eq!(
            what("rule tcp dport 81 counter packets 0 bytes 0 drop (verdict drop)"),
            rule("tcp dport 81 drop", "drop")
        );
        assert_eq!(what("policy accept meta mark 0x00004000"), Some(What::Policy));
        assert_eq!(what("other"), None);
    }
}
