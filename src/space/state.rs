//! What connection tracking says of a packet, as four bits.
//!
//! Only a connection with an entry can have been rewritten, so there are 14 cases; the two that have none stand for two
//! numbers each, and every number means something.

use crate::logic::Values;
use crate::packet::CtState;

const DNAT: u8 = 0b10;
const SNAT: u8 = 0b01;

/// The numbers that stand for a state, by whether the connection was rewritten.
const fn first(state: CtState) -> (u8, u8) {
    match state {
        CtState::New => (0, 4),
        CtState::Related => (4, 4),
        CtState::Established => (8, 4),
        CtState::Invalid => (12, 2),
        CtState::Untracked => (14, 2),
    }
}

/// The packets whose connection is in one of `plain`, or was rewritten (`--ctstate DNAT`, `SNAT`).
pub(super) fn states(plain: &[CtState], dnat: bool, snat: bool) -> Values {
    let fits = |number: &u8| {
        let (state, is_dnat, is_snat) = read(*number);
        plain.contains(&state) || dnat && is_dnat || snat && is_snat
    };
    Values::union((0..16).filter(fits).map(Values::one))
}

/// The case that a number stands for: state, destination rewritten, source rewritten.
pub(super) fn read(number: u8) -> (CtState, bool, bool) {
    let of = |state: &CtState| {
        let (first, count) = first(*state);
        (first..first + count).contains(&number)
    };
    let state = CtState::ALL.into_iter().find(of).unwrap_or(CtState::Untracked);
    let entry = !matches!(state, CtState::Invalid | CtState::Untracked);
    (state, entry && number & DNAT != 0, entry && number & SNAT != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_a_case() {
        let all = states(&CtState::ALL, false, false);
        assert_eq!(all, Values::range(0u8, 15u8));
        assert_eq!(states(&[CtState::New], false, false), Values::range(0u8, 3u8));
        assert_eq!(states(&[], true, false).ranges().len(), 3);
        assert!(states(&[], false, false).is_empty());
        assert_eq!(read(13), (CtState::Invalid, false, false));
        assert_eq!(read(11), (CtState::Established, true, true));
    }
}
