//! What else could be: affinity, and the worlds in which the answer is another.

use crate::analyze::{Answer, Outcome, Path, Why, WhySource, WorldAnswer};
use crate::logic::{Assumed, Grounds, Unknown};
use crate::report::{Safe, Subject, words};

use super::Detail;
use super::headline::{ends, tone};
use super::page::{Page, piece, plain};
use super::paint::Tone;

/// Worlds shown one by one unless everything is asked for.
const SHOWN: usize = 8;

/// Affinity, then the other worlds.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>, detail: Detail) {
    affinity(page, answer);
    let Some((default, others)) = answer.worlds.split_first() else { return };
    let others: Vec<_> = others.iter().filter(|world| detail == Detail::All || !is_told_already(world)).collect();
    if others.is_empty() {
        return;
    }
    page.gap();
    page.line(&[piece(Tone::Strong, "otherwise")]);
    let shown = if detail == Detail::All { others.len() } else { SHOWN.min(others.len()) };
    for world in others.iter().take(shown) {
        let supposed = world.assumptions.iter().filter(|assumed| assumed.grounds == Grounds::Supposed);
        let supposed: Vec<_> = unusual(supposed).map(|assumed| told(assumed, answer)).collect();
        let more =
            if world.also.is_empty() { String::new() } else { format!(" (or {} other cases)", world.also.len()) };
        page.items(&plain("  if"), 5, &[format!("{}{more}:", supposed.join(", and "))]);
        page.line(&[plain("       "), piece(tone(world.outcome), difference(default, world, subject))]);
    }
    let more = others.len() - shown + answer.unexplored;
    if more > 0 {
        page.line(&[piece(Tone::Faint, format!("  {more} more cases (--all)"))]);
    }
}

/// The answers that say something: those that hold, and those without which nothing would be said.
fn unusual<'a>(supposed: impl Iterator<Item = &'a Assumed>) -> impl Iterator<Item = &'a Assumed> {
    let all: Vec<_> = supposed.collect();
    let differing = all.iter().any(|assumed| differs(assumed));
    all.into_iter().filter(move |assumed| !differing || differs(assumed))
}

fn differs(assumed: &Assumed) -> bool {
    assumed.fact.default.map_or(assumed.answer, |presumed| presumed.answer != assumed.answer)
}

fn told(assumed: &Assumed, answer: &Answer) -> String {
    Safe(&words::fact(&assumed.fact, assumed.answer, answer.asked.family)).to_string()
}

/// A client that is an endpoint stands in the table of endpoints; one that is remembered stands under affinity.
fn is_told_already(world: &WorldAnswer) -> bool {
    let hairpin = world.paths.iter().any(|path| matches!(path.why, Some(Why { source: WhySource::Hairpin, .. })));
    let remembered = world.assumptions.iter().any(|assumed| {
        assumed.answer && matches!(&assumed.fact.about, Unknown::Named(name) if name.starts_with("recent:KUBE-SEP-"))
    });
    world.outcome == Outcome::Delivered && (hairpin || remembered)
}

/// What is otherwise in this world.
fn difference(default: &WorldAnswer, world: &WorldAnswer, subject: &Subject<'_, '_>) -> String {
    let failing = world.paths.iter().find(|path| path.outcome() != Outcome::Delivered);
    if let (true, Some(path)) = (world.outcome != default.outcome || world.outcome != Outcome::Delivered, failing) {
        return format!("{}: {}", world.outcome.as_str(), ends(path, subject));
    }
    let mut said = Vec::new();
    if world.outcome != default.outcome {
        said.push(world.outcome.as_str().to_owned());
    }
    let (before, after) = (destinations(default), destinations(world));
    if before != after {
        said.push(match after.as_slice() {
            [Some(one)] => format!("always {one}"),
            [None] => "its destination is not rewritten".into(),
            several => format!("{} endpoints instead of {}", several.len(), before.len()),
        });
    }
    if let Some(source) = source(default, world, subject) {
        said.push(source);
    }
    if said.is_empty() { "shares differ".into() } else { said.join(", ") }
}

fn destinations(world: &WorldAnswer) -> Vec<Option<String>> {
    let destination = |path: &Path| path.dnat.as_ref().map(|_| words::endpoint(&path.packet.dst, &path.packet.dport));
    let mut all: Vec<_> = world.paths.iter().map(destination).collect();
    all.sort();
    all.dedup();
    all
}

fn source(default: &WorldAnswer, world: &WorldAnswer, subject: &Subject<'_, '_>) -> Option<String> {
    let rewritten = |world: &WorldAnswer| world.paths.iter().filter(|path| path.snat.is_some()).count();
    let (before, after) = (rewritten(default), rewritten(world));
    let why = world.paths.iter().find_map(|path| path.why).map(|why| format!(" ({})", words::why(why, subject)));
    match after {
        _ if (before == 0) == (after == 0) && (before == default.paths.len()) == (after == world.paths.len()) => None,
        0 => Some("source kept".into()),
        all if all == world.paths.len() => Some(format!("source rewritten{}", why.unwrap_or_default())),
        some => Some(format!("source rewritten on {some} of {} ways{}", world.paths.len(), why.unwrap_or_default())),
    }
}

/// What a new, a returning and an expired client see.
fn affinity(page: &mut Page, answer: &Answer) {
    let Some(affinity) = answer.affinity else { return };
    let time = duration(affinity.seconds);
    page.gap();
    page.line(&[
        piece(Tone::Strong, "affinity"),
        plain(format!("  by client address, as this node sees it, for {time}")),
    ]);
    for (client, sees) in [
        ("new", "drawn as above, then remembered with its endpoint".to_owned()),
        ("returning", format!("the endpoint that remembers it, whose {time} start again with each connection")),
        ("expired", format!("drawn anew, {time} after its last new connection")),
    ] {
        page.items(&plain(format!("  {client}")), 13, &[sees]);
    }
    let lists = affinity.lists;
    page.items(
        &plain("  lists"),
        13,
        &[format!(
            "{lists}, one for each endpoint; the first that remembers the client wins; each holds 100 addresses unless \
             xt_recent's ip_list_tot says otherwise, then forgets the oldest"
        )],
    );
}

/// `10800 s (3 h)`; without end where a rule names no time.
pub(super) fn duration(seconds: Option<u32>) -> String {
    match seconds {
        None => "ever".into(),
        Some(seconds) if seconds >= 3600 && seconds % 3600 == 0 => format!("{seconds} s ({} h)", seconds / 3600),
        Some(seconds) if seconds >= 60 && seconds % 60 == 0 => format!("{seconds} s ({} min)", seconds / 60),
        Some(seconds) => format!("{seconds} s"),
    }
}
