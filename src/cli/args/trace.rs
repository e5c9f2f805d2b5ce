//! The arguments of `kpt trace`.

use std::net::IpAddr;
use std::path::PathBuf;

use clap::ArgGroup;

use crate::analyze::Outcome;
use crate::kube::ServiceName;
use crate::packet::{CtState, Protocol};
use crate::save::Backend;

use super::Format;
use super::memory::Memory;
use super::values::{self, Assume, Endpoint, IcmpType};

const EXAMPLES: &str = "Examples:
  iptables-save | kpt trace -d 10.254.198.92:80
  kpt trace -f node.rules -s 172.17.0.2 -d 10.254.198.92:80
  kpt trace -f node.rules --service default/nginx --summary
  kpt trace -f node.rules -d 192.168.0.11:32110 --node-ip 192.168.0.11 -i eth0
  conntrack -L | kpt trace -f node.rules --batch -
  kpt trace -f node.rules --local -d 10.96.0.10:53 -p udp --expect delivered

What is not given is unknown, not zero: the answer says what it depends on. Name such a fact with --assume.";

/// `kpt trace`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Trace {
    #[command(flatten)]
    pub(in crate::cli) packet: Packet,
    #[command(flatten)]
    pub(in crate::cli) host: Host,
    #[command(flatten)]
    pub(in crate::cli) memory: Memory,
    #[command(flatten)]
    pub(in crate::cli) answer: Answer,
}

/// What is asked about.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Packet", group = ArgGroup::new("target").required(true).args(["dst", "service", "batch"]))]
pub(in crate::cli) struct Packet {
    /// Destination
    #[arg(short, long, value_name = "ADDR[:PORT]")]
    pub(in crate::cli) dst: Option<Endpoint>,
    /// Take the address of this Service as destination
    #[arg(long, value_name = "NS/NAME[:PORT]", value_parser = values::service)]
    pub(in crate::cli) service: Option<ServiceName>,
    /// Ask about each packet of a list: CSV (`src,dst,proto`, or columns named dst, src, proto, sport, dport, in, local), a JSON
    /// object of these on each line, or what `conntrack -L` prints; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) batch: Option<PathBuf>,
    /// Source; any if not given
    #[arg(short, long, value_name = "ADDR[:PORT]")]
    pub(in crate::cli) src: Option<Endpoint>,
    /// Protocol, by name or number [default: tcp if a port is given]
    #[arg(short, long, value_name = "PROTO", value_parser = values::protocol)]
    pub(in crate::cli) proto: Option<Protocol>,
    /// Source port
    #[arg(long, value_name = "PORT")]
    pub(in crate::cli) sport: Option<u16>,
    /// Destination port
    #[arg(long, value_name = "PORT")]
    pub(in crate::cli) dport: Option<u16>,
    /// Interface the packet comes in by
    #[arg(short, long, value_name = "NAME")]
    pub(in crate::cli) in_interface: Option<String>,
    /// Interface the packet leaves by
    #[arg(short, long, value_name = "NAME")]
    pub(in crate::cli) out_interface: Option<String>,
    /// Made on this host; also assumed if --src is one of its addresses
    #[arg(long)]
    pub(in crate::cli) local: bool,
    /// Conntrack state [default: what conntrack makes of such a first packet]
    #[arg(long, value_name = "STATE", value_parser = values::ctstate)]
    pub(in crate::cli) ctstate: Option<CtState>,
    /// Firewall mark it already has
    #[arg(long, value_name = "MARK", value_parser = values::number, default_value = "0")]
    pub(in crate::cli) mark: u32,
    /// ICMP type, or type/code [default: an echo request]
    #[arg(long, value_name = "TYPE[/CODE]")]
    pub(in crate::cli) icmp_type: Option<IcmpType>,
    /// TCP flags that are set
    #[arg(long, value_name = "LIST", value_parser = values::flags, default_value = "SYN")]
    pub(in crate::cli) tcp_flags: u8,
    /// Time to live or hop limit
    #[arg(long, value_name = "N")]
    pub(in crate::cli) ttl: Option<u8>,
    /// Type of service or traffic class
    #[arg(long, value_name = "N", value_parser = values::byte)]
    pub(in crate::cli) tos: Option<u8>,
    /// Length of the IP packet in bytes
    #[arg(long, value_name = "BYTES")]
    pub(in crate::cli) length: Option<u16>,
    /// Ethernet source address
    #[arg(long, value_name = "ADDR", value_parser = values::mac)]
    pub(in crate::cli) mac: Option<[u8; 6]>,
    /// User that makes a local packet, by number
    #[arg(long, value_name = "UID")]
    pub(in crate::cli) uid: Option<u32>,
    /// Group that makes a local packet, by number
    #[arg(long, value_name = "GID")]
    pub(in crate::cli) gid: Option<u32>,
    /// When it comes, such as 2026-11-23T17:30:00; UTC unless it has an offset
    #[arg(long, value_name = "TIME", value_parser = values::moment)]
    pub(in crate::cli) at: Option<i64>,
}

/// What is known of the host.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Host")]
pub(in crate::cli) struct Host {
    /// Addresses of the host
    #[arg(long, value_name = "ADDR", value_delimiter = ',', num_args = 1..)]
    pub(in crate::cli) node_ip: Vec<IpAddr>,
    /// All addresses of the host, as `ip -j addr` prints them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) addr: Option<PathBuf>,
    /// All routes of the host, as `ip -j route` prints them
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) routes: Option<PathBuf>,
    /// Sets that rules ask for, as `ipset save` prints them; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ipset: Vec<PathBuf>,
    /// A copy of `/proc/net/xt_recent`: whom the lists of session affinity remember
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) recent: Option<PathBuf>,
    /// Which half of the kernel the rules are in; of rules in both, only those in this one [default: from the header]
    #[arg(long, value_name = "BACKEND", value_parser = values::backend)]
    pub(in crate::cli) backend: Option<Backend>,
    /// Answer a fact that the answer depends on, by its name in the JSON format
    #[arg(long, value_name = "FACT=yes|no")]
    pub(in crate::cli) assume: Vec<Assume>,
}

/// How much to tell.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Answer")]
pub(in crate::cli) struct Answer {
    /// How to write the answer
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: Format,
    /// One stable line
    #[arg(long, group = "detail")]
    pub(in crate::cli) minimal: bool,
    /// Verdict, endpoints and assumptions
    #[arg(long, group = "detail")]
    pub(in crate::cli) summary: bool,
    /// Also the way and what else could be (default)
    #[arg(long, group = "detail")]
    pub(in crate::cli) detailed: bool,
    /// Every rule, endpoint and world
    #[arg(long, group = "detail")]
    pub(in crate::cli) all: bool,
    /// Print the commands that make exactly this packet visible in the kernel's log, and those that take them away again;
    /// nothing runs them
    #[arg(long, group = "detail")]
    pub(in crate::cli) log_rules: bool,
    /// Exit with 1 unless this is the outcome: delivered, dropped, rejected, mixed or undetermined
    #[arg(long, value_name = "OUTCOME", value_parser = values::outcome)]
    pub(in crate::cli) expect: Option<Outcome>,
}
