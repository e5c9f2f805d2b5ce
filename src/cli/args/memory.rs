//! The arguments about session affinity, of every command that tells of it.

use crate::analyze::{self, LIST_SIZE};

/// What the node remembers.
#[derive(Debug, Clone, Copy, clap::Args)]
#[command(next_help_heading = "Session affinity")]
pub(in crate::cli) struct Memory {
    /// Say how many of so many clients are remembered
    #[arg(long, value_name = "N")]
    clients: Option<u32>,
    /// Clients that each list holds: `ip_list_tot` of the module `xt_recent`
    #[arg(long, value_name = "N", default_value_t = LIST_SIZE)]
    recent_size: u32,
}

impl Memory {
    /// The lists and those who come.
    pub(in crate::cli) const fn get(self) -> analyze::Memory {
        analyze::Memory { size: self.recent_size, clients: self.clients }
    }
}
