//! What a rule looks at: the packet, the host it is on, and what targets do to it.

mod conntrack;
mod context;
mod host;
mod interface;
mod mark;
mod net;
mod packet;
mod protocol;
mod rewrite;
mod value;

pub use conntrack::{Conntrack, CtState, Tuple, Zone, first_state};
pub use context::Context;
pub use host::{Address, Host, Route};
pub use interface::Interface;
pub use mark::{Masked, number};
pub use net::Net;
pub use packet::{Packet, mac_address, tcp_flags};
pub use protocol::Protocol;
pub use rewrite::{NewSource, Rewrite};
pub use value::Value;
