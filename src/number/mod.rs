//! Numbers that iptables and ipset write in ways of their own: protocols, marks, Ethernet addresses.

mod ethernet;
mod mark;
mod protocol;

pub use ethernet::mac_address;
pub use mark::{Masked, number};
pub use protocol::Protocol;
