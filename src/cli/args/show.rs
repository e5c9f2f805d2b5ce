//! The arguments of `kpt show`.

use crate::kube::ServiceName;
use crate::save::TableName;

use super::{Format, values};

const EXAMPLES: &str = "\
Examples:
  iptables-save | kpt show --service default/web
  kpt show -f rules.txt --chain KUBE-SERVICES
  kpt show -f rules.txt --check --quiet && echo every rule is understood

Exit codes: 0 shown, everything understood; 1 --check has found something; 2 wrong usage; 3 no input, or input that cannot
be read.";

/// `kpt show`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Show {
    /// Only this table
    #[arg(short, long, value_name = "TABLE", value_parser = values::table)]
    pub(in crate::cli) table: Option<TableName>,
    /// Only this chain
    #[arg(long, value_name = "CHAIN")]
    pub(in crate::cli) chain: Option<String>,
    /// Only the rules of this Service, and the chains that they lead to
    #[arg(long, value_name = "NS/NAME[:PORT]", value_parser = values::service, conflicts_with_all = ["table", "chain"])]
    pub(in crate::cli) service: Option<ServiceName>,
    /// Say only whether everything was understood
    #[arg(long)]
    pub(in crate::cli) check: bool,
    /// How to write the answer
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: Format,
}
