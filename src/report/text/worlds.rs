//! The worlds in which the answer is another.

use crate::analyze::{Answer, Outcome, Path, Why, WhySource, WorldAnswer};
use crate::logic::{Assumed, Grounds, Unknown};
use crate::report::facts::{Said, condensed};
use crate::report::{Safe, Subject, words};

use super::Detail;
use super::headline::{ends, tone};
use super::page::{Page, piece, plain};
use super::paint::Tone;

/// Worlds shown one by one unless everything is asked for.
const SHOWN: usize = 8;

/// The worlds of an answer that has no default: which one holds is what the answer depends on.
pub(super) fn write_defaults(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>) {
    let mut defaults = answer.worlds.iter().filter(|world| world.default);
    let Some(first) = defaults.next() else { return };
    for world in defaults.take(SHOWN) {
        let words = format!("{} if {}", what(first, world, subject), cases(world, answer));
        page.items(&plain(" "), 2, &[words]);
    }
    page.items(&plain(" "), 2, &[format!("otherwise {}", own(first, subject))]);
}

/// The other worlds.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>, detail: Detail) {
    let Some((first, others)) = answer.worlds.split_first() else { return };
    let all = detail == Detail::All;
    let others: Vec<_> = others.iter().filter(|world| all || !is_told_already(world, answer)).collect();
    if others.is_empty() && answer.unexplored == 0 {
        return;
    }
    page.gap();
    page.line(&[piece(Tone::Strong, "otherwise")]);
    let shown = if all { others.len() } else { SHOWN.min(others.len()) };
    for world in others.iter().take(shown) {
        page.items(&plain("  if"), 5, &[cases(world, answer)]);
        let tone = if world.outcome == first.outcome { Tone::Plain } else { tone(world.outcome) };
        page.items_in(&plain("     "), 5, tone, &[what(first, world, subject)]);
    }
    let more = others.len() - shown + answer.unexplored;
    if more > 0 {
        page.line(&[piece(Tone::Faint, format!("  {more} more cases (--all)"))]);
    }
}

/// What a world supposes, with the other ways to get there.
fn cases(world: &WorldAnswer, answer: &Answer) -> String {
    let mut said = supposed(&world.assumptions, answer);
    let mut others = 0;
    for also in &world.also {
        let also = supposed(also, answer);
        let joined = match (said.as_mut_slice(), also.as_slice()) {
            ([one], [other]) => one.or(other),
            _ => false,
        };
        others += usize::from(!joined);
    }
    let words = said.iter().map(|said| Safe(&said.text()).to_string()).collect::<Vec<_>>().join(", and ");
    match others {
        0 => words,
        1 => format!("{words} (or in 1 other case)"),
        n => format!("{words} (or in {n} other cases)"),
    }
}

/// The suppositions that say something: those that differ from the default, or hold where there is none.
fn supposed(assumptions: &[Assumed], answer: &Answer) -> Vec<Said> {
    let differs = |assumed: &&Assumed| {
        let usual = assumed.fact.default.is_some_and(|presumed| presumed.answer);
        assumed.grounds == Grounds::Supposed && assumed.answer != usual
    };
    condensed(assumptions.iter().filter(differs), answer.asked.family)
}

/// A client that is an endpoint stands in the table of endpoints, one that is remembered under affinity, and the worlds
/// of an answer without default in its first lines.
fn is_told_already(world: &WorldAnswer, answer: &Answer) -> bool {
    let hairpin = world.paths.iter().any(|path| matches!(path.why, Some(Why { source: WhySource::Hairpin, .. })));
    let remembered = world.assumptions.iter().any(|assumed| {
        assumed.answer && matches!(&assumed.fact.about, Unknown::Named(name) if name.starts_with("recent:KUBE-SEP-"))
    });
    let first = world.default && answer.outcome == Outcome::Undetermined;
    first || (world.outcome == answer.outcome && (hairpin || remembered))
}

/// What happens in a world, seen alone.
fn own(world: &WorldAnswer, subject: &Subject<'_, '_>) -> String {
    match world.paths.iter().find(|path| path.outcome() != Outcome::Delivered) {
        Some(path) if world.outcome == Outcome::Mixed => format!("mixed: some are {}", ends(path, subject)),
        Some(path) => ends(path, subject),
        None => "delivered".into(),
    }
}

/// What happens in a world, compared to the first.
fn what(first: &WorldAnswer, world: &WorldAnswer, subject: &Subject<'_, '_>) -> String {
    if world.outcome != Outcome::Delivered {
        return own(world, subject);
    }
    let mut said = Vec::new();
    if world.outcome != first.outcome {
        said.push("delivered".to_owned());
    }
    let (before, after) = (destinations(first), destinations(world));
    if before != after {
        said.push(match after.as_slice() {
            [Some(one)] => format!("always {one}"),
            [None] => "its destination is not rewritten".into(),
            several => format!("{} endpoints instead of {}", several.len(), before.len()),
        });
    }
    said.extend(source(first, world, subject));
    if said.is_empty() { "other shares".into() } else { said.join(", ") }
}

fn destinations(world: &WorldAnswer) -> Vec<Option<String>> {
    let destination = |path: &Path| path.dnat.as_ref().map(|_| words::endpoint(&path.packet.dst, &path.packet.dport));
    let mut all: Vec<_> = world.paths.iter().map(destination).collect();
    all.sort();
    all.dedup();
    all
}

/// How the source fares, if it fares otherwise than in the first world.
fn source(first: &WorldAnswer, world: &WorldAnswer, subject: &Subject<'_, '_>) -> Option<String> {
    let rewritten = |world: &WorldAnswer| world.paths.iter().filter(|path| path.snat.is_some()).count();
    let (before, after, all) = (rewritten(first), rewritten(world), world.paths.len());
    let fares = |count: usize, all: usize| (count == 0, count == all);
    if fares(before, first.paths.len()) == fares(after, all) {
        return None;
    }
    let why = world.paths.iter().find_map(|path| path.why).map(|why| format!(" ({})", words::why(why, subject)));
    let why = why.unwrap_or_default();
    Some(match after {
        0 => "source kept".into(),
        every if every == all => format!("source rewritten{why}"),
        some => format!("source rewritten on {some} of {all} ways{why}"),
    })
}
