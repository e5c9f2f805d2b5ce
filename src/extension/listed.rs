//! What `iptables -L` prints in place of an option.

/// A wording of a listing and the option it stands for.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// Its words; one that ends in `:` may have its value glued on.
    pub says: &'static str,
    /// The option; empty if the words say nothing more, `/` if the value goes on from the one before.
    pub means: &'static str,
    /// How many values follow.
    pub values: usize,
    /// The words begin the extension, rather than going on with it.
    pub opens: bool,
}

/// A wording that begins a match.
pub const fn opens(says: &'static str, means: &'static str, values: usize) -> Listed {
    Listed { says, means, values, opens: true }
}

/// A wording that goes on with an extension: a match that was begun, or the target of the row.
pub const fn goes_on(says: &'static str, means: &'static str, values: usize) -> Listed {
    Listed { says, means, values, opens: false }
}
