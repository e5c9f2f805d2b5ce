//! What a rule looks at: the packet, the host it is on, and what targets do to it.

mod change;
mod conntrack;
mod context;
mod host;
mod interface;
mod iproute;
mod net;
mod packet;
mod recovered;
mod rewrite;
mod seen;
mod value;

pub use crate::number::{Masked, Protocol, mac_address, number};
pub use change::SetChange;
pub use conntrack::{Conntrack, CtState, Tuple, Zone, first_state};
pub use context::Context;
pub use host::{Address, Host, Route};
pub use interface::Interface;
pub use iproute::{addresses, routes};
pub use net::{Net, is_public};
pub use packet::{Packet, tcp_flags};
pub use recovered::{FoundIn, Recovered};
pub use rewrite::{NewSource, Rewrite};
pub use seen::{Noted, Seen};
pub use value::Value;
