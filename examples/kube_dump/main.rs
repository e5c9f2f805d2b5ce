//! Writes what `iptables-save` prints on a node where kube-proxy keeps many Services: input for benchmarks and experiments.

mod dump;

use std::io::{self, BufWriter, Write};

use clap::{Parser, ValueEnum};

use dump::Shape;

#[derive(Parser)]
#[command(about = "Writes an iptables-save dump as kube-proxy leaves it on a node")]
struct Args {
    /// How many Services
    services: usize,
    /// How many endpoints each has
    endpoints: usize,
    /// Percent of the Services that remember their clients
    #[arg(long, default_value_t = 5)]
    affinity: u64,
    /// Percent of the Services that have a node port, while there are ports
    #[arg(long, default_value_t = 20)]
    node_ports: u64,
    /// Percent of the Services that have no endpoint
    #[arg(long, default_value_t = 2)]
    empty: u64,
    /// Which kube-proxy
    #[arg(long, value_enum, default_value = "1.30")]
    version: Version,
    /// Keep every comment, however many endpoints there are
    #[arg(long)]
    comments: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Version {
    #[value(name = "1.15")]
    V15,
    #[value(name = "1.20")]
    V20,
    #[value(name = "1.23")]
    V23,
    #[value(name = "1.30")]
    V30,
}

impl From<Args> for Shape {
    fn from(args: Args) -> Self {
        let Args { services, endpoints, affinity, node_ports, empty, version, comments } = args;
        let version = match version {
            Version::V15 => dump::Version::V15,
            Version::V20 => dump::Version::V20,
            Version::V23 => dump::Version::V23,
            Version::V30 => dump::Version::V30,
        };
        Self { services, endpoints, affinity, node_ports, empty, version, comments }
    }
}

fn main() -> io::Result<()> {
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    dump::write(&Args::parse().into(), &mut out)?;
    out.flush()
}
