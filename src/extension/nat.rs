//! What the nat targets share: addresses and ports to choose from.
//!
//! From one address there is nothing to choose. Where the kernel picks one of several, by a hash of the addresses or at
//! random (`nf_nat_setup_info`), the choice is an unknown of its own.

use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use crate::packet::{Packet, Protocol, Value};

use super::args::{Opt, opt};

/// `--random`
pub(super) const RANDOM: Opt = opt("--random", 0);
/// `--random-fully`
pub(super) const RANDOM_FULLY: Opt = opt("--random-fully", 0);
/// `--persistent`
pub(super) const PERSISTENT: Opt = opt("--persistent", 0);

/// `A[-B][:p[-q][/base]]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    addresses: Option<RangeInclusive<IpAddr>>,
    ports: Option<PortChoice>,
}

/// `p[-q][/base]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PortChoice {
    range: RangeInclusive<u16>,
    base: Option<u16>,
}

impl Choice {
    /// Reads what stands behind `--to-destination` and `--to-source`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (addresses, ports) = split_ports(text)?;
        let addresses = match addresses {
            "" => None,
            text => {
                let (first, last) = text.split_once('-').unwrap_or((text, text));
                Some(first.parse().ok()?..=last.parse().ok()?)
            }
        };
        let ports = ports.map(PortChoice::parse);
        match ports {
            Some(None) => None,
            ports => (addresses.is_some() || ports.is_some()).then(|| Self { addresses, ports: ports.flatten() }),
        }
    }

    /// The address that a packet gets; `now` where the rule leaves it as it is.
    pub(super) fn address(&self, now: &Value<IpAddr>, name: &str) -> Value<IpAddr> {
        match &self.addresses {
            None => now.clone(),
            Some(range) if range.start() == range.end() => Value::Known(*range.start()),
            Some(_) => Value::chosen(name),
        }
    }

    /// The port that a packet gets; `now` where the rule leaves it as it is.
    pub(super) fn port(&self, now: &Value<u16>, name: &str) -> Value<u16> {
        self.ports.as_ref().map_or_else(|| now.clone(), |ports| ports.choose(now, name))
    }
}

/// Splits `address:ports`, `[address6]:ports` and a bare `address6`.
fn split_ports(text: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = text.strip_prefix('[') {
        let (addresses, rest) = rest.split_once(']')?;
        return match rest {
            "" => Some((addresses, None)),
            rest => Some((addresses, Some(rest.strip_prefix(':')?))),
        };
    }
    match text.split_once(':') {
        Some((_, rest)) if rest.contains(':') => Some((text, None)),
        Some((addresses, ports)) => Some((addresses, Some(ports))),
        None => Some((text, None)),
    }
}

impl PortChoice {
    /// Reads `p`, `p-q` or `p-q/base`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (range, base) = match text.split_once('/') {
            Some((range, base)) => (range, Some(base.parse().ok()?)),
            None => (text, None),
        };
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        Some(Self { range: first.parse().ok()?..=last.parse().ok()?, base })
    }

    /// A port that lies in the range already is kept; a shifted range is counted off from its base.
    pub(super) fn choose(&self, now: &Value<u16>, name: &str) -> Value<u16> {
        let (first, last) = (*self.range.start(), *self.range.end());
        match (now, self.base) {
            _ if first == last => Value::Known(first),
            (Value::Known(port), Some(base)) if first <= last => {
                let size = u32::from(last - first) + 1;
                let shifted = u32::from(first) + u32::from(port.wrapping_sub(base)) % size;
                Value::Known(u16::try_from(shifted).unwrap_or(last))
            }
            (Value::Known(port), None) if self.range.contains(port) => Value::Known(*port),
            _ => Value::chosen(name),
        }
    }
}

impl fmt::Display for PortChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.range.start())?;
        if self.range.start() != self.range.end() {
            write!(f, "-{}", self.range.end())?;
        }
        self.base.map_or(Ok(()), |base| write!(f, "/{base}"))
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(range) = &self.addresses {
            let brackets = range.start().is_ipv6() && self.ports.is_some();
            f.write_str(if brackets { "[" } else { "" })?;
            write!(f, "{}", range.start())?;
            if range.start() != range.end() {
                write!(f, "-{}", range.end())?;
            }
            f.write_str(if brackets { "]" } else { "" })?;
        }
        self.ports.as_ref().map_or(Ok(()), |ports| write!(f, ":{ports}"))
    }
}

/// The port of a packet whose protocol has none is not touched.
pub(super) fn has_ports(packet: &Packet) -> bool {
    packet.protocol.known().is_none_or(|protocol: &Protocol| protocol.has_ports())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_read_and_print() {
        for text in [
            "172.17.0.2:80",
            "10.0.0.1",
            "10.0.0.1-10.0.0.9",
            "10.0.0.1:80-90",
            ":53",
            "10.0.0.1:8000-8009/80",
            "fd00::1",
            "[fd00::1]:80",
            "[fd00::1-fd00::9]:80-90",
            "fd00::1-fd00::2",
        ] {
            assert_eq!(Choice::parse(text).map(|choice| choice.to_string()).as_deref(), Some(text));
        }
        assert_eq!(Choice::parse("10.0.0.1-10.0.0.1").map(|choice| choice.to_string()).as_deref(), Some("10.0.0.1"));
        for text in ["", ":", "x", "10.0.0.1:", "192.16", "--random", "[fd00::1]80"] {
            assert_eq!(Choice::parse(text), None, "{text}");
        }
    }

    #[test]
    fn ports_are_kept_shifted_or_chosen() {
        let choose =
            |text: &str, port: u16| PortChoice::parse(text).unwrap().choose(&Value::Known(port), "x").known().copied();
        assert_eq!(choose("80", 8080), Some(80));
        assert_eq!(choose("80-90", 85), Some(85));
        assert_eq!(choose("80-90", 1), None);
        assert_eq!(choose("8000-8009/80", 83), Some(8003));
        assert_eq!(choose("8000-8009/80", 93), Some(8003));
    }
}
