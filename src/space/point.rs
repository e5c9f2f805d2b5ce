//! One packet of a set, as numbers: what a search for an uncovered packet goes by.

use smallvec::SmallVec;

use crate::logic::Values;

use super::axis::Axis;
use super::cube::{Cube, Opaque};

/// A packet: a place on every axis, a mark, and the tests that it passes. It passes no other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Point {
    places: [u128; Axis::COUNT],
    /// Its mark.
    pub mark: u32,
    /// The tests that it passes.
    pub passed: SmallVec<[Opaque; 1]>,
}

impl Point {
    /// The packet of a cube that has the lowest number in every field.
    pub fn least(cube: &Cube) -> Self {
        let mut point = Self { mark: cube.mark().least(), ..Self::default() };
        for (axis, values) in cube.within() {
            if let (Some(place), Some(&(first, _))) =
                (point.places.get_mut(*axis as usize), Values::ranges(values).first())
            {
                *place = first;
            }
        }
        let passed = cube.tests().iter().filter(|(_, answer)| *answer);
        point.passed.extend(passed.map(|(test, _)| test.clone()));
        point
    }

    /// Where it stands on an axis.
    pub fn at(&self, axis: Axis) -> u128 {
        self.places.get(axis as usize).copied().unwrap_or(0)
    }

    /// Does it pass `test`?
    pub fn passes(&self, test: &Opaque) -> bool {
        self.passed.contains(test)
    }
}
