//! Dumps of one family and backend, which stand apart in the input, put together.

use crate::diagnostic::{Code, Diagnostic};

use super::document::{Document, Family};
use super::notices::Notices;

/// How far into a dump its family is looked for, in bytes.
const LOOKED_AT: usize = 1 << 20;

/// Joins dumps of one family and backend. A table that stands a second time replaces the first, as in the kernel.
pub(super) fn merged<'t>(documents: Vec<Document<'t>>, notices: &mut Notices) -> Vec<Document<'t>> {
    let mut merged: Vec<Document<'t>> = Vec::new();
    for mut document in documents {
        let last = merged.last().and_then(|last| last.family);
        let family = document.family.or_else(|| guessed(&document)).or(last).unwrap_or(Family::V4);
        document.family = Some(family);
        let is_same = |other: &Document<'_>| {
            let either = other.backend.is_none() || document.backend.is_none();
            other.family == Some(family) && (either || other.backend == document.backend)
        };
        match merged.iter_mut().rev().find(|other| is_same(other)) {
            Some(other) => join(other, document, notices),
            None => merged.push(document),
        }
    }
    merged
}

fn join<'t>(document: &mut Document<'t>, more: Document<'t>, notices: &mut Notices) {
    document.backend = document.backend.or(more.backend);
    document.fragment |= more.fragment;
    for table in more.tables {
        if let Some(place) = document.tables.iter().position(|earlier| earlier.name == table.name) {
            document.tables.remove(place);
            let problem =
                Diagnostic::new(Code::RepeatedTable, format!("table `{}` stands here a second time", table.name));
            let problem = match table.header {
                Some(header) => problem.at(header, "this one replaces the first, as `iptables-restore` does it"),
                None => problem,
            };
            notices.tell(problem.help("if these are dumps of two hosts or moments, ask about one at a time"));
        }
        document.tables.push(table);
    }
}

/// The family that the words of a dump are of.
fn guessed(document: &Document<'_>) -> Option<Family> {
    const V6: [&str; 5] = ["/128 ", "icmp6", "ipv6-icmp", "::/0", "ip6tables"];
    const V4: [&str; 4] = ["/32 ", "0.0.0.0/0", "-p icmp ", "icmp-"];
    let end = (document.end as usize).min(document.start as usize + LOOKED_AT);
    let text = document.text.as_bytes().get(document.start as usize..end)?;
    let has = |signs: &[&str]| signs.iter().any(|sign| memchr::memmem::find(text, sign.as_bytes()).is_some());
    match (has(&V6), has(&V4)) {
        (true, _) => Some(Family::V6),
        (false, true) => Some(Family::V4),
        (false, false) => None,
    }
}
