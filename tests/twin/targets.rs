//! What targets do.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::read::Opt;
use super::way::Said;
use super::{Connection, Host, Packet, bytes};

/// What comes after a rule.
pub(super) enum After {
    Next,
    Back,
    Said(Said),
}

pub(super) fn act(host: &Host, name: &str, options: &[Opt], packet: &mut Packet, hook: &str) -> Result<After, String> {
    let option = |wanted: &str| options.iter().find(|option| option.name == wanted).map(Opt::value);
    match name {
        "ACCEPT" => return Ok(After::Said(Said::Accept)),
        "DROP" => return Ok(After::Said(Said::Drop)),
        "REJECT" => return Ok(After::Said(Said::Reject)),
        "RETURN" => return Ok(After::Back),
        "TRACE" | "LOG" | "NFLOG" => {}
        "MARK" => packet.mark = marked(packet.mark, option("--set-xmark"))?,
        "CONNMARK" => connmark(packet, &option)?,
        "NOTRACK" => untrack(packet),
        "CT" if option("--notrack").is_some() => untrack(packet),
        "TTL" | "HL" => packet.ttl = hops(packet.ttl, options.first().ok_or("no option")?)?,
        "TOS" => {
            let (value, mask) = masked(option("--set-tos").ok_or("no option")?)?;
            packet.tos = u8::try_from((u32::from(packet.tos) & !mask & 0xff) ^ value).map_err(|_| "tos")?;
        }
        "DSCP" => {
            let point = u8::try_from(number(option("--set-dscp").ok_or("no option")?)?).map_err(|_| "dscp")?;
            packet.tos = packet.tos & 3 | point << 2;
        }
        "DNAT" | "SNAT" | "MASQUERADE" | "REDIRECT" | "NETMAP" => {
            rewrite(host, name, &option, packet, hook)?;
            return Ok(After::Said(Said::Accept));
        }
        other => return Err(format!("-j {other}")),
    }
    Ok(After::Next)
}

pub(super) fn number(text: &str) -> Result<u32, String> {
    let parsed = text.strip_prefix("0x").map_or_else(|| text.parse(), |hex| u32::from_str_radix(hex, 16));
    parsed.map_err(|_| format!("number {text}"))
}

/// `value/mask`
pub(super) fn masked(text: &str) -> Result<(u32, u32), String> {
    match text.split_once('/') {
        Some((value, mask)) => Ok((number(value)?, number(mask)?)),
        None => Ok((number(text)?, u32::MAX)),
    }
}

fn marked(mark: u32, set: Option<&str>) -> Result<u32, String> {
    let (value, mask) = masked(set.ok_or("no mark")?)?;
    Ok((mark & !mask) ^ value)
}

fn connmark<'o>(packet: &mut Packet, option: &impl Fn(&str) -> Option<&'o str>) -> Result<(), String> {
    if !matches!(packet.connection, Connection::New { .. }) {
        return Ok(());
    }
    let mask = |name: &str| option(name).map_or(Ok(u32::MAX), number);
    let (nfmask, ctmask) = (mask("--nfmask")?, mask("--ctmask")?);
    if option("--save-mark").is_some() {
        packet.connmark = (packet.connmark & !ctmask) ^ (packet.mark & nfmask);
    } else if option("--restore-mark").is_some() {
        packet.mark = (packet.mark & !nfmask) ^ (packet.connmark & ctmask);
    } else {
        packet.connmark = marked(packet.connmark, option("--set-xmark"))?;
    }
    Ok(())
}

fn untrack(packet: &mut Packet) {
    if matches!(packet.connection, Connection::Unseen | Connection::Invalid) {
        packet.connection = Connection::Untracked;
    }
}

fn hops(ttl: u8, option: &Opt) -> Result<u8, String> {
    let by = u8::try_from(number(option.value())?).map_err(|_| "hops")?;
    Ok(match option.name.rsplit('-').next() {
        Some("set") => by,
        Some("inc") => ttl.saturating_add(by),
        _ => ttl.saturating_sub(by),
    })
}

