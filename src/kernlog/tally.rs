//! Many connections counted: which endpoint each took, and what was dropped by which rule.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::analyze::{Fan, Observed, Outcome, Path, compared};
use crate::extension::Verdict;
use crate::ruleset::{ChainId, RuleId, Ruleset};
use crate::walk::Action;

use super::account::Account;
use super::group::Connection;

/// What was counted so far, of one ruleset.
#[derive(Debug, Default)]
pub struct Tally {
    /// Connections.
    pub connections: u64,
    /// Those that kernel and prediction part at.
    pub parted: u64,
    /// The line of the first of those.
    pub first_parted: Option<u64>,
    /// How they ended: an outcome with a count.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// What did not arrive, by what ended its way.
    pub lost: BTreeMap<Lost, u64>,
    /// Endpoints taken, by the chain that draws them and the rule that rewrites.
    taken: BTreeMap<ChainId, BTreeMap<RuleId, u64>>,
    /// Connections of which the log does not tell the endpoint, by the chain that draws.
    untold: BTreeMap<ChainId, u64>,
}

/// What is counted of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// The line, among those of its first packet, where kernel and prediction part.
    parted: Option<usize>,
    outcome: Option<Outcome>,
    lost: Option<Lost>,
    /// The chain that draws, and the rule that rewrites if the log tells which.
    taken: Option<(ChainId, Option<RuleId>)>,
}

impl Count {
    /// What is counted of a connection that was laid beside the rules.
    pub fn of(account: &Account) -> Self {
        let path = account.path();
        let taken = path.and_then(|path| {
            let rule = path.dnat.as_ref()?.rule;
            Some((drawn_in(path, rule), (account.ways <= 1).then_some(rule)))
        });
        Self {
            parted: account.parting.as_ref().map(|parting| parting.record),
            outcome: path.map(Path::outcome),
            lost: path.and_then(lost),
            taken,
        }
    }
}

/// What ends the way of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lost {
    /// A rule.
    Rule(RuleId),
    /// The policy of a chain.
    Policy(ChainId),
    /// Something other than a rule, in words.
    Otherwise(&'static str),
}

/// The endpoints of one chain that draws, with how many connections took each.
#[derive(Debug)]
pub struct Taken {
    /// The fan that the chain is.
    pub fan: Fan,
    /// Connections by endpoint, and whether they are what the shares let expect.
    pub observed: Observed,
    /// Connections of which the log does not tell the endpoint.
    pub untold: u64,
    /// Connections that took an endpoint which is none of the fan's.
    pub others: Vec<(Option<IpAddr>, u64)>,
}

impl Tally {
    /// Counts a connection.
    pub fn add(&mut self, count: Count, connection: &Connection) {
        self.connections += 1;
        let Count { parted, outcome, lost, taken } = count;
        if let Some(record) = parted {
            self.parted += 1;
            let line = connection.first.get(record).map(|record| record.line);
            self.first_parted = [self.first_parted, line].into_iter().flatten().min();
            return;
        }
        if let Some(outcome) = outcome {
            *self.outcomes.entry(outcome).or_default() += 1;
        }
        if let Some(lost) = lost {
            *self.lost.entry(lost).or_default() += 1;
        }
        match taken {
            Some((chain, Some(rule))) => *self.taken.entry(chain).or_default().entry(rule).or_default() += 1,
            Some((chain, None)) => *self.untold.entry(chain).or_default() += 1,
            None => {}
        }
    }

    /// What each chain that draws gave its endpoints, in the order of the dump.
    pub fn taken(&self, ruleset: &Ruleset<'_>) -> Vec<Taken> {
        let mut chains: Vec<ChainId> = self.taken.keys().chain(self.untold.keys()).copied().collect();
        chains.sort();
        chains.dedup();
        chains.into_iter().map(|chain| self.taken_in(ruleset, chain)).collect()
    }

    fn taken_in(&self, ruleset: &Ruleset<'_>, chain: ChainId) -> Taken {
        let fan = Fan::of_chain(ruleset, chain);
        let none = BTreeMap::new();
        let by_rule = self.taken.get(&chain).unwrap_or(&none);
        let count = |rule: &RuleId| by_rule.get(rule).copied().unwrap_or(0);
        let counts = fan.endpoints.iter().map(|endpoint| count(&endpoint.rewritten_by)).collect();
        let known = |rule: &RuleId| fan.endpoints.iter().any(|endpoint| endpoint.rewritten_by == *rule);
        let others = by_rule.iter().filter(|(rule, _)| !known(rule)).map(|(_, count)| (None, *count)).collect();
        let observed = compared(&fan, counts);
        Taken { observed, fan, untold: self.untold.get(&chain).copied().unwrap_or(0), others }
    }
}

/// The chain that draws an endpoint: the one that leads to the chain of the rule that rewrites.
fn drawn_in(path: &Path, rewrites: RuleId) -> ChainId {
    let leads = |action: &Action| matches!(action, Action::Jump(to) | Action::Goto(to) if *to == rewrites.chain);
    let step = path.steps.iter().find(|step| leads(&step.action));
    step.map_or(rewrites.chain, |step| step.chain)
}

fn lost(path: &Path) -> Option<Lost> {
    if !matches!(path.outcome(), Outcome::Dropped | Outcome::Rejected) {
        return None;
    }
    if let Verdict::Lost(reason) = path.verdict {
        return Some(Lost::Otherwise(reason));
    }
    let last = path.steps.last()?;
    Some(last.rule.map_or(Lost::Policy(last.chain), Lost::Rule))
}
