//! The lines of a packet along a predicted path: each takes its place behind the one before, as far as they fit.

use std::net::IpAddr;

use crate::extension::targets::Target;
use crate::packet::{CtState, Packet, Value};
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::save::{Hook, TableName};
use crate::walk::Step;

use super::asked::Sight;
use super::chart::{Missing, Spot};
use super::follow::Gap;
use super::record::Told;

/// Lines along a path.
#[derive(Debug)]
pub(super) struct Fit {
    /// The lines that have a place, in order.
    pub(super) placed: Vec<Placed>,
    /// Where they part.
    pub(super) parted: Option<Parted>,
    /// LOG rules on the path of which the log has no line.
    pub(super) silent: usize,
}

/// A line that has a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its place among the lines of the packet.
    pub(super) record: usize,
    /// The gap, or the step behind it.
    pub(super) gap: usize,
    /// It is about the step behind the gap.
    pub(super) is_step: bool,
    /// The chain that the packet was in.
    pub(super) chain: Option<ChainId>,
}

/// The first line that does not fit.
#[derive(Debug)]
pub(super) struct Parted {
    /// Its place among the lines of the packet.
    pub(super) record: usize,
    /// The step that is predicted there; behind the last one if the path is at its end.
    pub(super) expected: usize,
    pub(super) difference: Difference,
}

/// How kernel and prediction part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// The dump has no such chain or rule.
    Missing(Missing),
    /// It is there, but not on the predicted way.
    Elsewhere,
    /// A step that is predicted before it was not taken.
    Skipped,
    /// The destination is another: that of the kernel and the predicted one.
    Destination((IpAddr, Option<u16>), (IpAddr, Option<u16>)),
    /// The source is another.
    Source((IpAddr, Option<u16>), (IpAddr, Option<u16>)),
    /// The mark is another.
    Mark(u32, u32),
}

/// A path that lines are laid along.
pub(super) struct Along<'a, 't> {
    pub(super) ruleset: &'a Ruleset<'t>,
    pub(super) steps: &'a [Step],
    pub(super) gaps: &'a [Gap],
}

