//! What the kernel tells of real packets, as text, read by kpt: it shows the very path that `kpt trace` foresees.
//!
//! The legacy backend tells a socket instead of a log that only the host itself has; its messages are written here as
//! `nf_log_syslog.c` writes them. The nft backend is heard by `xtables-monitor` and `nft` themselves.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::netlink::Attributes;

/// A message of `nfnetlink_log` as the line that the kernel would have written: prefix, interfaces, headers, mark.
pub(crate) fn line(says: &Attributes, interface: impl Fn(u64) -> String) -> Option<String> {
    let ip = says.get(9)?;
    let name = |kind: u16| says.number(kind).map(&interface).unwrap_or_default();
    let mut line = format!("{}IN={} OUT={} ", says.text(10)?, name(4), name(5));
    if !name(4).is_empty() {
        line.push_str("MAC=");
        let header = says.get(16).unwrap_or_default();
        let bytes: Vec<_> = header.iter().map(|byte| format!("{byte:02x}")).collect();
        line.push_str(&bytes.join(":"));
        line.push(' ');
    }
    let (protocol, rest) = if ip[0] >> 4 == 4 { v4(&mut line, ip) } else { v6(&mut line, ip) };
    transport(&mut line, protocol, rest);
    if let Some(mark) = says.number(2).filter(|mark| *mark != 0) {
        let _ = write!(line, "MARK=0x{mark:x} ");
    }
    Some(line)
}

fn v4<'p>(line: &mut String, ip: &'p [u8]) -> (u8, &'p [u8]) {
    let word = |at: usize| u16::from_be_bytes([ip[at], ip[at + 1]]);
    let address = |at: usize| Ipv4Addr::new(ip[at], ip[at + 1], ip[at + 2], ip[at + 3]);
    let _ = write!(
        line,
        "SRC={} DST={} LEN={} TOS=0x{:02X} PREC=0x{:02X} TTL={} ID={} ",
        address(12),
        address(16),
        word(2),
        ip[1] & 0x1e,
        ip[1] & 0xe0,
        ip[8],
        word(4)
    );
    (ip[9], &ip[usize::from(ip[0] & 15) * 4..])
}

fn v6<'p>(line: &mut String, ip: &'p [u8]) -> (u8, &'p [u8]) {
    let address = |at: usize| Ipv6Addr::from(<[u8; 16]>::try_from(&ip[at..at + 16]).expect("16 bytes"));
    let head = u32::from_be_bytes([ip[0], ip[1], ip[2], ip[3]]);
    let _ = write!(
        line,
        "SRC={} DST={} LEN={} TC={} HOPLIMIT={} FLOWLBL={} ",
        address(8),
        address(24),
        u16::from_be_bytes([ip[4], ip[5]]) + 40,
        head >> 20 & 0xff,
        ip[7],
        head & 0xf_ffff
    );
    (ip[6], &ip[40..])
}

fn transport(line: &mut String, protocol: u8, rest: &[u8]) {
    let word = |at: usize| u16::from_be_bytes([rest[at], rest[at + 1]]);
    let _ = match protocol {
        6 if rest.len() >= 20 => {
            let _ = write!(line, "PROTO=TCP SPT={} DPT={} WINDOW={} RES=0x00 ", word(0), word(2), word(14));
            let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"];
            let set = names.iter().enumerate().filter(|(bit, _)| rest[13] >> bit & 1 == 1);
            set.for_each(|(_, name)| line.extend([name, " "]));
            write!(line, "URGP={} ", word(18))
        }
        17 if rest.len() >= 8 => write!(line, "PROTO=UDP SPT={} DPT={} LEN={} ", word(0), word(2), word(4)),
        1 | 58 if rest.len() >= 8 => {
            let name = if protocol == 1 { "ICMP" } else { "ICMPv6" };
            let echo = matches!((protocol, rest[0]), (1, 0 | 8) | (58, 128 | 129));
            let _ = write!(line, "PROTO={name} TYPE={} CODE={} ", rest[0], rest[1]);
            if echo { write!(line, "ID={} SEQ={} ", word(4), word(6)) } else { Ok(()) }
        }
        _ => write!(line, "PROTO={protocol} "),
    };
}
