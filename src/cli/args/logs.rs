//! The arguments of `kpt logs`.

use std::path::PathBuf;

use super::{Format, Host};

const EXAMPLES: &str = "\
Examples:
  journalctl -k | kpt logs -f rules.txt
  kpt logs -f rules.txt /var/log/kern.log --summary
  nft monitor trace | kpt logs -f rules.txt --follow
  kpt logs -f rules.txt --format json < kern.log

The log may hold lines of LOG, of TRACE on either backend (`xtables-monitor --trace`, `nft monitor trace`), and anything else,
in any mix. `kpt trace --log-rules` prints rules that write such lines.

Exit codes: 0 every connection goes the way that the rules let expect; 1 one does not; 2 wrong usage; 3 no input, or input that
cannot be read.";

/// `kpt logs`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Logs {
    /// The kernel's log [default: standard input]
    #[arg(value_name = "LOG")]
    pub(in crate::cli) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) host: Host,
    /// Only count: which endpoint took how many connections, what was dropped by which rule
    #[arg(long)]
    pub(in crate::cli) summary: bool,
    /// Wait for more lines, and tell each connection once nothing more is heard of it for a moment
    #[arg(long, conflicts_with = "summary")]
    pub(in crate::cli) follow: bool,
    /// How to write the answer
    #[arg(long, value_enum, default_value = "text")]
    pub(in crate::cli) format: Format,
}
