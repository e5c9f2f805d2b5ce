//! A set of packets that is a product: a set for each field, known bits of the mark, and tests that are not looked into.

use std::sync::Arc;

use smallvec::SmallVec;

use crate::logic::Values;

use super::axis::{Axis, complement, is_full};
use super::bits::Bits;
use super::change::Changes;
use super::point::Point;

/// A match that depends on packet and state alone and is not looked into, by how it is printed. The same words have the
/// same answer for the same packet.
pub type Opaque = Arc<str>;

/// The packets whose fields lie in these sets, whose mark has these bits, and for which each of these tests has this answer.
///
/// It is never empty. What is not restricted is not listed, so equal cubes are equal lists.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cube {
    within: SmallVec<[(Axis, Values); 4]>,
    mark: Bits,
    tests: SmallVec<[(Opaque, bool); 1]>,
}

impl Cube {
    /// Every packet.
    pub fn all() -> Self {
        Self::default()
    }

    /// Is every packet in it?
    pub fn is_all(&self) -> bool {
        *self == Self::all()
    }

    /// What it restricts, in the order of the axes.
    pub fn within(&self) -> &[(Axis, Values)] {
        &self.within
    }

    /// The marks in it.
    pub const fn mark(&self) -> Bits {
        self.mark
    }

    /// The tests in it and their answers, sorted.
    pub fn tests(&self) -> &[(Opaque, bool)] {
        &self.tests
    }

    /// What it has on an axis, unless that is everything.
    pub fn on(&self, axis: Axis) -> Option<&Values> {
        self.within.iter().find(|(at, _)| *at == axis).map(|(_, values)| values)
    }

    /// The part of it that lies in `values` on an axis; `None` if there is none.
    pub fn narrowed(mut self, axis: Axis, values: &Values) -> Option<Self> {
        match self.within.binary_search_by_key(&axis, |(at, _)| *at) {
            Ok(at) => {
                let (_, own) = self.within.get_mut(at)?;
                *own = own.and(values);
                (!own.is_empty()).then_some(self)
            }
            Err(_) if values.is_empty() => None,
            Err(_) if is_full(values) => Some(self),
            Err(at) => {
                self.within.insert(at, (axis, values.clone()));
                Some(self)
            }
        }
    }

    /// The part of it that has these marks; `None` if there is none.
    pub fn marked(self, marks: Bits) -> Option<Self> {
        Some(Self { mark: self.mark.and(marks)?, ..self })
    }

    /// The part of it for which `test` has this answer; `None` if there is none.
    pub fn tested(mut self, test: &Opaque, answer: bool) -> Option<Self> {
        match self.tests.binary_search_by(|(own, _)| own.cmp(test)) {
            Ok(at) => self.tests.get(at).is_some_and(|(_, own)| *own == answer).then_some(self),
            Err(at) => {
                self.tests.insert(at, (test.clone(), answer));
                Some(self)
            }
        }
    }

    /// What is in both; `None` if there is nothing.
    pub fn and(&self, other: &Self) -> Option<Self> {
        if self.is_apart(other) {
            return None;
        }
        let mut both = self.clone().marked(other.mark)?;
        for (axis, values) in &other.within {
            both = both.narrowed(*axis, values)?;
        }
        for (test, answer) in &other.tests {
            both = both.tested(test, *answer)?;
        }
        Some(both)
    }

    /// Is nothing in both?
    pub fn is_apart(&self, other: &Self) -> bool {
        let fields = self.within.iter().any(|(axis, own)| other.on(*axis).is_some_and(|values| !own.overlaps(values)));
        let contrary = |(test, answer): &(Opaque, bool)| other.answer(test).is_some_and(|other| other != *answer);
        fields || self.mark.and(other.mark).is_none() || self.tests.iter().any(contrary)
    }

