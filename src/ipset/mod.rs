//! Sets of addresses, ports and the like beside the rules: what `ipset save` prints, read, and asked as the kernel asks
//! them (`net/netfilter/ipset/`).

mod element;
mod entry;
mod icmp;
mod kind;
mod line;
mod read;
mod set;
mod sets;
mod table;

pub use element::Element;
pub use kind::{Dimension, Kind};
pub use set::{Held, Set};
pub use sets::Sets;
