//! The command line. Its help is documentation.

use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use clap::{ArgGroup, Parser, Subcommand, ValueEnum};

use crate::analyze::Outcome;
use crate::kube::ServiceName;
use crate::packet::{CtState, Protocol, tcp_flags};
use crate::save::{Backend, TableName};

const ABOUT: &str = "Reads what iptables-save prints and says where a packet goes, how likely, and why";

const EXIT_CODES: &str =
    "Exit codes: 0 answered; 1 an --expect is not met; 2 wrong usage; 3 no input, or input that cannot be read.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "kpt", version, about = ABOUT, after_help = EXIT_CODES, max_term_width = 100)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The path of one packet: verdict, endpoints with chances, NAT and why, affinity, every rule it meets
    Trace(Box<Trace>),
}

/// What every command takes.
#[derive(Debug, clap::Args)]
pub(super) struct Common {
    /// Read the dump from this file instead of standard input; may be given for v4 and v6
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(super) file: Vec<PathBuf>,
    /// The table of rules that stand in none, as in a grep of a dump
    #[arg(long, value_name = "TABLE", global = true, value_parser = table)]
    pub(super) table: Option<TableName>,
    /// How to write the answer
    #[arg(long, value_enum, default_value = "text", global = true)]
    pub(super) format: Format,
    /// When to use colour; NO_COLOR is heeded too
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub(super) color: Color,
    /// Columns of the text [default: those of the terminal, or 100]
    #[arg(long, value_name = "COLUMNS", global = true)]
    pub(super) width: Option<usize>,
    /// Do not tell problems of the input
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Tell every problem of the input
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// kpt.trace/1
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

const EXAMPLES: &str = "Examples:
  iptables-save | kpt trace -d 10.254.198.92:80
  kpt trace -f node.rules -s 172.17.0.2 -d 10.254.198.92:80
  kpt trace -f node.rules --service default/nginx --summary
  kpt trace -f node.rules -d 192.168.0.11:32110 --node-ip 192.168.0.11 -i eth0
  kpt trace -f node.rules --local -d 10.96.0.10:53 -p udp --expect delivered

What is not given is unknown, not zero: the answer says what it depends on. Name such a fact with --assume.";

/// `kpt trace`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("target").required(true).args(["dst", "service"]))]
pub(super) struct Trace {
    /// Destination
    #[arg(short, long, value_name = "ADDR[:PORT]", help_heading = "Packet")]
    pub(super) dst: Option<Endpoint>,
    /// Take the address of this Service as destination
    #[arg(long, value_name = "NS/NAME[:PORT]", value_parser = service, help_heading = "Packet")]
    pub(super) service: Option<ServiceName>,
    /// Source; any if not given
    #[arg(short, long, value_name = "ADDR[:PORT]", help_heading = "Packet")]
    pub(super) src: Option<Endpoint>,
    /// Protocol, by name or number [default: tcp if a port is given]
    #[arg(short, long, value_name = "PROTO", value_parser = protocol, help_heading = "Packet")]
    pub(super) proto: Option<Protocol>,
    /// Source port
    #[arg(long, value_name = "PORT", help_heading = "Packet")]
    pub(super) sport: Option<u16>,
    /// Destination port
    #[arg(long, value_name = "PORT", help_heading = "Packet")]
    pub(super) dport: Option<u16>,
    /// Interface the packet comes in by
    #[arg(short, long, value_name = "NAME", help_heading = "Packet")]
    pub(super) in_interface: Option<String>,
    /// Interface the packet leaves by
    #[arg(short, long, value_name = "NAME", help_heading = "Packet")]
    pub(super) out_interface: Option<String>,
    /// Made on this host; also assumed if --src is one of its addresses
    #[arg(long, help_heading = "Packet")]
    pub(super) local: bool,
    /// Conntrack state [default: what conntrack makes of such a first packet]
    #[arg(long, value_name = "STATE", value_parser = ctstate, help_heading = "Packet")]
    pub(super) ctstate: Option<CtState>,
    /// Firewall mark it already has
    #[arg(long, value_name = "MARK", value_parser = number, default_value = "0", help_heading = "Packet")]
    pub(super) mark: u32,
    /// ICMP type, or type/code [default: an echo request]
    #[arg(long, value_name = "TYPE[/CODE]", help_heading = "Packet")]
    pub(super) icmp_type: Option<IcmpType>,
    /// TCP flags that are set
    #[arg(long, value_name = "LIST", value_parser = flags, default_value = "SYN", help_heading = "Packet")]
    pub(super) tcp_flags: u8,
    /// Time to live or hop limit
    #[arg(long, value_name = "N", help_heading = "Packet")]
    pub(super) ttl: Option<u8>,
    /// Type of service or traffic class
    #[arg(long, value_name = "N", value_parser = byte, help_heading = "Packet")]
    pub(super) tos: Option<u8>,
    /// Length of the IP packet in bytes
    #[arg(long, value_name = "BYTES", help_heading = "Packet")]
    pub(super) length: Option<u16>,
    /// Ethernet source address
    #[arg(long, value_name = "ADDR", value_parser = mac, help_heading = "Packet")]
    pub(super) mac: Option<[u8; 6]>,
    /// User that makes a local packet, by number
    #[arg(long, value_name = "UID", help_heading = "Packet")]
    pub(super) uid: Option<u32>,
    /// Group that makes a local packet, by number
    #[arg(long, value_name = "GID", help_heading = "Packet")]
    pub(super) gid: Option<u32>,

