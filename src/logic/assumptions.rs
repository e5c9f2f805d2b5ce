//! The answers that one world gives.
//!
//! A world narrows each unknown quantity as it is asked about it, so its answers cannot contradict each other.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fact::{Fact, Set, Unknown};
use super::names::Names;
use super::outcome::Outcome;
use super::values::Values;

/// What a quantity may still be.
#[derive(Debug, Clone, PartialEq)]
enum Cell {
    Values(Values),
    Names(Names),
}

impl Cell {
    /// Everything that a set of this kind can ask about.
    fn all(of: &Set) -> Self {
        match of {
            Set::Values(_) => Self::Values(Values::all()),
            Set::Names(_) => Self::Names(Names::all()),
        }
    }

    /// Does it lie in `set`, as far as is known? One quantity is either a number or a name; asked in the other kind,
    /// it does not.
    fn lies_in(&self, set: &Set) -> Option<bool> {
        let (outside, inside) = match (self, set) {
            (Self::Values(cell), Set::Values(set)) => (!cell.overlaps(set), cell.within(set)),
            (Self::Names(cell), Set::Names(set)) => (cell.and(set).is_empty(), cell.minus(set).is_empty()),
            (Self::Values(_), Set::Names(_)) | (Self::Names(_), Set::Values(_)) => (true, false),
        };
        if outside { Some(false) } else { inside.then_some(true) }
    }

    fn narrow(&self, set: &Set, answer: bool) -> Self {
        match (self, set, answer) {
            (Self::Values(cell), Set::Values(set), true) => Self::Values(cell.and(set)),
            (Self::Values(cell), Set::Values(set), false) => Self::Values(cell.minus(set)),
            (Self::Names(cell), Set::Names(set), true) => Self::Names(cell.and(set)),
            (Self::Names(cell), Set::Names(set), false) => Self::Names(cell.minus(set)),
            (cell, ..) => cell.clone(),
        }
    }
}

/// Why an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grounds {
    /// It is the fact's default.
    Default,
    /// This world looks at what happens if it is so.
    Supposed,
    /// The user said so.
    Given,
}

/// An answer, and the rule that made it necessary.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumed {
    /// The question.
    pub fact: Fact,
    /// The answer.
    pub answer: bool,
    /// Why.
    pub grounds: Grounds,
    /// Line of the rule that first asked; `None` if no rule did.
    pub line: Option<u32>,
}

/// The answers of one world, cheap to copy: worlds that part share what they had assumed before.
#[derive(Debug, Clone, Default)]
pub struct Assumptions {
    cells: BTreeMap<Unknown, Arc<Cell>>,
    last: Option<Arc<Entry>>,
    given: Arc<BTreeMap<String, bool>>,
}

#[derive(Debug)]
struct Entry {
    assumed: Assumed,
    before: Option<Arc<Entry>>,
}

impl Assumptions {
    /// Assumptions that answer facts of these names as the user said.
    pub fn given(given: BTreeMap<String, bool>) -> Self {
        Self { given: Arc::new(given), ..Self::default() }
    }

    /// The answer, if what was assumed so far decides it.
    pub fn answer(&self, fact: &Fact) -> Option<bool> {
        self.cells.get(&fact.about)?.lies_in(&fact.within)
    }

    /// The user's answer to a fact that an extension names.
    pub fn told(&self, fact: &Fact) -> Option<bool> {
        if self.given.is_empty() { None } else { self.given.get(&fact.name()?).copied() }
    }

    /// The fact as an outcome: decided where it is.
    pub fn outcome(&self, fact: Fact) -> Outcome {
        self.answer(&fact).map_or_else(|| fact.into(), Outcome::from)
    }

    /// Takes the answer as given from here on.
    pub fn assume(&mut self, fact: &Fact, answer: bool, grounds: Grounds, line: Option<u32>) {
        let all = || Arc::new(Cell::all(&fact.within));
        let cell = self.cells.entry(fact.about.clone()).or_insert_with(all);
        *cell = Arc::new(cell.narrow(&fact.within, answer));
        let assumed = Assumed { fact: fact.clone(), answer, grounds, line };
        self.last = Some(Arc::new(Entry { assumed, before: self.last.take() }));
    }

    /// What was assumed, in the order in which it was asked.
    pub fn list(&self) -> Vec<&Assumed> {
        let mut list = Vec::new();
        let mut entry = self.last.as_deref();
        while let Some(Entry { assumed, before }) = entry {
            list.push(assumed);
            entry = before.as_deref();
        }
        list.reverse();
        list
    }

    /// The numbers that a quantity may still be, if anything was assumed about it.
    pub fn values(&self, about: &Unknown) -> Option<&Values> {
        match self.cells.get(about).map(|cell| &**cell) {
            Some(Cell::Values(values)) => Some(values),
            _ => None,
        }
    }
}

impl Drop for Entry {
    /// Long chains of assumptions are taken apart one by one, not by recursion.
    fn drop(&mut self) {
        let mut before = self.before.take();
        while let Some(mut entry) = before.and_then(Arc::into_inner) {
            before = entry.before.take();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::Field;
    use super::super::names::Pattern;
    use super::*;

    fn src(first: u8, last: u8) -> Fact {
        Fact::new(Unknown::Field(Field::Src), Set::Values(Values::range(first, last)))
    }

    #[test]
    fn answers_agree_with_each_other() {
        let mut world = Assumptions::default();
        assert_eq!(world.answer(&src(10, 20)), None);
        world.assume(&src(10, 20), true, Grounds::Supposed, Some(1));
        assert_eq!(world.answer(&src(0, 100)), Some(true));
        assert_eq!(world.answer(&src(30, 40)), Some(false));
        assert_eq!(world.answer(&src(12, 12)), None);
        world.assume(&src(12, 12), false, Grounds::Default, Some(2));
        assert_eq!(world.answer(&src(12, 12)), Some(false));
        let answers: Vec<_> = world.list().iter().map(|assumed| assumed.answer).collect();
        assert_eq!(answers, [true, false]);
    }

    #[test]
    fn worlds_part_without_touching_each_other() {
        let mut one = Assumptions::default();
        one.assume(&src(0, 9), false, Grounds::Default, None);
        let mut other = one.clone();
        other.assume(&src(20, 29), true, Grounds::Supposed, None);
        assert_eq!(one.answer(&src(20, 29)), None);
        assert_eq!(one.list().len(), 1);
    }

    #[test]
    fn names_are_narrowed_too() {
        let output = |pattern: &str| Fact::new(Unknown::Field(Field::Out), Set::Names(Pattern::new(pattern)));
        let mut world = Assumptions::default();
        world.assume(&output("cali+"), true, Grounds::Supposed, None);
        assert_eq!(world.answer(&output("eth0")), Some(false));
        assert_eq!(world.answer(&output("cali1")), None);
        assert_eq!(output("eth0").default, None);
    }

    #[test]
    fn a_long_list_is_dropped_without_recursion() {
        let mut world = Assumptions::default();
        for n in 0..200_000u32 {
            let fact = Fact::named("n", None, String::new(), String::new()).within(Values::one(n));
            world.assume(&fact, n == 0, Grounds::Default, None);
        }
    }
}
