//! What becomes of a packet that matches a rule, as far as the rest of the chain is concerned.

use crate::extension::targets::Target;
use crate::ruleset::{ChainId, Rule, Then};

/// Where a packet is after a rule that it matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// No rule of the table sees it any more.
    Ends,
    /// No rule of this chain sees it any more, but one of a chain that called this one may.
    Leaves,
    /// In a chain that it comes back from.
    Calls(ChainId),
    /// In a chain, and then where this one was called.
    Goes(ChainId),
    /// At the next rule.
    Continues,
    /// One of these; which of them is not known.
    Unknown,
}

impl Fate {
    /// What a rule does to the packets that match it.
    pub fn of(rule: &Rule<'_>) -> Self {
        match &rule.then {
            Then::Next => Self::Continues,
            Then::Jump(chain) => Self::Calls(*chain),
            Then::Goto(chain) => Self::Goes(*chain),
            Then::Target(target) => Self::by(target),
            Then::Unreadable => Self::Unknown,
        }
    }

    /// A queue takes the packet out of the table even if no program listens and `--queue-bypass` is given (`nf_hook_slow`);
    /// TPROXY drops what it finds no socket for.
    fn by(target: &Target<'_>) -> Self {
        match target {
            Target::Accept(_)
            | Target::Drop(_)
            | Target::Reject(_)
            | Target::Queue(_)
            | Target::NfQueue(_)
            | Target::Tproxy(_)
            | Target::Dnat(_)
            | Target::Snat(_)
            | Target::Masquerade(_)
            | Target::Redirect(_)
            | Target::NetMap(_) => Self::Ends,
            // An address translation whose words were lost is one all the same.
            Target::Unread(unread) if unread.lost.is_some() && is_translation(&unread.name) => Self::Ends,
            Target::Return(_) => Self::Leaves,
            Target::Unread(_) | Target::SynProxy(_) | Target::ClusterIp(_) | Target::Snpt(_) | Target::Dnpt(_) => {
                Self::Unknown
            }
            _ => Self::Continues,
        }
    }
}

fn is_translation(name: &str) -> bool {
    matches!(name, "DNAT" | "SNAT" | "REDIRECT" | "MASQUERADE" | "NETMAP")
}
