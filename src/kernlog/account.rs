//! One connection beside the prediction: the world and the path that the kernel's lines show, what they prove, what is
//! inferred between them, and where they part.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::analyze::{self, Answer, Path, WorldAnswer, every_world};
use crate::logic::{Assumed, Grounds};
use crate::packet::Host;
use crate::ruleset::ChainId;
use crate::save::Hook;
use crate::walk::Limits;

use super::align::{Along, Difference, Fit, Placed};
use super::asked::{Question, Sight, questions, sights};
use super::chart::{Chart, Spot};
use super::follow::gaps;
use super::group::Connection;

/// How far to look for a world that fits where no usual one does.
const WIDE: Limits = Limits { contradictions: 3, far_fetched: true, worlds: 512, ends: 4096, work: 2_000_000 };

/// What is known beside the log.
#[derive(Debug)]
pub struct Beside<'a> {
    /// The host.
    pub host: &'a Host,
    /// Facts that the user answered, by name.
    pub named: &'a BTreeMap<String, bool>,
}

/// A connection beside the prediction.
#[derive(Debug)]
pub struct Account {
    /// The packet that the log shows first, with the one world and the one path that fit, or fit longest.
    pub answer: Answer,
    /// What we would have assumed otherwise.
    pub corrected: Vec<Assumed>,
    /// The endpoints that fit as well; one if the log, or the rules, tell which.
    pub ways: usize,
    /// The steps and lines, in order.
    pub rows: Vec<Row>,
    /// Where kernel and prediction part.
    pub parting: Option<Parting>,
}

impl Account {
    /// The path that was chosen.
    pub fn path(&self) -> Option<&Path> {
        self.answer.worlds.first()?.paths.first()
    }

    /// The endpoint that the connection took, if the log tells.
    pub fn endpoint(&self) -> Option<(IpAddr, Option<u16>)> {
        let path = self.path().filter(|path| path.dnat.is_some() && self.ways == 1 && self.parting.is_none())?;
        Some((*path.packet.dst.known()?, path.packet.dport.known().copied()))
    }
}

/// A predicted step, a line of the log, or both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// A step of the path, and the line that shows it.
    Step(usize, Option<usize>),
    /// A line between two steps: where it was written, and the step before which it stands.
    Line(Line),
}

/// A line that is about no step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place among the lines of the packet.
    pub record: usize,
    /// Where it was written.
    pub spot: Spot,
    /// The chain that the packet was in, if the dump has it.
    pub chain: Option<ChainId>,
    /// The hook.
    pub hook: Option<Hook>,
}

/// Where kernel and prediction part.
#[derive(Debug)]
pub struct Parting {
    /// The line.
    pub record: usize,
    /// Where it was written.
    pub spot: Spot,
    /// The step that is predicted there; none if the path is at its end.
    pub expected: Option<usize>,
    /// How they differ.
    pub difference: Difference,
    /// The lines behind it.
    pub rest: Vec<(usize, Spot)>,
}

/// Lays the lines of a connection beside the prediction. `None` if no line shows a packet.
pub fn account(chart: &Chart<'_, '_>, beside: &Beside<'_>, connection: &Connection) -> Option<Account> {
    let forwards = sights(chart, &connection.first);
    let best = attempt(chart, beside, &forwards)?;
    if best.parting.is_none() {
        return Some(best);
    }
    // The log may have been read from its end.
    let backwards: Vec<Sight<'_>> = forwards.iter().rev().cloned().collect();
    let other = attempt(chart, beside, &backwards).filter(|other| other.parting.is_none());
    Some(other.unwrap_or(best))
}

/// A path of a world that lines were laid along.
struct Candidate {
    question: Question,
    world: WorldAnswer,
    path: usize,
    fit: Fit,
    ways: usize,
}

impl Candidate {
    /// What fits better is more.
    fn rank(&self) -> (bool, usize, bool, isize) {
        (self.fit.parted.is_none(), self.fit.placed.len(), self.world.default, -self.fit.silent.cast_signed())
    }
}

fn attempt(chart: &Chart<'_, '_>, beside: &Beside<'_>, sights: &[Sight<'_>]) -> Option<Account> {
    let mut best: Option<Candidate> = None;
    for question in questions(sights, beside.host, beside.named) {
        let fits = |best: &Option<Candidate>| best.as_ref().is_some_and(|best| best.fit.parted.is_none());
        best = [best, best_world(chart, &question, Limits::NEAR, sights)].into_iter().flatten().reduce(better);
        if !fits(&best) && chart.may_search() {
            best = [best, best_world(chart, &question, WIDE, sights)].into_iter().flatten().reduce(better);
        }
        if fits(&best) {
            break;
        }
    }
    best.map(|best| read(chart, best, sights))
}

