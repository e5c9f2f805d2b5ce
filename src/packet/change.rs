//! What a packet changed in the host's ipsets.

use std::sync::Arc;

use crate::ipset::Element;

/// An element that `-j SET` added to an ipset, or took out of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetChange {
    /// The ipset.
    pub set: Arc<str>,
    /// Added, rather than taken out.
    pub added: bool,
    /// Which element; `None` if it is not known.
    pub element: Option<Element>,
    /// The sides of the packet that the rule named, with what they were, such as `src:10.0.0.1`.
    pub asked: Arc<str>,
    /// The line of the rule.
    pub line: u32,
}
