//! Values of the command line: addresses with ports, states, marks and the like.

use std::net::IpAddr;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::analyze::Outcome;
use crate::kube::ServiceName;
use crate::packet::{CtState, Protocol, tcp_flags};
use crate::save::{Backend, TableName};

/// An address with or without a port: `10.0.0.1`, `10.0.0.1:80`, `fd00::1`, `[fd00::1]:80`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct Endpoint {
    pub(in crate::cli) address: IpAddr,
    pub(in crate::cli) port: Option<u16>,
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(address) = text.parse() {
            return Ok(Self { address, port: None });
        }
        if let Ok(socket) = text.parse::<std::net::SocketAddr>() {
            return Ok(Self { address: socket.ip(), port: Some(socket.port()) });
        }
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match bare.and_then(|address| address.parse().ok()) {
            Some(address) => Ok(Self { address, port: None }),
            None => Err("not an address or address:port (IPv6 with a port: [fd00::1]:80)".into()),
        }
    }
}

/// `TYPE` or `TYPE/CODE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct IcmpType {
    pub(in crate::cli) kind: u8,
    pub(in crate::cli) code: Option<u8>,
}

impl FromStr for IcmpType {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (kind, code) = text.split_once('/').map_or((text, None), |(kind, code)| (kind, Some(code)));
        let number = |text: &str| text.parse().map_err(|_| "not a number or number/number".to_owned());
        Ok(Self { kind: number(kind)?, code: code.map(number).transpose()? })
    }
}

/// `FACT=yes` or `FACT=no`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Assume {
    pub(in crate::cli) fact: String,
    pub(in crate::cli) answer: bool,
}

impl FromStr for Assume {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (fact, answer) = text.rsplit_once('=').ok_or("not FACT=yes or FACT=no")?;
        match answer {
            "yes" | "true" => Ok(Self { fact: fact.into(), answer: true }),
            "no" | "false" => Ok(Self { fact: fact.into(), answer: false }),
            _ => Err("the answer is yes or no".into()),
        }
    }
}

/// Seconds since 1970.
pub(super) fn moment(text: &str) -> Result<i64, &'static str> {
    let utc = |text: &str| text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|moment| moment.timestamp());
    let moment = text.parse::<Timestamp>().ok().or_else(|| utc(text));
    moment.map(Timestamp::as_second).ok_or("not a time such as 2026-11-23T17:30:00 or 2026-11-23T17:30:00+01:00")
}

pub(super) fn table(text: &str) -> Result<TableName, &'static str> {
    TableName::named(text).ok_or("the tables are raw, mangle, nat, filter and security")
}

pub(super) fn service(text: &str) -> Result<ServiceName, &'static str> {
    text.parse().map_err(|()| "not namespace/name or namespace/name:port")
}

pub(in crate::cli) fn protocol(text: &str) -> Result<Protocol, &'static str> {
    text.parse().map_err(|()| "not a protocol's name or number")
}

pub(super) fn ctstate(text: &str) -> Result<CtState, &'static str> {
    CtState::named(&text.to_ascii_uppercase()).ok_or("the states are NEW, ESTABLISHED, RELATED, INVALID and UNTRACKED")
}

pub(super) fn backend(text: &str) -> Result<Backend, &'static str> {
    match text {
        "legacy" => Ok(Backend::Legacy),
        "nft" => Ok(Backend::Nft),
        _ => Err("the backends are legacy and nft"),
    }
}

pub(super) fn outcome(text: &str) -> Result<Outcome, &'static str> {
    let named = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == text);
    named.ok_or("the outcomes are delivered, dropped, rejected, mixed and undetermined")
}

pub(super) fn number(text: &str) -> Result<u32, &'static str> {
    let hex = text.strip_prefix("0x").map(|hex| u32::from_str_radix(hex, 16));
    hex.unwrap_or_else(|| text.parse()).map_err(|_| "not a number or 0x...")
}

pub(super) fn byte(text: &str) -> Result<u8, &'static str> {
    number(text)?.try_into().map_err(|_| "not a number from 0 to 255")
}

pub(super) fn flags(text: &str) -> Result<u8, &'static str> {
    text.split(',').filter(|name| *name != "NONE").try_fold(0, |bits, name| {
        let flag = tcp_flags::NAMES.iter().find(|(flag, _)| flag.eq_ignore_ascii_case(name));
        flag.map(|(_, bit)| bits | bit).ok_or("the flags are FIN, SYN, RST, PSH, ACK, URG and NONE")
    })
}

pub(super) fn mac(text: &str) -> Result<[u8; 6], &'static str> {
    crate::packet::mac_address(text).ok_or("not an Ethernet address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_read() {
        let read = |text: &str| text.parse::<Endpoint>().map(|endpoint| (endpoint.address.to_string(), endpoint.port));
        assert_eq!(read("10.0.0.1:80"), Ok(("10.0.0.1".into(), Some(80))));
        assert_eq!(read("10.0.0.1"), Ok(("10.0.0.1".into(), None)));
        assert_eq!(read("fd00::1"), Ok(("fd00::1".into(), None)));
        assert_eq!(read("[fd00::1]:80"), Ok(("fd00::1".into(), Some(80))));
        assert_eq!(read("[fd00::1]"), Ok(("fd00::1".into(), None)));
        assert!(read("web:80").is_err());
    }
}