/// The first of those that fit best.
fn better(one: Candidate, other: Candidate) -> Candidate {
    if other.rank() > one.rank() { other } else { one }
}

fn best_world(chart: &Chart<'_, '_>, question: &Question, limits: Limits, sights: &[Sight<'_>]) -> Option<Candidate> {
    let Question { packet, host, given } = question;
    let worlds = every_world(chart.ruleset, host, packet, given.clone(), limits);
    let mut best: Option<Candidate> = None;
    for world in worlds.worlds {
        let fits: Vec<Fit> =
            world.paths.iter().map(|path| lay(chart, question, &worlds.host, &world, path, sights)).collect();
        let rank = |fit: &Fit| (fit.parted.is_none(), fit.placed.len(), -fit.silent.cast_signed());
        let Some(most) = fits.iter().map(rank).max() else { continue };
        let mut endpoints: Vec<_> = fits
            .iter()
            .zip(&world.paths)
            .filter(|(fit, _)| rank(fit) == most)
            .map(|(_, path)| (path.packet.dst.clone(), path.packet.dport.clone()))
            .collect();
        endpoints.sort();
        endpoints.dedup();
        let ways = endpoints.len();
        let Some((path, fit)) = fits.into_iter().enumerate().find(|(_, fit)| rank(fit) == most) else { continue };
        let found = Candidate { question: question.clone(), world, path, fit, ways };
        best = Some(match best {
            Some(best) => better(best, found),
            None => found,
        });
        if best.as_ref().is_some_and(|best| best.fit.parted.is_none()) {
            break;
        }
    }
    best
}

fn lay(
    chart: &Chart<'_, '_>,
    question: &Question,
    host: &Host,
    world: &WorldAnswer,
    path: &Path,
    sights: &[Sight<'_>],
) -> Fit {
    let gaps = gaps(chart.ruleset, host, &world.assumptions, &question.packet, path);
    Along { ruleset: chart.ruleset, steps: &path.steps, gaps: &gaps }.lay(sights)
}

/// The chosen path with its lines.
fn read(chart: &Chart<'_, '_>, best: Candidate, sights: &[Sight<'_>]) -> Account {
    let Candidate { question, mut world, path, fit, ways } = best;
    let entry = analyze::entry(chart.ruleset, &question.packet, std::slice::from_ref(&world));
    let path = world.paths.swap_remove(path);
    let spot =
        |record: usize| sights.iter().find(|sight| sight.at == record).map_or(Spot::Unknown, |it| (*it.spot).clone());
    let mut rows = Vec::new();
    let mut placed = fit.placed.iter().peekable();
    for at in 0..=path.steps.len() {
        let mut shown = None;
        while let Some(here) = placed.next_if(|placed| placed.gap == at) {
            if here.is_step {
                shown = Some(here.record);
            } else {
                rows.push(Row::Line(line(&path, here, spot(here.record))));
            }
        }
        if at < path.steps.len() {
            rows.push(Row::Step(at, shown));
        }
    }
    let parting = fit.parted.map(|parted| {
        let later = sights.iter().skip_while(|sight| sight.at != parted.record).skip(1);
        Parting {
            record: parted.record,
            spot: spot(parted.record),
            expected: Some(parted.expected).filter(|expected| *expected < path.steps.len()),
            difference: parted.difference,
            rest: later.map(|sight| (sight.at, (*sight.spot).clone())).collect(),
        }
    });
    let corrected = world.assumptions.iter().filter(|assumed| is_corrected(assumed)).cloned().collect();
    let outcome = path.outcome();
    let affinity = None;
    let worlds = vec![WorldAnswer { paths: vec![path], outcome, ..world }];
    let answer = Answer { asked: question.packet, entry, outcome, worlds, affinity, moot: Vec::new(), unexplored: 0 };
    Account { answer, corrected, ways, rows, parting }
}

/// A line between two steps. It belongs to the next one if it was written in that one's chain.
fn line(path: &Path, placed: &Placed, spot: Spot) -> Line {
    let next = path.steps.get(placed.gap).filter(|step| placed.chain.is_none_or(|chain| chain == step.chain));
    let last = placed.gap.checked_sub(1).and_then(|last| path.steps.get(last));
    let hook = match &spot {
        Spot::Passed(_, hook) => Some(*hook),
        _ => next.or(last).map(|step| step.hook),
    };
    Line { record: placed.record, spot, chain: placed.chain, hook }
}

/// Does it contradict what is taken if nobody says?
fn is_corrected(assumed: &Assumed) -> bool {
    let other = assumed.fact.default.is_none_or(|presumed| presumed.answer != assumed.answer);
    assumed.grounds == Grounds::Supposed && other
}
