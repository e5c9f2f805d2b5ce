//! The arguments of `kpt lb-weights`.

use clap::ValueEnum;

use crate::kube::ServiceName;

use super::memory::Memory;
use super::values;

const EXAMPLES: &str = "\
Examples:
  iptables-save | kpt lb-weights
  kpt lb-weights -f rules.txt default/web
  kpt lb-weights -f rules.txt --uneven --format json
  iptables-save -c | kpt lb-weights --sort endpoints
  kpt lb-weights -f rules.txt default/web --simulate 100000

The counters of `iptables-save -c` are compared with the shares: in the nat table they count connections, for it sees only
the first packet of each.";

/// `kpt lb-weights`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct LbWeights {
    /// Only these Services, or ports of them
    #[arg(value_name = "NS/NAME[:PORT]", value_parser = values::service)]
    pub(in crate::cli) services: Vec<ServiceName>,
    /// Only Services of this namespace
    #[arg(short, long, value_name = "NAMESPACE")]
    pub(in crate::cli) namespace: Option<String>,
    /// Only those whose shares differ by more than rounding, or do not sum to all
    #[arg(long)]
    pub(in crate::cli) uneven: bool,
    /// Only those with as many endpoints
    #[arg(long, value_name = "N", default_value = "0")]
    pub(in crate::cli) min_endpoints: usize,
    /// What comes first
    #[arg(long, value_enum, default_value = "name")]
    pub(in crate::cli) sort: Sort,
    /// Draw so many connections for each, and show what they give beside the shares
    #[arg(long, value_name = "N")]
    pub(in crate::cli) simulate: Option<u64>,
    /// Where the numbers that are drawn begin: the same seed draws the same
    #[arg(long, value_name = "N", requires = "simulate", default_value = "0")]
    pub(in crate::cli) seed: u64,
    /// How to write the answer
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: Format,
    #[command(flatten)]
    pub(in crate::cli) memory: Memory,
}

/// How to write the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    Text,
    Json,
    /// A row for each endpoint
    Csv,
}

/// What comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Sort {
    /// By namespace and name
    Name,
    /// Those with the most endpoints
    Endpoints,
    /// Those whose endpoints are furthest from an even share
    Uneven,
    /// Those that leave the most unserved
    Unserved,
}
