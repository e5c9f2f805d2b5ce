//! What a call of a chain does: which packets it certainly finishes, and what it may change of those that come back.
//!
//! Each chain is looked at once. Of a chain that leads back to itself nothing is relied on, nor of what lies deeper than
//! [`DEEPEST`] calls.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::ruleset::{ChainId, Rule, Ruleset};
use crate::save::Family;

use super::change::Changes;
use super::cube::Cube;
use super::fate::Fate;
use super::reading::Reading;
use super::space::Space;

/// How deep calls are followed.
const DEEPEST: u32 = 64;
/// How many cubes what a chain finishes, or lets go, may consist of.
const MOST_CUBES: usize = 64;

/// What is known of the chains of a ruleset so far.
#[derive(Debug)]
pub(super) struct Chains<'r, 't> {
    pub(super) ruleset: &'r Ruleset<'t>,
    changes: FxHashMap<ChainId, Changes>,
    finished: FxHashMap<ChainId, Rc<Space>>,
}

impl<'r, 't> Chains<'r, 't> {
    pub(super) fn new(ruleset: &'r Ruleset<'t>) -> Self {
        Self { ruleset, changes: FxHashMap::default(), finished: FxHashMap::default() }
    }

    pub(super) const fn family(&self) -> Family {
        self.ruleset.family
    }

    /// What a rule may change of packets that go on to the next one.
    pub(super) fn changes_of(&mut self, rule: &Rule<'_>) -> Changes {
        self.changes_by_rule(rule, 0)
    }

    fn changes_by_rule(&mut self, rule: &Rule<'_>, depth: u32) -> Changes {
        let own = Changes::of(rule);
        match Fate::of(rule) {
            Fate::Calls(chain) => own.and(self.changes_by_chain(chain, depth + 1)),
            // The others do not come back.
            _ => own,
        }
    }

    /// Where a goto leads comes back too, to who called the chain.
    fn changes_by_chain(&mut self, chain: ChainId, depth: u32) -> Changes {
        if let Some(known) = self.changes.get(&chain) {
            return *known;
        }
        if depth > DEEPEST {
            return Changes::EVERYTHING;
        }
        self.changes.insert(chain, Changes::EVERYTHING);
        let mut all = Changes::NONE;
        for rule in self.ruleset.rules(chain) {
            all = all.and(match Fate::of(rule) {
                Fate::Goes(next) => Changes::of(rule).and(self.changes_by_chain(next, depth + 1)),
                _ => self.changes_by_rule(rule, depth),
            });
        }
        self.changes.insert(chain, all);
        all
    }

    /// The packets that a call of `chain` certainly finishes, as they are when it is called.
    pub(super) fn finished_by(&mut self, chain: ChainId) -> Rc<Space> {
        self.finished(chain, 0)
    }

    fn finished(&mut self, chain: ChainId, depth: u32) -> Rc<Space> {
        if let Some(known) = self.finished.get(&chain) {
            return known.clone();
        }
        if depth > DEEPEST {
            return Rc::default();
        }
        self.finished.insert(chain, Rc::default());
        let mut passage = Passage::default();
        for rule in self.ruleset.rules(chain) {
            self.pass(&mut passage, rule, depth);
            if passage.is_over() {
                break;
            }
        }
        let finished = Rc::new(passage.finished);
        self.finished.insert(chain, finished.clone());
        finished
    }

    fn pass(&mut self, passage: &mut Passage, rule: &Rule<'_>, depth: u32) {
        let Reading { upper, certain } = Reading::of(rule, self.family());
        let fate = Fate::of(rule);
        let next = match fate {
            Fate::Calls(next) | Fate::Goes(next) => self.finished(next, depth + 1),
            _ => Rc::default(),
        };
        let lower = if certain { upper.cubes() } else { &[] };
        match fate {
            Fate::Ends => passage.finish(lower.iter().cloned()),
            _ => passage.finish(lower.iter().flat_map(|cube| next.cubes().iter().filter_map(|own| own.and(cube)))),
        }
        match fate {
            Fate::Leaves | Fate::Unknown => passage.let_go(upper.cubes()),
            Fate::Goes(_) => passage.let_go(Passage::left_by(upper, &next, Changes::by_matches(rule)).cubes()),
            _ => {}
        }
        let changes = self.changes_by_rule(rule, depth);
        passage.changed = passage.changed.and(changes);
    }
}

/// The rules of a chain that a packet has passed so far.
#[derive(Default)]
struct Passage {
    /// Certainly finished.
    finished: Space,
    /// May have left the chain.
    gone: Space,
    changed: Changes,
}

impl Passage {
    /// Is there nothing left to find out?
    fn is_over(&self) -> bool {
        self.gone.is_all() || self.finished.is_all()
    }

    /// These are finished, if they are still here. A part that is too much to write down is not relied on.
    fn finish(&mut self, cubes: impl Iterator<Item = Cube>) {
        for cube in cubes.filter(|cube| cube.outlasts(self.changed)) {
            let Some(rest) = Space::from(cube).minus(&self.gone) else { continue };
            for cube in rest.cubes() {
                self.finished.add_up_to(MOST_CUBES, cube.clone());
            }
        }
    }

    /// What of `upper` the chain that it goes to may not finish; its own matches may have changed this before.
    fn left_by(upper: Space, finished: &Space, changed: Changes) -> Space {
        let lasting = finished.cubes().iter().filter(|cube| cube.outlasts(changed));
        lasting.fold(upper, |rest, cube| rest.minus_cube(cube).unwrap_or(rest))
    }

    /// These may have left. What is too much to write down is taken to be everything.
    fn let_go(&mut self, cubes: &[Cube]) {
        for cube in cubes {
            if !self.gone.add_up_to(MOST_CUBES, cube.clone().forget(self.changed)) {
                self.gone = Space::all();
            }
        }
    }
}
