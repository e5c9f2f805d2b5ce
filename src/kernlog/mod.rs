//! What the kernel itself says of packets: lines of LOG and TRACE, read, grouped into connections, and laid beside the
//! prediction. It knows no words of output.

mod fields;
mod lines;
mod monitor;
mod nft;
mod parse;
mod record;
mod stamp;

pub use lines::Lines;
pub use parse::parse;
pub use record::{Headers, Met, Record, Told, Tuple, What, Words};
