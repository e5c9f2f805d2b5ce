//! The rules of a chain that certainly take packets away from those below them, and which of them leave nothing of a set.

use crate::ruleset::ChainId;

use super::chains::Chains;
use super::change::{Changes, LastChanged};
use super::cube::Cube;
use super::index::Index;
use super::point::Point;
use super::space::Space;

/// How many rules may be needed together to take everything.
const MOST_RULES: usize = 32;
/// How many cubes are looked at for all rules of a chain.
const MOST_WORK: u64 = 50_000_000;
/// How many cubes are looked at for one rule.
const MOST_WORK_FOR_ONE: u64 = 500_000;
/// Taking a cube from another costs as much as looking at this many.
const MINUS: usize = 8;

/// A rule that takes packets away.
#[derive(Debug)]
struct Taker {
    index: u32,
    matched: Space,
    /// The chain that has to finish them.
    chain: Option<ChainId>,
    /// What it takes, once that was asked for.
    taken: Option<Space>,
}

/// Whether earlier rules leave nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing; these rules take it all, none of them without need.
    Nothing(Vec<u32>),
    /// Something.
    Something,
    /// It would take too long to tell.
    Undecided,
}

/// The rules above the one that is asked about.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    takers: Vec<Taker>,
    filed: Index,
    changed: LastChanged,
    work: u64,
}

impl Earlier {
    /// The rule at `index` takes what matches it, as far as `chain` finishes that.
    pub(super) fn takes(&mut self, index: u32, matched: Space, chain: Option<ChainId>) {
        let Ok(number) = u32::try_from(self.takers.len()) else { return };
        matched.cubes().iter().for_each(|cube| self.filed.file(cube, number));
        self.takers.push(Taker { index, matched, chain, taken: None });
    }

    /// The rule at `index` may change this of packets that go on.
    pub(super) fn changes(&mut self, index: u32, changes: Changes) {
        self.changed.note(index, changes);
    }

    /// What is left of `wanted` where the next rule stands.
    pub(super) fn left_of(&mut self, wanted: &Space, chains: &mut Chains<'_, '_>) -> Left {
        let end = MOST_WORK.min(self.work.saturating_add(MOST_WORK_FOR_ONE));
        let mut rest = wanted.clone();
        let mut used: Vec<(u32, Vec<Cube>)> = Vec::new();
        while let Some(cube) = rest.last() {
            if self.work >= end || used.len() >= MOST_RULES {
                return Left::Undecided;
            }
            let Some((index, taken)) = self.best(&Point::least(cube), &rest, chains) else { return Left::Something };
            self.work += (rest.cubes().len() * taken.len() * MINUS) as u64;
            let Some(less) = minus(&rest, &taken) else { return Left::Undecided };
            rest = less;
            used.push((index, taken));
        }
        let cubes: usize = used.iter().map(|(_, taken)| taken.len()).sum();
        self.work += (wanted.cubes().len() * cubes * used.len() * MINUS) as u64;
        if self.work < end { Left::Nothing(needed(wanted, used)) } else { Left::Undecided }
    }

    /// The first rule that takes `point` and all of `whole`; if there is none, the first that takes `point`.
    fn best(&mut self, point: &Point, whole: &Space, chains: &mut Chains<'_, '_>) -> Option<(u32, Vec<Cube>)> {
        let mut first = None;
        for number in self.filed.candidates(point) {
            let Some((index, taken)) = self.taken_with(number, point, chains) else { continue };
            if whole.cubes().iter().all(|cube| taken.iter().any(|own| own.contains(cube))) {
                return Some((index, taken));
            }
            first.get_or_insert((index, taken));
        }
        first
    }

    /// The rule and what it takes, if `point` is among that.
    fn taken_with(&mut self, number: u32, point: &Point, chains: &mut Chains<'_, '_>) -> Option<(u32, Vec<Cube>)> {
        let taker = self.takers.get_mut(number as usize)?;
        self.work += taker.matched.cubes().len() as u64;
        if !taker.matched.cubes().iter().any(|cube| cube.holds(point)) {
            return None;
        }
        let changed = self.changed.since(taker.index);
        let taken = taker.taken(chains);
        self.work += taken.cubes().len() as u64;
        let lasting: Vec<_> = taken.cubes().iter().filter(|cube| cube.outlasts(changed)).cloned().collect();
        lasting.iter().any(|cube| cube.holds(point)).then_some((taker.index, lasting))
    }
}

impl Taker {
    /// What it takes. Of a call that would be too much to write down nothing is relied on.
    fn taken(&mut self, chains: &mut Chains<'_, '_>) -> &Space {
        let Some(chain) = self.chain else { return &self.matched };
        let matched = &self.matched;
        self.taken.get_or_insert_with(|| matched.and(&chains.finished_by(chain)).unwrap_or_default())
    }
}

fn minus(space: &Space, cubes: &[Cube]) -> Option<Space> {
    cubes.iter().try_fold(space.clone(), |rest, cube| rest.minus_cube(cube))
}

/// The rules without which something would be left; those that stand last are spared first.
fn needed(wanted: &Space, mut used: Vec<(u32, Vec<Cube>)>) -> Vec<u32> {
    used.sort_by_key(|(index, _)| *index);
    let mut at = used.len();
    while let Some(one) = at.checked_sub(1).filter(|_| used.len() > 1) {
        at = one;
        let others = || used.iter().enumerate().filter(|(n, _)| *n != one).flat_map(|(_, (_, cubes))| cubes);
        let rest = others().try_fold(wanted.clone(), |rest, cube| rest.minus_cube(cube));
        if rest.is_some_and(|rest| rest.is_empty()) {
            used.remove(one);
        }
    }
    used.into_iter().map(|(index, _)| index).collect()
}