    /// Is all of `other` in it?
    pub fn contains(&self, other: &Self) -> bool {
        let field = |(axis, own): &(Axis, Values)| other.on(*axis).is_some_and(|values| values.within(own));
        let test = |(test, answer): &(Opaque, bool)| other.answer(test) == Some(*answer);
        self.within.iter().all(field) && self.mark.covers(other.mark) && self.tests.iter().all(test)
    }

    /// Is this packet in it?
    pub fn holds(&self, point: &Point) -> bool {
        self.within.iter().all(|(axis, values)| values.contains(point.at(*axis)))
            && self.mark.contains(point.mark)
            && self.tests.iter().all(|(test, answer)| point.passes(test) == *answer)
    }

    fn answer(&self, test: &Opaque) -> Option<bool> {
        let at = self.tests.binary_search_by(|(own, _)| own.cmp(test)).ok()?;
        self.tests.get(at).map(|(_, answer)| *answer)
    }

    /// What is in `self` and not in `other`, as parts that do not overlap.
    pub fn minus(&self, other: &Self) -> Vec<Self> {
        if self.is_apart(other) {
            return vec![self.clone()];
        }
        let mut parts = Vec::new();
        let mut rest = self.clone();
        for (axis, values) in &other.within {
            parts.extend(rest.clone().narrowed(*axis, &complement(values)));
            let Some(inside) = rest.narrowed(*axis, values) else { return parts };
            rest = inside;
        }
        parts.extend(rest.mark.minus(other.mark).into_iter().map(|mark| Self { mark, ..rest.clone() }));
        rest.mark = rest.mark.and(other.mark).unwrap_or(rest.mark);
        for (test, answer) in &other.tests {
            parts.extend(rest.clone().tested(test, !answer));
            let Some(inside) = rest.tested(test, *answer) else { return parts };
            rest = inside;
        }
        parts
    }

    /// Does it ask for nothing that `changes` may have changed?
    pub fn outlasts(&self, changes: Changes) -> bool {
        let is_kept = |(axis, _): &(Axis, Values)| !changes.touch(*axis);
        self.within.iter().all(is_kept)
            && self.mark.known() & changes.mark == 0
            && (self.tests.is_empty() || !changes.tests)
    }

    /// The packets that differ from one of it in nothing but what `changes` may have changed.
    #[must_use]
    pub fn forget(mut self, changes: Changes) -> Self {
        self.within.retain(|(axis, _)| !changes.touch(*axis));
        self.mark = self.mark.forget(changes.mark);
        if changes.tests {
            self.tests.clear();
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(first: u16, last: u16) -> Cube {
        Cube::all().narrowed(Axis::Dport, &Values::range(first, last)).unwrap()
    }

    #[test]
    fn what_is_empty_is_none() {
        assert!(ports(1, 5).and(&ports(6, 9)).is_none());
        let set: Opaque = "set --match-set A src".into();
        let inside = Cube::all().tested(&set, true).unwrap();
        let outside = Cube::all().tested(&set, false).unwrap();
        assert!(inside.and(&outside).is_none());
        assert_eq!(Cube::all().minus(&inside), [outside]);
    }

    #[test]
    fn everything_is_not_listed() {
        assert!(Cube::all().narrowed(Axis::Src, &Values::all()).unwrap().is_all());
        assert!(Cube::all().contains(&ports(1, 5)));
        assert!(!ports(1, 5).contains(&Cube::all()));
        assert!(ports(1, 5).minus(&Cube::all()).is_empty());
    }

    #[test]
    fn what_was_changed_says_nothing() {
        let changes = Changes { mark: 1, ..Changes::NONE };
        let one = |mask| Bits::of(crate::number::Masked { value: mask, mask }).unwrap();
        let marked = |mask| ports(1, 5).marked(one(mask)).unwrap();
        assert!(marked(2).outlasts(changes));
        assert!(!marked(3).outlasts(changes));
        assert_eq!(marked(3).forget(changes), marked(2));
        assert_eq!(marked(1).forget(Changes::EVERYTHING), Cube::all());
    }
}
