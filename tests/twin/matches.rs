//! Whether a rule matches.

use std::net::IpAddr;

use super::read::{Opt, Rule};
use super::targets::{masked, number};
use super::{Connection, Host, Packet, bytes, in_net};

/// The header, then match by match up to the first that does not.
pub(super) fn all(host: &Host, rule: &Rule, packet: &mut Packet, hook: &str) -> Result<bool, String> {
    for option in &rule.header {
        if header(option, packet)? == option.not {
            return Ok(false);
        }
    }
    for (name, options) in &rule.matches {
        if !one(host, name, options, packet, hook)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn header(option: &Opt, packet: &Packet) -> Result<bool, String> {
    let value = option.value();
    match option.name.as_str() {
        "-s" => net(packet.src, value),
        "-d" => net(packet.dst, value),
        "-i" => Ok(interface(&packet.input, value)),
        "-o" => Ok(interface(&packet.output, value)),
        "-p" => Ok(packet.protocol == protocol(value)?),
        other => Err(other.into()),
    }
}

fn interface(name: &str, pattern: &str) -> bool {
    pattern.strip_suffix('+').map_or(name == pattern, |start| name.starts_with(start))
}

fn protocol(name: &str) -> Result<u8, String> {
    let known = [("tcp", 6), ("udp", 17), ("icmp", 1), ("ipv6-icmp", 58), ("gre", 47)];
    let named = known.iter().find(|(known, _)| *known == name).map(|(_, number)| *number);
    named.or_else(|| name.parse().ok()).ok_or_else(|| format!("protocol {name}"))
}

fn net(address: IpAddr, text: &str) -> Result<bool, String> {
    let bad = |_| format!("net {text}");
    let (base, mask) = text.split_once('/').unwrap_or((text, ""));
    let base: IpAddr = base.parse().map_err(bad)?;
    if let Ok(mask) = mask.parse::<IpAddr>() {
        let fits = |((a, b), m): ((u8, u8), u8)| a & m == b & m;
        return Ok(bytes(address).into_iter().zip(bytes(base)).zip(bytes(mask)).all(fits));
    }
    let whole = if base.is_ipv4() { 32 } else { 128 };
    Ok(in_net(address, base, mask.parse().unwrap_or(whole)))
}

fn one(host: &Host, name: &str, options: &[Opt], packet: &mut Packet, hook: &str) -> Result<bool, String> {
    match name {
        "recent" => return recent(options, packet),
        "conntrack" | "state" => return conntrack(options, packet),
        "connmark" if !matches!(packet.connection, Connection::New { .. }) => return Ok(false),
        "mac" if packet.mac.is_none() => return Ok(false),
        "tcp" if packet.protocol != 6 => return Ok(false),
        "udp" if packet.protocol != 17 => return Ok(false),
        "addrtype" => return Ok(addrtype(host, options, packet)),
        _ => {}
    }
    for option in options {
        if test(name, option, packet, hook)? == option.not {
            return Ok(false);
        }
    }
    Ok(true)
}

fn test(name: &str, option: &Opt, packet: &Packet, hook: &str) -> Result<bool, String> {
    let value = option.value();
    let hops = |text: &str| number(text).map(|hops| (u32::from(packet.ttl), hops));
    Ok(match (name, option.name.as_str()) {
        ("tcp" | "udp", "--sport") => ports(value, packet.sport)?,
        ("tcp" | "udp", "--dport") => ports(value, packet.dport)?,
        ("tcp", "--tcp-flags") => {
            let (mask, set) = (flags(value), flags(option.values.get(1).map_or("", String::as_str)));
            packet.flags & mask == set
        }
        ("multiport", "--sports") => any_port(value, &[packet.sport])?,
        ("multiport", "--dports") => any_port(value, &[packet.dport])?,
        ("multiport", "--ports") => any_port(value, &[packet.sport, packet.dport])?,
        ("icmp" | "icmp6", _) => {
            let (kind, code) = value.split_once('/').unwrap_or((value, ""));
            number(kind)? == u32::from(packet.icmp.0) && (code.is_empty() || number(code)? == u32::from(packet.icmp.1))
        }
        ("mark", _) => masked(value).map(|(value, mask)| packet.mark & mask == value)?,
        ("connmark", _) => masked(value).map(|(value, mask)| packet.connmark & mask == value)?,
        ("iprange", "--src-range") => between(packet.src, value)?,
        ("iprange", "--dst-range") => between(packet.dst, value)?,
        ("ttl" | "hl", option) if option.ends_with("-eq") => hops(value).map(|(ttl, hops)| ttl == hops)?,
        ("ttl" | "hl", option) if option.ends_with("-lt") => hops(value).map(|(ttl, hops)| ttl < hops)?,
        ("ttl" | "hl", _) => hops(value).map(|(ttl, hops)| ttl > hops)?,
        ("tos", _) => masked(value).map(|(value, mask)| u32::from(packet.tos) & mask == value)?,
        ("dscp", _) => number(value)? == u32::from(packet.tos >> 2),
        ("length", _) => ports(value, packet.length)?,
        ("mac", _) => packet.mac.as_deref() == Some(value),
        ("pkttype", _) => value == "unicast",
        ("owner", _) if !packet.local || hook == "PREROUTING" => false,
        ("comment" | "limit", _) | ("owner", "--socket-exists") => true,
        ("owner", _) => ids(value)?,
        (name, option) => return Err(format!("-m {name} {option}")),
    })
}

/// Is 0, which the tests run as, among them?
fn ids(text: &str) -> Result<bool, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    Ok(number(first)? == 0 && number(last).is_ok())
}

fn ports(text: &str, is: u16) -> Result<bool, String> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    Ok((number(first)?..=number(last)?).contains(&u32::from(is)))
}

