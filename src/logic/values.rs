//! Sets of numbers: the values that a header field may still have.
//!
//! Addresses, ports, protocols and ages are all numbers here, so one kind of set serves every field. A set is a sorted
//! list of ranges that neither touch nor overlap, so equal sets are equal lists.

use std::fmt;

use smallvec::{SmallVec, smallvec};

/// An inclusive range.
type Range = (u128, u128);

/// A set of numbers from 0 to 2^128 - 1.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Values(SmallVec<[Range; 1]>);

impl Values {
    /// Every number.
    pub fn all() -> Self {
        Self::range(0u128, u128::MAX)
    }

    /// No number.
    pub fn none() -> Self {
        Self(SmallVec::new())
    }

    /// The numbers from `first` to `last`, both included; none if `first` is the larger.
    pub fn range(first: impl Into<u128>, last: impl Into<u128>) -> Self {
        let (first, last) = (first.into(), last.into());
        if first <= last { Self(smallvec![(first, last)]) } else { Self::none() }
    }

    /// One number.
    pub fn one(value: impl Into<u128>) -> Self {
        let value = value.into();
        Self::range(value, value)
    }

    /// Every number in one of `parts`.
    pub fn union(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut ranges: Vec<Range> = parts.into_iter().flat_map(|part| part.0).collect();
        ranges.sort_unstable();
        let mut joined: SmallVec<[Range; 1]> = SmallVec::new();
        for (first, last) in ranges {
            match joined.last_mut() {
                Some(open) if first <= open.1.saturating_add(1) => open.1 = open.1.max(last),
                _ => joined.push((first, last)),
            }
        }
        Self(joined)
    }

    /// The ranges, in order.
    pub fn ranges(&self) -> &[Range] {
        &self.0
    }

    /// Is there no number in it?
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Is `value` in it?
    pub fn contains(&self, value: u128) -> bool {
        self.0.iter().any(|&(first, last)| (first..=last).contains(&value))
    }

    /// The only number in it, if there is just one.
    pub fn only(&self) -> Option<u128> {
        match self.0.as_slice() {
            [(first, last)] if first == last => Some(*first),
            _ => None,
        }
    }

    /// What is in both.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut common = SmallVec::new();
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(&&(a, b)), Some(&&(c, d))) = (left.peek(), right.peek()) {
            if a.max(c) <= b.min(d) {
                common.push((a.max(c), b.min(d)));
            }
            if b < d {
                left.next();
            } else {
                right.next();
            }
        }
        Self(common)
    }

    /// What is in `self` but not in `other`.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.and(&other.complement())
    }

    fn complement(&self) -> Self {
        let mut gaps = SmallVec::new();
        let mut next = Some(0);
        for &(first, last) in &self.0 {
            if let Some(start) = next.filter(|start| *start < first) {
                gaps.push((start, first - 1));
            }
            next = last.checked_add(1);
        }
        if let Some(start) = next {
            gaps.push((start, u128::MAX));
        }
        Self(gaps)
    }

    /// Is anything in both?
    pub fn overlaps(&self, other: &Self) -> bool {
        other.0.iter().any(|&(first, last)| {
            let at = self.0.partition_point(|&(_, end)| end < first);
            self.0.get(at).is_some_and(|&(start, _)| start <= last)
        })
    }

    /// Is all of `self` in `other`?
    pub fn within(&self, other: &Self) -> bool {
        self.0.iter().all(|&(first, last)| {
            let at = other.0.partition_point(|&(_, end)| end < first);
            other.0.get(at).is_some_and(|&(start, end)| start <= first && last <= end)
        })
    }
}

impl fmt::Display for Values {
    /// `80`, `80-90`, `80,443`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, (first, last)) in self.0.iter().enumerate() {
            f.write_str(if n == 0 { "" } else { "," })?;
            write!(f, "{first}")?;
            if first != last {
                write!(f, "-{last}")?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sets over a universe small enough to look at every member.
    fn any_set() -> impl Strategy<Value = Values> {
        prop::collection::vec((0u128..20, 0u128..20), 0..4)
            .prop_map(|ranges| Values::union(ranges.into_iter().map(|(a, b)| Values::range(a, b))))
    }

    proptest! {
        #[test]
        fn the_operations_are_those_of_sets(a in any_set(), b in any_set()) {
            for value in 0..25 {
                let (in_a, in_b) = (a.contains(value), b.contains(value));
                prop_assert_eq!(a.and(&b).contains(value), in_a && in_b);
                prop_assert_eq!(a.minus(&b).contains(value), in_a && !in_b);
                prop_assert_eq!(Values::union([a.clone(), b.clone()]).contains(value), in_a || in_b);
            }
            prop_assert_eq!(a.within(&b), a.minus(&b).is_empty());
            prop_assert_eq!(a.overlaps(&b), !a.and(&b).is_empty());
        }

        #[test]
        fn equal_sets_are_equal_lists(a in any_set(), b in any_set()) {
            prop_assert_eq!(Values::union([a.and(&b), a.minus(&b)]), a);
        }
    }

    #[test]
    fn the_ends_of_the_universe() {
        assert_eq!(Values::all().minus(&Values::one(u128::MAX)), Values::range(0u8, u128::MAX - 1));
        assert!(Values::all().minus(&Values::all()).is_empty());
        assert_eq!(Values::none().complement(), Values::all());
    }
}
