//! The table of endpoints: who gets how much, and whose source is rewritten.

use std::collections::BTreeMap;

use crate::analyze::{Answer, Outcome, Path, Why, WhySource, WorldAnswer};
use crate::logic::{Field, Grounds, Set, Share, Unknown};
use crate::report::{Subject, words};

use super::Detail;
use super::headline::ends;
use super::page::{Page, piece, plain};
use super::paint::Tone;

/// Endpoints shown one by one unless everything is asked for.
const SHOWN: usize = 12;
/// Columns of a full bar.
const BAR: usize = 20;

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
    page.line(&[piece(Tone::Faint, format!("  {:name$}  {:>9}  {:BAR$}  SNAT", "endpoint", "share", ""))]);
    let shown = if detail == Detail::All { rows.len() } else { SHOWN.min(rows.len()) };
    let most = rows.iter().map(|row| row.share.get()).fold(0.0, f64::max);
    for row in rows.iter().take(shown) {
        page.line(&[
            plain("  "),
            piece(Tone::Name, format!("{:name$}", row.name)),
            plain(format!("  {:>9}  ", percent(row.share))),
            piece(tone(row.path), format!("{:BAR$}", bar(row.share, most))),
            plain(format!("  {}", snat(answer, row, subject))),
        ]);
    }
    if shown < rows.len() {
        let rest: Share = rows.iter().skip(shown).map(|row| row.share).sum();
        let more = rows.len() - shown;
        page.line(&[piece(
            Tone::Faint,
            format!("  {more} more endpoints, {} together (--all shows them)", percent(rest)),
        )]);
    }
}

/// Endpoints in the order of the draws; equal ones are one row.
fn rows(world: &WorldAnswer) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut places: BTreeMap<(String, bool, Outcome), usize> = BTreeMap::new();
    for path in world.paths.iter().filter(|path| path.dnat.is_some()) {
        let name = words::endpoint(&path.packet.dst, &path.packet.dport);
        let place = *places.entry((name.clone(), path.snat.is_some(), path.outcome())).or_insert(rows.len());
        match rows.get_mut(place) {
            Some(row) => row.share = row.share.plus(path.share),
            None => rows.push(Row { name, share: path.share, path }),
        }
    }
    rows
}

fn tone(path: &Path) -> Tone {
    super::headline::tone(path.outcome())
}

/// `33.333 %`
pub(super) fn percent(share: Share) -> String {
    format!("{:.3} %", share.get() * 100.0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "0 to 20 columns"
)]
fn bar(share: Share, most: f64) -> String {
    let columns = if most > 0.0 { (share.get() / most * BAR as f64).round() as usize } else { 0 };
    "█".repeat(columns.clamp(1, BAR))
}

/// How many, how even, and what else is the same for all.
fn summary(answer: &Answer, rows: &[Row<'_>], subject: &Subject<'_, '_>) -> Vec<String> {
    let mut items = vec![match rows.len() {
        1 => "1 endpoint".into(),
        n => format!("{n} endpoints"),
    }];
    if rows.len() > 1 {
        items.push(evenness(rows));
    }
    if let Some(affinity) = answer.affinity {
        items.push(format!("affinity: {}", super::worlds::duration(affinity.seconds)));
    }
    let rewritten: Vec<_> = rows.iter().filter(|row| row.path.snat.is_some()).collect();
    if rewritten.len() == rows.len() {
        let why = rows.first().and_then(|row| row.path.why).map(|why| format!(" ({})", words::why(why, subject)));
        items.push(format!("source rewritten{}", why.unwrap_or_default()));
    } else if rewritten.is_empty() {
        items.push("source kept".into());
    }
    items
}

/// Even, even up to how the kernel rounds, or not.
fn evenness(rows: &[Row<'_>]) -> String {
    let even = Share::one_of(u32::try_from(rows.len()).unwrap_or(u32::MAX)).get();
    let off = rows.iter().map(|row| (row.share.get() / even - 1.0).abs()).fold(0.0, f64::max);
    // kube-proxy writes 5 decimals up to 1.16 and 10 since; each rung multiplies what the ones before it leave.
    let rounding = 5e-6 / even * 2.0 + 1e-9;
    if off < 1e-12 {
        "exactly even".into()
    } else if off <= rounding {
        format!("even up to rounding (at most {:.1} ppm off)", off * 1e6)
    } else {
        format!("uneven: up to {:.1} % off an even share", off * 100.0)
    }
}

/// Is the source of what this endpoint gets rewritten, and when not as in the default world?
fn snat(answer: &Answer, row: &Row<'_>, subject: &Subject<'_, '_>) -> String {
    if row.path.outcome() != Outcome::Delivered {
        return ends(row.path, subject);
    }
    let now = row.path.snat.is_some();
    let mut exceptions = Vec::new();
    for world in answer.worlds.iter().skip(1) {
        let path = world.paths.iter().find(|path| words::endpoint(&path.packet.dst, &path.packet.dport) == row.name);
        let Some(path) = path.filter(|path| path.snat.is_some() != now) else { continue };
        let client = world.assumptions.iter().rev().find(|assumed| {
            assumed.grounds == Grounds::Supposed && assumed.answer && assumed.fact.about == Unknown::Field(Field::Src)
        });
        let Some(client) = client else { continue };
        let exception = match (path.why, &client.fact.within) {
            (Some(Why { source: WhySource::Hairpin, .. }), _) => "the client is this endpoint".into(),
            (_, Set::Values(_)) => words::fact(&client.fact, true, answer.asked.family),
            _ => continue,
        };
        if !exceptions.contains(&exception) {
            exceptions.push(exception);
        }
    }
    let word = if now { "yes" } else { "no" };
    match exceptions.as_slice() {
        [] => word.into(),
        [one] => format!("{word} (unless {one})"),
        [one, rest @ ..] => format!("{word} (unless {one}, and {} more)", rest.len()),
    }
}
