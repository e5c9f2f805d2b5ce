//! One finding for each cause: the lint that knows more of it is heard, the general one is not.

use crate::save::TableName;

use super::findings::Found;
use super::run::{Checked, Skipped};

/// Lints that say better what those about reachability say of the same lines.
const SPECIFIC: [&str; 11] =
    ["KPT203", "KPT302", "KPT402", "KPT408", "KPT410", "KPT503", "KPT504", "KPT505", "KPT601", "KPT606", "KPT804"];
/// Lints about rules that are not reached.
const REACHABILITY: [&str; 4] = ["KPT101", "KPT102", "KPT103", "KPT105"];
/// Lints about a table that is not what its host has.
const DAMAGE: [&str; 3] = ["KPT001", "KPT002", "KPT003"];

/// Takes out what another finding says better.
pub(super) fn keep(checked: &mut Checked) {
    let specific: Vec<(u32, Vec<u32>)> = of(&checked.found, &SPECIFIC).map(lines).collect();
    let damaged: Vec<(&'static str, TableName)> =
        of(&checked.found, &DAMAGE).filter_map(|found| Some((found.lint.code, found.table?))).collect();
    let is_said = |found: &Found| {
        REACHABILITY.contains(&found.lint.code) && specific.iter().any(|said| share(&lines(found), said))
    };
    let is_damaged = |found: &Found| {
        let table = found.table.filter(|_| !DAMAGE.contains(&found.lint.code));
        damaged.iter().find(|(_, of)| Some(*of) == table).copied()
    };
    let mut skipped: Vec<Skipped> = Vec::new();
    checked.found.retain(|found| {
        let Some((code, table)) = is_damaged(found) else { return !is_said(found) };
        if !skipped.iter().any(|skipped| skipped.lint == found.lint) {
            skipped.push(Skipped { lint: found.lint, why: format!("the {table} table is damaged ({code})") });
        }
        false
    });
    checked.skipped.extend(skipped);
}

fn of<'f>(found: &'f [Found], codes: &'f [&str]) -> impl Iterator<Item = &'f Found> {
    found.iter().filter(move |found| codes.contains(&found.lint.code))
}

/// The line of a finding and those of its causes.
fn lines(found: &Found) -> (u32, Vec<u32>) {
    (found.line.unwrap_or(0), found.causes.clone())
}

/// Are they about the same pair of lines, whichever of the two is the place and whichever the cause? Where one names no
/// cause, its place decides.
fn share(one: &(u32, Vec<u32>), other: &(u32, Vec<u32>)) -> bool {
    let all = |(line, causes): &(u32, Vec<u32>)| [*line].into_iter().chain(causes.iter().copied()).collect::<Vec<_>>();
    let (one, other) = (all(one), all(other));
    let common = one.iter().filter(|line| **line > 0 && other.contains(line)).count();
    common >= one.len().min(other.len()).min(2)
}
