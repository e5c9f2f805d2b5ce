//! The steps that led to a place. Paths that part share what came before; paths that meet keep both histories.

use crate::logic::Share;
use crate::packet::Rewrite;
use crate::ruleset::{ChainId, RuleId};
use crate::save::{Hook, Policy};

/// What a rule did with the packet, or a policy in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// It only counted.
    Next,
    /// It jumped.
    Jump(ChainId),
    /// It went without a way back.
    Goto(ChainId),
    /// Its target acted; a mapping if the nat table decided on one.
    Target(Option<Rewrite>),
    /// No rule decided.
    Policy(Policy),
}

/// A rule that matched, or a policy that decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// At which hook.
    pub hook: Hook,
    /// In which chain.
    pub chain: ChainId,
    /// Which rule; none for a policy.
    pub rule: Option<RuleId>,
    /// What it did.
    pub action: Action,
    /// The chance of its own draw, if it has one.
    pub chance: Option<Share>,
}

/// The end of a trail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailId(u32);

/// Every trail of an exploration, and how much work it has cost.
#[derive(Debug)]
pub struct Journal {
    nodes: Vec<Node>,
    /// How much work was done, in rules tried.
    work: u64,
    /// How much may be done before the world that is followed is given up.
    limit: u64,
}

/// What a step costs, in rules tried: it is kept in memory.
const STEP: u64 = 32;
/// What a packet that parts from others costs, in rules tried.
const ARRIVAL: u64 = 200;

#[derive(Debug)]
enum Node {
    Step(Step, Option<TrailId>),
    /// Equal packets met here; each way with its part of them.
    Met(Vec<(Option<TrailId>, Share)>),
}

impl Journal {
    /// An empty journal.
    pub(super) const fn new() -> Self {
        Self { nodes: Vec::new(), work: 0, limit: 0 }
    }

    /// Begins another world, which may cost so much.
    pub(super) const fn begin(&mut self, work: u64) {
        self.limit = self.work + work;
    }

    /// How much work was done, in rules tried.
    pub(super) const fn work(&self) -> u64 {
        self.work
    }

    /// Counts rules that the kernel tries; false if the world has cost too much.
    pub(super) const fn try_rules(&mut self, count: u32) -> bool {
        self.work += count as u64;
        self.work <= self.limit
    }

    /// Counts a packet that comes to a place where others may be.
    pub(super) const fn arrive(&mut self) {
        self.work += ARRIVAL;
    }

    fn push(&mut self, node: Node) -> TrailId {
        self.nodes.push(node);
        TrailId(u32::try_from(self.nodes.len() - 1).unwrap_or(u32::MAX))
    }

    fn node(&self, id: TrailId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    /// One more step.
    pub(super) fn step(&mut self, before: Option<TrailId>, step: Step) -> TrailId {
        self.work += STEP;
        self.push(Node::Step(step, before))
    }

    /// Two ways to one place, with how many go each.
    pub(super) fn meet(&mut self, ways: [(Option<TrailId>, Share); 2]) -> TrailId {
        self.push(Node::Met(ways.to_vec()))
    }

    /// The ways that end at `end`, each with its part of the whole, at most `most` of them. Steps are in order.
    pub fn histories(&self, end: Option<TrailId>, most: usize) -> Vec<(Share, Vec<&Step>)> {
        let mut done = Vec::new();
        let mut open = vec![(Share::ALL, end, Vec::new())];
        while let Some((share, at, mut steps)) = open.pop() {
            match at.and_then(|id| self.node(id)) {
                None => {
                    steps.reverse();
                    done.push((share, steps));
                }
                Some(Node::Step(step, before)) => {
                    steps.push(step);
                    open.push((share, *before, steps));
                }
                Some(Node::Met(ways)) => {
                    let whole = ways.iter().map(|(_, share)| *share).sum();
                    let several = done.len() + open.len() + ways.len() <= most;
                    // Past the limit only the first way is told, for all who came.
                    let told = if several { ways.len() } else { 1 };
                    for (before, part) in ways.iter().take(told).rev() {
                        let part = if several { share * part.of(whole) } else { share };
                        open.push((part, *before, steps.clone()));
                    }
                }
            }
        }
        done
    }
}

#[cfg(test)]
mod tests {
    use crate::ruleset::TableId;
    use crate::save::{Backend, TableName};

    use super::*;

    fn step(index: u32) -> Step {
        let chain = ChainId { table: TableId::new(Backend::Legacy, TableName::Filter), index };
        Step { hook: Hook::Input, chain, rule: None, action: Action::Next, chance: None }
    }

    #[test]
    fn ways_that_met_are_told_apart() {
        let mut trails = Journal::new();
        let start = trails.step(None, step(0));
        let left = trails.step(Some(start), step(1));
        let met = trails.meet([(Some(left), Share::one_of(4)), (Some(start), Share::one_of(4))]);
        let end = trails.step(Some(met), step(2));
        let told = |most| -> Vec<(f64, Vec<u32>)> {
            let histories = trails.histories(Some(end), most).into_iter();
            histories.map(|(share, steps)| (share.get(), steps.iter().map(|step| step.chain.index).collect())).collect()
        };
        assert_eq!(told(9), [(0.5, vec![0, 1, 2]), (0.5, vec![0, 2])]);
        assert_eq!(told(1), [(1.0, vec![0, 1, 2])]);
    }
}
