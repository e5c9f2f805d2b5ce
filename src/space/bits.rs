//! Numbers some of whose bits are known: the marks that a set of packets may have.

use crate::number::Masked;

/// The 32-bit numbers that have these values in the bits that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Bits {
    known: u32,
    value: u32,
}

impl Bits {
    /// The numbers that fit; `None` if there is none, because the value has bits outside the mask.
    pub const fn of(masked: Masked) -> Option<Self> {
        if masked.value & !masked.mask != 0 { None } else { Some(Self { known: masked.mask, value: masked.value }) }
    }

    /// Which bits are known.
    pub const fn known(self) -> u32 {
        self.known
    }

    /// The smallest of the numbers.
    pub const fn least(self) -> u32 {
        self.value
    }

    /// Is `number` one of them?
    pub const fn contains(self, number: u32) -> bool {
        number & self.known == self.value
    }

    /// The numbers that are in both; `None` if there is none.
    pub const fn and(self, other: Self) -> Option<Self> {
        if (self.value ^ other.value) & self.known & other.known != 0 {
            return None;
        }
        Some(Self { known: self.known | other.known, value: self.value | other.value })
    }

    /// Is all of `other` in it?
    pub const fn covers(self, other: Self) -> bool {
        self.known & !other.known == 0 && other.value & self.known == self.value
    }

    /// The same with `bits` no longer known.
    #[must_use]
    pub const fn forget(self, bits: u32) -> Self {
        Self { known: self.known & !bits, value: self.value & !bits }
    }

    /// What is in `self` and not in `other`, as parts that do not overlap: one for each bit that only `other` knows.
    pub fn minus(self, other: Self) -> Vec<Self> {
        if self.and(other).is_none() {
            return vec![self];
        }
        let mut rest = self;
        let mut parts = Vec::new();
        for bit in (0..u32::BITS).map(|at| 1 << at).filter(|bit| other.known & !self.known & bit != 0) {
            let with = |value| Self { known: rest.known | bit, value: rest.value | value };
            let wanted = other.value & bit;
            parts.push(with(wanted ^ bit));
            rest = with(wanted);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_bits() -> impl Strategy<Value = Bits> {
        (0u32..16, 0u32..16).prop_map(|(known, value)| Bits { known, value: value & known })
    }

    proptest! {
        #[test]
        fn the_operations_are_those_of_sets(a in any_bits(), b in any_bits()) {
            for number in 0..16 {
                let (in_a, in_b) = (a.contains(number), b.contains(number));
                prop_assert_eq!(a.and(b).is_some_and(|both| both.contains(number)), in_a && in_b);
                let parts = a.minus(b).iter().filter(|part| part.contains(number)).count();
                prop_assert_eq!(parts, usize::from(in_a && !in_b));
            }
            prop_assert_eq!(b.covers(a), a.minus(b).is_empty());
        }
    }

    #[test]
    fn a_value_outside_its_mask_fits_nothing() {
        assert_eq!(Bits::of(Masked { value: 3, mask: 1 }), None);
        assert_eq!(Bits::of(Masked { value: 0, mask: 0 }), Some(Bits::default()));
    }
}