fn rewrite<'o>(
    host: &Host,
    name: &str,
    option: &impl Fn(&str) -> Option<&'o str>,
    packet: &mut Packet,
    hook: &str,
) -> Result<(), String> {
    let before = (packet.src, packet.sport, packet.dst, packet.dport);
    let destination = matches!(hook, "PREROUTING" | "OUTPUT");
    let (address, port) = match name {
        "DNAT" | "SNAT" => target(option("--to-destination").or(option("--to-source")).ok_or("no address")?)?,
        "MASQUERADE" => (Some(masquerade(host, packet)?), ports(option("--to-ports"))?),
        "REDIRECT" if packet.local && packet.v6 => (Some(Ipv6Addr::LOCALHOST.into()), ports(option("--to-ports"))?),
        "REDIRECT" if packet.local => (Some(Ipv4Addr::LOCALHOST.into()), ports(option("--to-ports"))?),
        "REDIRECT" => (host.address_on(&packet.input), ports(option("--to-ports"))?),
        _ => (
            Some(mapped(option("--to").ok_or("no network")?, if destination { packet.dst } else { packet.src })?),
            None,
        ),
    };
    let (old_address, old_port) = if destination { (packet.dst, packet.dport) } else { (packet.src, packet.sport) };
    let new = (address.unwrap_or(old_address), port.filter(|_| has_ports(packet)).unwrap_or(old_port));
    if destination {
        (packet.dst, packet.dport) = new;
    } else {
        (packet.src, packet.sport) = new;
    }
    let changed = before != (packet.src, packet.sport, packet.dst, packet.dport);
    if let Connection::New { dnat, snat, .. } = &mut packet.connection {
        if destination { *dnat |= changed } else { *snat |= changed }
    }
    Ok(())
}

const fn has_ports(packet: &Packet) -> bool {
    matches!(packet.protocol, 6 | 17)
}

/// `a.b.c.d:p`, `[x::y]:p`
fn target(text: &str) -> Result<(Option<IpAddr>, Option<u16>), String> {
    if let Ok(address) = text.parse() {
        return Ok((Some(address), None));
    }
    let socket: std::net::SocketAddr = text.parse().map_err(|_| format!("target {text}"))?;
    Ok((Some(socket.ip()), Some(socket.port())))
}

fn ports(text: Option<&str>) -> Result<Option<u16>, String> {
    text.map(|text| text.parse().map_err(|_| format!("ports {text}"))).transpose()
}

fn masquerade(host: &Host, packet: &Packet) -> Result<IpAddr, String> {
    if packet.output == "lo" && packet.v6 {
        return Ok(packet.dst);
    }
    let own = host.address_on(&packet.output).or_else(|| host.interfaces.first().map(|(_, own, _)| *own));
    own.ok_or_else(|| "no address to masquerade with".into())
}

/// The bits of the network from `net`, the rest from `address`.
fn mapped(net: &str, address: IpAddr) -> Result<IpAddr, String> {
    let (base, length) = net.split_once('/').ok_or("no length")?;
    let (base, length): (IpAddr, usize) = (base.parse().map_err(|_| "net")?, length.parse().map_err(|_| "length")?);
    let (new, old) = (bytes(base), bytes(address));
    let bit = |at: usize| if at / 8 < new.len() && at < length { new[at / 8] } else { old[at / 8] };
    let whole: Vec<u8> =
        (0..old.len()).map(|byte| (0..8).fold(0, |all, at| all | bit(byte * 8 + at) & (0x80 >> at))).collect();
    let four: Result<[u8; 4], _> = whole.clone().try_into();
    let sixteen: Result<[u8; 16], _> = whole.try_into();
    four.map(IpAddr::from).or(sixteen.map(IpAddr::from)).map_err(|_| "an address".into())
}