fn any_port(text: &str, are: &[u16]) -> Result<bool, String> {
    for part in text.split(',') {
        for is in are {
            if ports(part, *is)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

fn flags(text: &str) -> u8 {
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG"];
    let bit = |name: &str| names.iter().position(|known| *known == name).map_or(0, |at| 1 << at);
    text.split(',').fold(0, |all, name| all | bit(name))
}

fn between(address: IpAddr, text: &str) -> Result<bool, String> {
    let (first, last) = text.split_once('-').ok_or("no range")?;
    let read = |text: &str| text.parse::<IpAddr>().map_err(|_| format!("range {text}"));
    Ok((read(first)?..=read(last)?).contains(&address))
}

/// One of the kinds; in IPv6 all of them.
fn addrtype(host: &Host, options: &[Opt], packet: &Packet) -> bool {
    let has = |name: &str| options.iter().any(|option| option.name == name);
    let limit = match (has("--limit-iface-in"), has("--limit-iface-out")) {
        (true, _) => Some(&packet.input),
        (_, true) => Some(&packet.output),
        _ => None,
    };
    let own = |address: IpAddr| match limit {
        Some(name) => host.interfaces.iter().any(|(is, own, _)| is == name && *own == address),
        None => host.has(address),
    };
    for option in options.iter().filter(|option| option.name.ends_with("-type")) {
        let address = if option.name == "--src-type" { packet.src } else { packet.dst };
        let is = |kind: &str| match kind {
            "LOCAL" => own(address),
            "UNICAST" => {
                if packet.v6 {
                    !address.is_multicast()
                } else {
                    !own(address)
                }
            }
            _ => false,
        };
        let mut kinds = option.value().split(',');
        let fits = if packet.v6 { kinds.all(is) } else { kinds.any(is) };
        if fits == option.not {
            return false;
        }
    }
    true
}

fn conntrack(options: &[Opt], packet: &Packet) -> Result<bool, String> {
    let Connection::New { src, dst, sport, dport, dnat, snat } = packet.connection else {
        let state = if packet.connection == Connection::Untracked { "UNTRACKED" } else { "INVALID" };
        let fits = |option: &Opt| {
            option.name.ends_with("state") && option.value().split(',').any(|is| is == state) != option.not
        };
        return Ok(options.iter().any(fits));
    };
    for option in options {
        let value = option.value();
        let fits = match option.name.as_str() {
            "--ctstate" | "--state" => {
                value.split(',').any(|state| state == "NEW" || state == "DNAT" && dnat || state == "SNAT" && snat)
            }
            "--ctproto" => number(value)? == u32::from(packet.protocol),
            "--ctorigsrc" => net(src, value)?,
            "--ctorigdst" => net(dst, value)?,
            "--ctreplsrc" => net(packet.dst, value)?,
            "--ctrepldst" => net(packet.src, value)?,
            "--ctorigsrcport" => ports(value, sport)?,
            "--ctorigdstport" => ports(value, dport)?,
            "--ctreplsrcport" => ports(value, packet.dport)?,
            "--ctrepldstport" => ports(value, packet.sport)?,
            "--ctstatus" => value.split(',').any(|status| status == "CONFIRMED" && packet.looped),
            "--ctdir" => value == "ORIGINAL",
            other => return Err(other.into()),
        };
        if fits == option.not {
            return Ok(false);
        }
    }
    Ok(true)
}

fn recent(options: &[Opt], packet: &mut Packet) -> Result<bool, String> {
    let option = |name: &str| options.iter().find(|option| option.name == name);
    let list = option("--name").ok_or("no list")?.value().to_owned();
    let address = if option("--rdest").is_some() { packet.dst } else { packet.src };
    let entry = (list, address);
    let there = packet.noted.contains(&entry);
    let what = ["--set", "--rcheck", "--update", "--remove"].into_iter().find_map(option).ok_or("no check")?;
    match what.name.as_str() {
        "--set" if !there => packet.noted.push(entry),
        "--remove" => packet.noted.retain(|noted| *noted != entry),
        _ => {}
    }
    Ok((there || what.name == "--set") != what.not)
}
