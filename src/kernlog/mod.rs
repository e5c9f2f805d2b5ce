//! What the kernel itself says of packets: lines of LOG and TRACE, read, grouped into connections, and laid beside the
//! prediction. It knows no words of output.

mod account;
mod align;
mod asked;
mod chart;
mod fields;
mod follow;
mod group;
mod lines;
mod memo;
mod monitor;
mod nft;
mod parse;
mod probes;
mod record;
mod stamp;
mod tally;
mod words;

pub use account::{Account, Beside, Line, Parting, Row, account};
pub use align::Difference;
pub use chart::{Chart, Missing, Named, Spot};
pub use group::{Connection, Grouper};
pub use lines::Lines;
pub use memo::{Kind, Memo};
pub use parse::parse;
pub use probes::{Probe, logging, tracing};
pub use record::{Headers, Met, Record, Told, Tuple, What, Words};
pub use tally::{Count, Lost, Taken, Tally};