impl Along<'_, '_> {
    /// Gives each line its place, up to the first that has none.
    pub(super) fn lay(&self, sights: &[Sight<'_>]) -> Fit {
        let mut fit = Fit { placed: Vec::with_capacity(sights.len()), parted: None, silent: 0 };
        let (mut cursor, mut traced) = (0, false);
        for sight in sights {
            match self.place(sight, cursor, traced) {
                Ok((gap, is_step)) => {
                    fit.placed.push(Placed { record: sight.at, gap, is_step, chain: self.chain(gap, sight) });
                    cursor = gap + usize::from(is_step);
                    traced |= matches!(sight.record.told, Some(Told::Met(_)));
                }
                Err((expected, difference)) => {
                    fit.parted = Some(Parted { record: sight.at, expected, difference });
                    break;
                }
            }
        }
        fit.silent = self.silent(&fit, sights);
        fit
    }

    /// Where a line fits, from `cursor` on; otherwise the step that is predicted there and how they differ.
    fn place(&self, sight: &Sight<'_>, cursor: usize, traced: bool) -> Result<(usize, bool), (usize, Difference)> {
        if let Spot::Missing(missing) = &*sight.spot {
            return Err((cursor, Difference::Missing(*missing)));
        }
        let fits =
            |gap: usize| self.gaps.get(gap).map_or(Err(Difference::Elsewhere), |gap| compare(&gap.packet, sight));
        let mut there = (cursor..self.gaps.len()).filter_map(|gap| Some((gap, self.is_at(gap, cursor, sight)?)));
        let Some(first) = there.next() else { return Err((cursor, Difference::Elsewhere)) };
        let (gap, is_step) = match fits(first.0) {
            Ok(()) => first,
            Err(difference) => match there.find(|(gap, _)| fits(*gap).is_ok()) {
                Some(later) => later,
                None => return Err((first.0, difference)),
            },
        };
        // A trace shows every step.
        let is_trace = traced && matches!(sight.record.told, Some(Told::Met(_)));
        match (cursor..gap).find(|step| is_trace && is_step && self.is_told(*step)) {
            Some(skipped) => Err((skipped, Difference::Skipped)),
            None => Ok((gap, is_step)),
        }
    }

    /// Is a line about this gap? `Some(true)` if it is about the step behind it.
    fn is_at(&self, gap: usize, cursor: usize, sight: &Sight<'_>) -> Option<bool> {
        let step = self.steps.get(gap);
        let chains = &self.gaps.get(gap)?.chains;
        let between = |is: bool| is.then_some(false);
        match &*sight.spot {
            Spot::Rules(rules) => {
                let is_step = step.and_then(|step| step.rule).is_some_and(|rule| rules.contains(&rule));
                let idle =
                    |rule: &RuleId| self.is_idle(*rule) && chains.contains(&rule.chain) && !self.takes(*rule, cursor);
                is_step.then_some(true).or_else(|| between(rules.iter().any(idle)))
            }
            Spot::Policy(of) => {
                step.is_some_and(|step| step.rule.is_none() && of.contains(&step.chain)).then_some(true)
            }
            Spot::End(of) => between(chains.iter().any(|chain| of.contains(chain))),
            Spot::In(named) => between(chains.iter().any(|chain| named.is(self.ruleset, *chain))),
            Spot::Passed(table, hook) => between(self.passes(gap, *table, *hook)),
            Spot::Unknown => between(self.is_hook_of(gap, sight)),
            Spot::Missing(_) => None,
        }
    }

    /// The chain of a gap that a line was written in.
    fn chain(&self, gap: usize, sight: &Sight<'_>) -> Option<ChainId> {
        let is = |chain: &ChainId| match &*sight.spot {
            Spot::Rules(rules) => rules.iter().any(|rule| rule.chain == *chain),
            Spot::Policy(of) | Spot::End(of) => of.contains(chain),
            Spot::In(named) => named.is(self.ruleset, *chain),
            Spot::Passed(..) | Spot::Missing(_) | Spot::Unknown => false,
        };
        self.gaps.get(gap)?.chains.iter().rev().copied().find(is)
    }

    /// A rule that changes nothing may match without standing on the path: what it asks for may not be known.
    fn is_idle(&self, rule: RuleId) -> bool {
        self.ruleset.rule(rule).is_some_and(Rule::is_harmless)
    }

    /// Does the path take this rule further on?
    fn takes(&self, rule: RuleId, from: usize) -> bool {
        self.steps.iter().skip(from).any(|step| step.rule == Some(rule))
    }

    /// Does a trace tell of this step? It tells of one backend, and a draw of a rule that changes nothing is open.
    fn is_told(&self, step: usize) -> bool {
        self.steps.get(step).is_some_and(|step| {
            let open = step.chance.is_some() && step.rule.is_some_and(|rule| self.is_idle(rule));
            !self.ruleset.is_mixed() && !open
        })
    }

    /// Is a packet between these steps where a table, of which it shows nothing, would be asked?
    fn passes(&self, gap: usize, table: Option<TableName>, hook: Hook) -> bool {
        let wanted = (order(hook), table);
        let before = |step: &Step| earlier((order(step.hook), Some(step.chain.table.name)), wanted);
        let after = |step: &Step| earlier(wanted, (order(step.hook), Some(step.chain.table.name)));
        let last = gap.checked_sub(1).and_then(|last| self.steps.get(last));
        last.is_none_or(before) && self.steps.get(gap).is_none_or(after)
    }

    /// Do the interfaces of a line fit the hook of a gap?
    fn is_hook_of(&self, gap: usize, sight: &Sight<'_>) -> bool {
        let Some(step) = self.steps.get(gap) else { return true };
        match (sight.headers.input.is_empty(), sight.headers.output.is_empty()) {
            (false, true) => matches!(step.hook, Hook::Prerouting | Hook::Input),
            (true, false) => matches!(step.hook, Hook::Output | Hook::Postrouting),
            (false, false) => matches!(step.hook, Hook::Forward | Hook::Postrouting),
            (true, true) => true,
        }
    }

    /// How many LOG rules on the way have no line, though others have.
    fn silent(&self, fit: &Fit, sights: &[Sight<'_>]) -> usize {
        if !sights.iter().any(|sight| matches!(sight.record.told, Some(Told::Prefix(_)))) {
            return 0;
        }
        let logs = |step: &Step| {
            let rule = step.rule.and_then(|rule| self.ruleset.rule(rule));
            step.chance.is_none() && rule.is_some_and(|rule| matches!(rule.then, Then::Target(Target::Log(_))))
        };
        let seen = |at: usize| fit.placed.iter().any(|placed| placed.is_step && placed.gap == at);
        self.steps.iter().enumerate().filter(|(at, step)| logs(step) && !seen(*at)).count()
    }
}

const fn order(hook: Hook) -> u8 {
    match hook {
        Hook::Prerouting | Hook::Output => 0,
        Hook::Input | Hook::Forward => 1,
        Hook::Postrouting => 2,
    }
}

/// Does one table come before another, or is it that?
fn earlier(one: (u8, Option<TableName>), other: (u8, Option<TableName>)) -> bool {
    one.0 < other.0 || one.0 == other.0 && one.1.zip(other.1).is_none_or(|(one, other)| one <= other)
}

/// Is the packet what a line shows? What is not known may be anything.
fn compare(packet: &Packet, sight: &Sight<'_>) -> Result<(), Difference> {
    let headers = sight.headers;
    if let (Some(seen), Value::Known(mark)) = (sight.record.mark, &packet.mark)
        && seen != *mark
    {
        return Err(Difference::Mark(seen, *mark));
    }
    // nat follows an earlier packet without a rule.
    if packet.given_state == Some(CtState::Established) {
        return Ok(());
    }
    let same = |seen: (IpAddr, Option<u16>), (address, port): (&Value<IpAddr>, &Value<u16>)| {
        let address = address.known().copied().unwrap_or(seen.0);
        let port = port.known().copied().filter(|_| seen.1.is_some()).or(seen.1);
        if seen == (address, port) { Ok(()) } else { Err((seen, (address, port))) }
    };
    same((headers.dst, headers.dport), (&packet.dst, &packet.dport))
        .map_err(|(seen, predicted)| Difference::Destination(seen, predicted))?;
    same((headers.src, headers.sport), (&packet.src, &packet.sport))
        .map_err(|(seen, predicted)| Difference::Source(seen, predicted))
}
