//! A set of packets: a union of cubes, as long as they are few.

use smallvec::{SmallVec, smallvec};

use crate::save::Family;

use super::cube::Cube;
use super::sample::Sample;

/// How many cubes a set may consist of.
pub const MOST_CUBES: usize = 256;

/// A set of packets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Space {
    cubes: SmallVec<[Cube; 1]>,
}

impl Space {
    /// No packet.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every packet.
    pub fn all() -> Self {
        Cube::all().into()
    }

    /// The packets in one of `cubes`; `None` if they are more than [`MOST_CUBES`].
    pub fn union(cubes: impl IntoIterator<Item = Cube>) -> Option<Self> {
        let mut space = Self::none();
        cubes.into_iter().all(|cube| space.add(cube)).then_some(space)
    }

    /// Adds the packets of a cube, unless there is no room for it: then it is as before, and the answer is no.
    pub fn add(&mut self, cube: Cube) -> bool {
        self.add_up_to(MOST_CUBES, cube)
    }

    /// The same with room for `most` cubes.
    pub(super) fn add_up_to(&mut self, most: usize, cube: Cube) -> bool {
        if self.cubes.iter().any(|own| own.contains(&cube)) {
            return true;
        }
        self.cubes.retain(|own| !cube.contains(own));
        let room = self.cubes.len() < most;
        if room {
            self.cubes.push(cube);
        }
        room
    }

    /// The cubes whose union it is. They may overlap.
    pub fn cubes(&self) -> &[Cube] {
        &self.cubes
    }

    /// Is no packet in it?
    pub fn is_empty(&self) -> bool {
        self.cubes.is_empty()
    }

    /// Is every packet in it, as one cube?
    pub fn is_all(&self) -> bool {
        matches!(self.cubes.as_slice(), [cube] if cube.is_all())
    }

    /// What is in both; `None` if that are more than [`MOST_CUBES`] cubes.
    pub fn and(&self, other: &Self) -> Option<Self> {
        Self::union(self.cubes.iter().flat_map(|own| other.cubes.iter().filter_map(|cube| own.and(cube))))
    }

    /// What `part` leaves of each cube.
    #[must_use]
    pub fn each(self, part: impl Fn(Cube) -> Option<Cube>) -> Self {
        Self { cubes: self.cubes.into_iter().filter_map(part).collect() }
    }

    /// What is in `self` and not in `other`; `None` if that are more than [`MOST_CUBES`] cubes on the way.
    pub fn minus(&self, other: &Self) -> Option<Self> {
        other.cubes.iter().try_fold(self.clone(), |rest, cube| rest.minus_cube(cube))
    }

    /// What is in `self` and not in `cube`; `None` if that are more than [`MOST_CUBES`] cubes.
    pub fn minus_cube(&self, cube: &Cube) -> Option<Self> {
        let cubes: SmallVec<_> = self.cubes.iter().flat_map(|own| own.minus(cube)).take(MOST_CUBES + 1).collect();
        (cubes.len() <= MOST_CUBES).then_some(Self { cubes })
    }

    /// Have they a packet in common?
    pub fn overlaps(&self, other: &Self) -> bool {
        self.cubes.iter().any(|own| other.cubes.iter().any(|cube| !own.is_apart(cube)))
    }

    /// Is all of `other` in it? `None` if that takes more than [`MOST_CUBES`] cubes to tell.
    pub fn contains(&self, other: &Self) -> Option<bool> {
        let whole = other.cubes.iter().all(|cube| self.cubes.iter().any(|own| own.contains(cube)));
        if whole { Some(true) } else { other.minus(self).map(|rest| rest.is_empty()) }
    }

    /// A packet of it, in a ruleset of this family; `None` if it is empty, or no name can be given to an interface.
    pub fn witness(&self, family: Family) -> Option<Sample> {
        self.cubes.iter().find_map(|cube| Sample::of(cube, family))
    }

    /// The last of its cubes.
    pub(super) fn last(&self) -> Option<&Cube> {
        self.cubes.last()
    }
}

impl From<Cube> for Space {
    fn from(cube: Cube) -> Self {
        Self { cubes: smallvec![cube] }
    }
}
