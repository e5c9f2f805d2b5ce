//! Which of many cubes may hold a packet, without asking each.
//!
//! A cube is filed under one thing that it asks for: a range of a field, bits of the mark, or a test. Of those that it asks
//! for it is the one under which the fewest are filed so far, so that neither one address with many ports nor one port with
//! many addresses makes a long list. What asks for nothing that can be filed is asked always.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::axis::Axis;
use super::cube::{Cube, Opaque};
use super::point::Point;

/// The numbers of the cubes filed in one place.
type Filed = SmallVec<[u32; 2]>;

/// Ranges of a field by where they begin. None is longer than 2^`class`.
#[derive(Debug, Default)]
struct Ranges {
    by_axis_and_class: BTreeMap<(Axis, u32), BTreeMap<u128, Filed>>,
}

/// Cubes by what they ask for.
#[derive(Debug, Default)]
pub(super) struct Index {
    ranges: Ranges,
    /// By the bits that are known, then by their value.
    marks: BTreeMap<u32, FxHashMap<u32, Filed>>,
    tests: FxHashMap<Opaque, Filed>,
    wide: Vec<u32>,
}

/// Where a cube may be filed.
enum Place<'c> {
    Range(Axis, u32, u128),
    Mark(u32, u32),
    Test(&'c Opaque),
}

impl Index {
    /// Files a cube under `number`.
    pub(super) fn file(&mut self, cube: &Cube, number: u32) {
        let place = places(cube).map(|place| (self.at(&place).map_or(0, SmallVec::len), place));
        match place.min_by_key(|(filed, _)| *filed) {
            Some((_, Place::Range(axis, class, first))) => self.ranges.entry(axis, class, first).push(number),
            Some((_, Place::Mark(known, value))) => {
                self.marks.entry(known).or_default().entry(value).or_default().push(number);
            }
            Some((_, Place::Test(test))) => self.tests.entry(test.clone()).or_default().push(number),
            None => self.wide.push(number),
        }
    }

    fn at(&self, place: &Place<'_>) -> Option<&Filed> {
        match place {
            Place::Range(axis, class, first) => self.ranges.get(*axis, *class, *first),
            Place::Mark(known, value) => self.marks.get(known)?.get(value),
            Place::Test(test) => self.tests.get(*test),
        }
    }

    /// The numbers of the cubes that may hold `point`, in order, each once.
    pub(super) fn candidates(&self, point: &Point) -> Vec<u32> {
        let mut found = self.wide.clone();
        self.ranges.find(point, &mut found);
        let marks = self.marks.iter().filter_map(|(known, by_value)| by_value.get(&(point.mark & known)));
        found.extend(marks.flatten());
        found.extend(point.passed.iter().filter_map(|test| self.tests.get(test)).flatten());
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Fields that tell packets apart best come first.
fn places(cube: &Cube) -> impl Iterator<Item = Place<'_>> {
    let ranges = cube.within().iter().filter_map(|(axis, values)| match values.ranges() {
        [(first, last)] => Some(Place::Range(*axis, class(last - first), *first)),
        _ => None,
    });
    let tests = cube.tests().iter().filter(|(_, answer)| *answer).map(|(test, _)| Place::Test(test));
    let mark = cube.mark();
    let mark = (mark.known() != 0).then(|| Place::Mark(mark.known(), mark.least()));
    ranges.chain(tests).chain(mark)
}

/// How many bits the length of a range has.
const fn class(length: u128) -> u32 {
    u128::BITS - length.leading_zeros()
}

impl Ranges {
    fn entry(&mut self, axis: Axis, class: u32, first: u128) -> &mut Filed {
        self.by_axis_and_class.entry((axis, class)).or_default().entry(first).or_default()
    }

    fn get(&self, axis: Axis, class: u32, first: u128) -> Option<&Filed> {
        self.by_axis_and_class.get(&(axis, class))?.get(&first)
    }

    /// A range of a class that holds the place begins at it or less than 2^class before it.
    fn find(&self, point: &Point, found: &mut Vec<u32>) {
        for ((axis, class), by_start) in &self.by_axis_and_class {
            let place = point.at(*axis);
            let longest = 1u128.checked_shl(*class).map_or(u128::MAX, |size| size - 1);
            found.extend(by_start.range(place.saturating_sub(longest)..=place).flat_map(|(_, filed)| filed));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::logic::Values;
    use crate::number::Masked;
    use crate::space::bits::Bits;

    fn any_cube() -> impl Strategy<Value = Cube> {
        let range = || (0u8..20, 0u8..20).prop_map(|(a, b)| Values::range(a.min(b), a.max(b)));
        let mark = (0u32..4, 0u32..4).prop_map(|(mask, value)| Masked { value: value & mask, mask });
        (range(), range(), mark, any::<bool>()).prop_map(|(dst, dport, mark, tested)| {
            let cube = Cube::all().narrowed(Axis::Dst, &dst).and_then(|cube| cube.narrowed(Axis::Dport, &dport));
            let cube = cube.and_then(|cube| cube.marked(Bits::of(mark)?)).unwrap_or_default();
            if tested { cube.tested(&"X".into(), true).unwrap_or_default() } else { cube }
        })
    }

    proptest! {
        #[test]
        fn whoever_holds_a_packet_is_found(cubes in prop::collection::vec(any_cube(), 1..20), of in any_cube()) {
            let mut index = Index::default();
            for (number, cube) in (0..).zip(&cubes) {
                index.file(cube, number);
            }
            let point = Point::least(&of);
            let found = index.candidates(&point);
            for (number, cube) in (0..).zip(&cubes) {
                prop_assert!(!cube.holds(&point) || found.contains(&number));
            }
        }
    }
}
