//! The model: tables, chains and rules by id, and the graph of who jumps where.

mod build;
mod chain;
mod graph;
mod header;
mod id;
mod index;
mod listing;
mod rule;
mod ruleset;
mod selection;

pub use chain::{Chain, Kind};
pub use graph::ChainGraph;
pub use header::{AddressTest, Header, Test};
pub use id::{ChainId, RuleId, TableId};
pub use index::Destination;
pub use rule::{Counters, Rule, Then};
pub use ruleset::Ruleset;
pub use selection::Selection;
