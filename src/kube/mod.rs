//! kube-proxy's chains read back as Services, ports and endpoints.
//!
//! What a rule does is taken from its matches and target; its comment is only the name it goes by. A name is checked
//! against the hash in the chain's name, which kube-proxy computes from it.

mod comment;
mod entry;
mod hash;
mod name;
mod presume;
mod recover;
mod role;
mod rules;
mod supplement;

pub use comment::{About, read_comment};
pub use entry::{Entry, Via, entries, entries_of, entry_for, is_external, service_of, takes_all};
pub use hash::suffix;
pub use name::ServiceName;
pub use presume::presume;
pub use recover::{endpoint_said, recovered};
pub use role::{Role, mark_chains};
pub use rules::rules_of;
pub use supplement::supplement;
