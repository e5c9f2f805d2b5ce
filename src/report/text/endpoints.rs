//! The table of endpoints: who gets how much, and whose source is rewritten.

use std::collections::BTreeMap;

use crate::analyze::{Answer, Outcome, Path, Why, WhySource, WorldAnswer};
use crate::extension::{Unclear, Verdict};
use crate::logic::{Field, Grounds, Share, Unknown};
use crate::packet::FoundIn;
use crate::report::{Safe, Subject, facts, words};

use super::Detail;
use super::headline::tone;
use super::page::{Page, piece, plain};
use super::paint::Tone;
use super::shares::{BAR, bar, evenness, fraction, percent};

/// Endpoints shown one by one unless everything is asked for.
const SHOWN: usize = 12;

/// One endpoint of the default world.
struct Row<'p> {
    name: String,
    share: Share,
    path: &'p Path,
}

/// The endpoints of the default world.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>, detail: Detail) {
    let Some(world) = answer.worlds.first() else { return };
    let rows = rows(world);
    if rows.is_empty() {
        return;
    }
    page.items(&plain(""), 2, &summary(answer, &rows, subject));
    page.gap();
    let name = rows.iter().map(|row| row.name.len()).max().unwrap_or(0).max("endpoint".len());
    let bars = rows.len() > 1;
    let empty = if bars { format!("{:w$}", "", w = BAR + 2) } else { String::new() };
    page.line(&[piece(Tone::Faint, format!("  {:name$}  {:>9}  {:5}{empty}  SNAT", "endpoint", "share", ""))]);
    let shown = if detail == Detail::All { rows.len() } else { SHOWN.min(rows.len()) };
    let most = rows.iter().map(|row| row.share).fold(Share::NONE, |a, b| if a > b { a } else { b });
    for row in rows.iter().take(shown) {
        let tone = tone(row.path.outcome());
        let bar = if bars { format!("  {:BAR$}", bar(row.share, most)) } else { String::new() };
        page.line(&[
            plain("  "),
            piece(Tone::Name, format!("{:name$}", row.name)),
            plain(format!("  {:>9}  {:5}", percent(row.share), fraction(row.share))),
            piece(tone, bar),
            plain(format!("  {}", snat(answer, row))),
        ]);
    }
    if shown < rows.len() {
        let rest: Share = rows.iter().skip(shown).map(|row| row.share).sum();
        let more = format!("  {} more endpoints, {} together (--all)", rows.len() - shown, percent(rest));
        page.line(&[piece(Tone::Faint, more)]);
    }
}

/// Endpoints in the order of the draws; equal ones are one row. A chain that is missing where an endpoint should be is a
/// row too.
fn rows(world: &WorldAnswer) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut places: BTreeMap<(String, bool, Outcome), usize> = BTreeMap::new();
    for (name, path) in world.paths.iter().filter_map(|path| Some((name(path)?, path))) {
        let place = *places.entry((name.clone(), path.snat.is_some(), path.outcome())).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(row) => row.share = row.share.plus(path.share),
            None => rows.push(Row { name, share: path.share, path }),
        }
    }
    if rows.iter().any(|row| row.path.dnat.is_some()) { rows } else { Vec::new() }
}

fn name(path: &Path) -> Option<String> {
    match &path.verdict {
        _ if path.dnat.is_some() => Some(words::endpoint(&path.packet.dst, &path.packet.dport) + found(path)),
        Verdict::Undetermined(Unclear::Target(chain)) => Some(Safe(chain).to_string()),
        Verdict::Undetermined(Unclear::Lost(_, _, line)) => Some(format!("lost in line {line}")),
        _ => None,
    }
}

/// Where the address was found, if the rule has lost it.
fn found(path: &Path) -> &'static str {
    match path.dnat.as_ref().and_then(|dnat| dnat.found) {
        Some(FoundIn::ChainName) => " (by hash)",
        Some(FoundIn::Comment) => " (by comment)",
        None => "",
    }
}

/// How many, how even, and what else is the same for all.
fn summary(answer: &Answer, rows: &[Row<'_>], subject: &Subject<'_, '_>) -> Vec<String> {
    let mut items = vec![match rows.len() {
        1 => "1 endpoint".into(),
        n => format!("{n} endpoints"),
    }];
    if rows.len() > 1 {
        items.push(evenness(&rows.iter().map(|row| row.share).collect::<Vec<_>>()));
    }
    items.push(match answer.affinity {
        Some(affinity) => format!("affinity {}", super::affinity::duration(affinity.seconds)),
        None => "no affinity".into(),
    });
    let rewritten = rows.iter().filter(|row| row.path.snat.is_some()).count();
    let why = rows.iter().find_map(|row| row.path.why);
    match why.filter(|_| rewritten > 0) {
        Some(why) if rewritten == rows.len() => items.push(format!("source rewritten: {}", words::why(why, subject))),
        Some(why) => items.push(format!("source rewritten for {rewritten}: {}", words::why(why, subject))),
        None => items.push("source kept".into()),
    }
    items
}

/// Is the source of what this endpoint gets rewritten, and for which clients is it otherwise?
fn snat(answer: &Answer, row: &Row<'_>) -> String {
    if row.path.outcome() != Outcome::Delivered {
        return row.path.outcome().as_str().into();
    }
    let now = row.path.snat.is_some();
    let mut exceptions: Vec<String> = Vec::new();
    for world in answer.worlds.iter().skip(1) {
        let path = world.paths.iter().find(|path| name(path).as_ref() == Some(&row.name));
        let otherwise = path.filter(|path| path.snat.is_some() != now);
        let exception = otherwise.and_then(|path| match path.why {
            Some(Why { source: WhySource::Hairpin, .. }) => Some("itself".to_owned()),
            _ => client(world, answer),
        });
        exceptions.extend(exception.filter(|exception| !exceptions.contains(exception)));
    }
    let word = if now { "yes" } else { "no" };
    match exceptions.first() {
        None => word.into(),
        Some(first) => format!("{word} ({} for {first})", if now { "not" } else { "but" }),
    }
}

/// The clients that a world is about, if it says just one thing of them: what is nested in another exception is none.
fn client(world: &WorldAnswer, answer: &Answer) -> Option<String> {
    let supposed = world.assumptions.iter().filter(|assumed| assumed.grounds == Grounds::Supposed && assumed.answer);
    let client: Vec<_> = supposed.filter(|assumed| assumed.fact.about == Unknown::Field(Field::Src)).collect();
    match client.as_slice() {
        [only] => facts::clients(&only.fact, answer.asked.family),
        _ => None,
    }
}
