//! The way of the packet, table by table; where it parts, a branch for each part.

mod branch;
mod visit;

use crate::analyze::{Answer, Outcome, Path, rules_tried};
use crate::packet::CtState;
use crate::report::{Safe, Subject, words};

use super::Detail;
use super::page::{Page, piece, plain};
use super::paint::Tone;
pub(super) use branch::Writer;
pub(super) use visit::does_something;

/// The way in the first world.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>, detail: Detail) {
    let Some(world) = answer.worlds.first() else { return };
    let visits = visit::visits(&world.paths);
    if visits.is_empty() {
        return;
    }
    page.gap();
    page.line_at(&[piece(Tone::Strong, "way")], &Safe(&subject.source.name()).to_string());
    let writer = Writer { subject, all: detail == Detail::All, paths: world.paths.len() };
    let (told, passed): (Vec<_>, Vec<_>) = visits.iter().partition(|visit| writer.all || writer.matters(visit));
    for (number, visit) in (1..).zip(told) {
        writer.visit(page, number, visit);
    }
    if !passed.is_empty() {
        let names: Vec<_> = passed.iter().map(|visit| subject.chain_of(visit.table, visit.hook.as_str())).collect();
        page.items_in(&plain("  "), 3, Tone::Faint, &[format!("nothing happens in {}", names.join(", "))]);
    }
    page.items_in(&plain("  "), 3, Tone::Faint, &[cost(&world.paths, subject)]);
    if let Some(note) = instead_of_nat(answer.asked.given_state) {
        page.items_in(&plain("  "), 3, Tone::Faint, &[note.to_owned()]);
    }
    if let Some(reply) = reply(answer, &world.paths) {
        page.items(&piece(Tone::Strong, "reply"), 7, &[reply]);
    }
}

/// What the ways cost the kernel.
fn cost(paths: &[Path], subject: &Subject<'_, '_>) -> String {
    let tried = || paths.iter().map(|path| rules_tried(subject.ruleset, &path.steps));
    let (least, most) = (tried().min().unwrap_or_default(), tried().max().unwrap_or_default());
    match (least, most) {
        (0 | 1, 1) => "the kernel tries 1 rule".to_owned(),
        _ if least == most => format!("the kernel tries {most} rules"),
        _ => format!("the kernel tries {least} to {most} rules"),
    }
}

/// What comes in place of the nat table, which only first packets meet.
const fn instead_of_nat(state: Option<CtState>) -> Option<&'static str> {
    match state {
        Some(CtState::Established) => {
            Some("nat is not asked: conntrack does to it what nat did to its connection's first packet")
        }
        Some(CtState::Invalid | CtState::Untracked) => Some("nat is not asked: it belongs to no connection"),
        Some(CtState::New | CtState::Related) | None => None,
    }
}

/// What the client sees of the answer.
fn reply(answer: &Answer, paths: &[Path]) -> Option<String> {
    let path = paths.iter().find(|path| path.dnat.is_some() && path.outcome() == Outcome::Delivered)?;
    let endpoint = words::endpoint(&path.packet.dst, &path.packet.dport);
    let asked = words::endpoint(&answer.asked.dst, &answer.asked.dport);
    let others = if paths.len() > 1 { " (or another)" } else { "" };
    let way = if path.snat.is_some() { "by way of this host, " } else { "" };
    Some(format!("{endpoint}{others} -> client, {way}seen by the client as {asked} (conntrack)"))
}
