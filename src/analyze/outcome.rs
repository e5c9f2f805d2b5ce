//! What became of the packets of one world, or of all.

use crate::extension::Verdict;
use crate::packet::Packet;
use crate::walk::Goes;

/// The word that an answer opens with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Every packet arrives.
    Delivered,
    /// None arrives, and nobody is told.
    Dropped,
    /// None arrives, and the sender is told.
    Rejected,
    /// Some arrive.
    Mixed,
    /// It depends on what nobody said.
    Undetermined,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 5] = [Self::Delivered, Self::Dropped, Self::Rejected, Self::Mixed, Self::Undetermined];

    /// As it is written in JSON and after `--expect`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Delivered => "delivered",
            Self::Dropped => "dropped",
            Self::Rejected => "rejected",
            Self::Mixed => "mixed",
            Self::Undetermined => "undetermined",
        }
    }

    /// What one path comes to.
    pub(super) const fn of(verdict: &Verdict, fault: Option<Fault>) -> Self {
        match verdict {
            Verdict::Accept if fault.is_some() => Self::Dropped,
            Verdict::Accept => Self::Delivered,
            Verdict::Drop | Verdict::Lost(_) => Self::Dropped,
            Verdict::Reject(_) => Self::Rejected,
            Verdict::Queue | Verdict::Stolen | Verdict::Undetermined(_) => Self::Undetermined,
        }
    }

    /// What several paths of one world come to.
    pub(super) fn of_paths(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let mut outcomes = outcomes.into_iter();
        let Some(first) = outcomes.next() else { return Self::Undetermined };
        outcomes.fold(first, |all, one| match (all, one) {
            (all, one) if all == one => all,
            (Self::Undetermined, _) | (_, Self::Undetermined) => Self::Undetermined,
            _ => Self::Mixed,
        })
    }

    /// What several worlds, none more likely than the others, come to.
    pub(super) fn of_worlds(outcomes: impl IntoIterator<Item = Self>) -> Self {
        let mut outcomes = outcomes.into_iter();
        let first = outcomes.next().unwrap_or(Self::Undetermined);
        if outcomes.all(|outcome| outcome == first) { first } else { Self::Undetermined }
    }
}

/// Why a packet that netfilter lets through does not make a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fault {
    /// It comes back to the pod that sent it with that pod's own address as its source.
    Hairpin,
}

impl Fault {
    /// What is wrong with a packet that was let through.
    pub(super) fn of(packet: &Packet, goes: Option<Goes>) -> Option<Self> {
        let known = packet.src.known().zip(packet.dst.known());
        let itself = known.is_some_and(|(src, dst)| src == dst);
        (itself && goes == Some(Goes::Forward)).then_some(Self::Hairpin)
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::*;
    use super::*;

    #[test]
    fn paths_and_worlds() {
        assert_eq!(Outcome::of_paths([Delivered, Delivered]), Delivered);
        assert_eq!(Outcome::of_paths([Delivered, Dropped]), Mixed);
        assert_eq!(Outcome::of_paths([Delivered, Dropped, Undetermined]), Undetermined);
        assert_eq!(Outcome::of_worlds([Delivered, Dropped]), Undetermined);
        assert_eq!(Outcome::of_worlds([Mixed, Mixed]), Mixed);
    }
}
