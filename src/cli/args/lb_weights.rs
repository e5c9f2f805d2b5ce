//! The arguments of `kpt lb-weights`.

use crate::kube::ServiceName;

use super::values;

const EXAMPLES: &str = "\
Examples:
  iptables-save | kpt lb-weights
  kpt lb-weights -f rules.txt default/web
  kpt lb-weights -f rules.txt --uneven --format json";

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
}