    /// Addresses of the host
    #[arg(long, value_name = "ADDR", value_delimiter = ',', num_args = 1.., help_heading = "Host")]
    pub(super) node_ip: Vec<IpAddr>,
    /// All addresses of the host, as `ip -j addr` prints them
    #[arg(long, value_name = "FILE", help_heading = "Host")]
    pub(super) addr: Option<PathBuf>,
    /// All routes of the host, as `ip -j route` prints them
    #[arg(long, value_name = "FILE", help_heading = "Host")]
    pub(super) routes: Option<PathBuf>,
    /// Which half of the kernel the rules are in [default: from the header]
    #[arg(long, value_name = "BACKEND", value_parser = backend, help_heading = "Host")]
    pub(super) backend: Option<Backend>,
    /// Answer a fact that the answer depends on, by its name in the JSON format
    #[arg(long, value_name = "FACT=yes|no", help_heading = "Host")]
    pub(super) assume: Vec<Assume>,

    /// One stable line
    #[arg(long, group = "detail", help_heading = "Answer")]
    pub(super) minimal: bool,
    /// Verdict, endpoints and assumptions
    #[arg(long, group = "detail", help_heading = "Answer")]
    pub(super) summary: bool,
    /// Also the way and what else could be (default)
    #[arg(long, group = "detail", help_heading = "Answer")]
    pub(super) detailed: bool,
    /// Every rule, endpoint and world
    #[arg(long, group = "detail", help_heading = "Answer")]
    pub(super) all: bool,
    /// Exit with 1 unless this is the outcome: delivered, dropped, rejected, mixed or undetermined
    #[arg(long, value_name = "OUTCOME", value_parser = outcome, help_heading = "Answer")]
    pub(super) expect: Option<Outcome>,
}

/// An address with or without a port: `10.0.0.1`, `10.0.0.1:80`, `fd00::1`, `[fd00::1]:80`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Endpoint {
    pub(super) address: IpAddr,
    pub(super) port: Option<u16>,
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
pub(super) struct IcmpType {
    pub(super) kind: u8,
    pub(super) code: Option<u8>,
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
pub(super) struct Assume {
    pub(super) fact: String,
    pub(super) answer: bool,
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

fn table(text: &str) -> Result<TableName, &'static str> {
    TableName::named(text).ok_or("the tables are raw, mangle, nat, filter and security")
}

fn service(text: &str) -> Result<ServiceName, &'static str> {
    text.parse().map_err(|()| "not namespace/name or namespace/name:port")
}

fn protocol(text: &str) -> Result<Protocol, &'static str> {
    text.parse().map_err(|()| "not a protocol's name or number")
}

fn ctstate(text: &str) -> Result<CtState, &'static str> {
    CtState::named(&text.to_ascii_uppercase()).ok_or("the states are NEW, ESTABLISHED, RELATED, INVALID and UNTRACKED")
}

fn backend(text: &str) -> Result<Backend, &'static str> {
    match text {
        "legacy" => Ok(Backend::Legacy),
        "nft" => Ok(Backend::Nft),
        _ => Err("the backends are legacy and nft"),
    }
}

fn outcome(text: &str) -> Result<Outcome, &'static str> {
    let named = Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == text);
    named.ok_or("the outcomes are delivered, dropped, rejected, mixed and undetermined")
}

fn number(text: &str) -> Result<u32, &'static str> {
    let hex = text.strip_prefix("0x").map(|hex| u32::from_str_radix(hex, 16));
    hex.unwrap_or_else(|| text.parse()).map_err(|_| "not a number or 0x...")
}

fn byte(text: &str) -> Result<u8, &'static str> {
    number(text)?.try_into().map_err(|_| "not a number from 0 to 255")
}

fn flags(text: &str) -> Result<u8, &'static str> {
    text.split(',').filter(|name| *name != "NONE").try_fold(0, |bits, name| {
        let flag = tcp_flags::NAMES.iter().find(|(flag, _)| flag.eq_ignore_ascii_case(name));
        flag.map(|(_, bit)| bits | bit).ok_or("the flags are FIN, SYN, RST, PSH, ACK, URG and NONE")
    })
}

fn mac(text: &str) -> Result<[u8; 6], &'static str> {
    crate::packet::mac_address(text).ok_or("not an Ethernet address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }

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
