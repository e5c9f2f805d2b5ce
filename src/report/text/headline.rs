//! The first lines: the verdict, what it is about, and what was taken for granted.

use crate::analyze::{Answer, Outcome, Path};
use crate::extension::Verdict;
use crate::logic::{Assumed, Grounds};
use crate::packet::{Value, first_state};
use crate::report::{Safe, Subject, words};
use crate::save::TableName;
use crate::walk::{Goes, Step};

use super::page::{Page, Piece, piece, plain};
use super::paint::Tone;

/// The verdict, the packet and the Service; then what happens in one line.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>) {
    let mut first = vec![piece(tone(answer.outcome), answer.outcome.as_str().to_uppercase()), plain("  ")];
    first.push(piece(Tone::Strong, flow(answer)));
    let service = service(answer);
    let length: usize = first.iter().chain(&service).map(|piece| piece.text.chars().count()).sum();
    if length <= page.width() {
        first.extend(service);
        page.line(&first);
    } else {
        page.line(&first);
        page.line(&service);
    }
    for line in happens(answer, subject) {
        page.items(&plain(""), 2, &[line]);
    }
}

pub(super) const fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::Delivered => Tone::Good,
        Outcome::Dropped | Outcome::Rejected => Tone::Bad,
        Outcome::Mixed | Outcome::Undetermined => Tone::Open,
    }
}

fn flow(answer: &Answer) -> String {
    let packet = &answer.asked;
    let protocol = packet.protocol.known().map_or_else(|| "any protocol".into(), ToString::to_string);
    let here = if packet.local { " (from this host)" } else { "" };
    let from = match packet.input.known() {
        Some(input) if !input.name().is_empty() => format!(" in {}", Safe(input.name())),
        _ => String::new(),
    };
    format!(
        "{protocol} {}{here}{from} -> {}",
        words::endpoint(&packet.src, &packet.sport),
        words::endpoint(&packet.dst, &packet.dport),
    )
}

fn service(answer: &Answer) -> Vec<Piece> {
    let Some(entry) = &answer.entry else { return Vec::new() };
    let name = entry.service.as_ref().map_or_else(|| "a Service without a name".into(), ToString::to_string);
    let mut pieces = vec![plain("  "), piece(Tone::Name, Safe(&name).to_string())];
    pieces.push(plain(format!(" ({})", words::via(entry.via))));
    if entry.verified == Some(false) {
        pieces.push(piece(Tone::Open, " name and chain hash differ"));
    }
    pieces
}

/// What happens, in one or two lines.
fn happens(answer: &Answer, subject: &Subject<'_, '_>) -> Vec<String> {
    let Some(world) = answer.worlds.first() else { return Vec::new() };
    let mut lines: Vec<String> = Vec::new();
    for path in &world.paths {
        let line = match path.outcome() {
            Outcome::Delivered if path.dnat.is_some() => continue,
            Outcome::Delivered => arrives(path),
            _ => ends(path, subject),
        };
        if !lines.contains(&line) && lines.len() < 4 {
            lines.push(line);
        }
    }
    lines
}

fn arrives(path: &Path) -> String {
    let at = match path.goes {
        Some(Goes::Local) => "delivered to this host",
        Some(Goes::Output) => "sent on its way",
        Some(Goes::Forward) | None => "forwarded",
    };
    let source = if path.snat.is_some() { ", with its source rewritten" } else { "" };
    format!("{at}, its destination unchanged{source}")
}

/// Where and why a path ends that does not arrive.
pub(super) fn ends(path: &Path, subject: &Subject<'_, '_>) -> String {
    let place = path.steps.last().map(|step| by(step, subject)).unwrap_or_default();
    let nearest = path.near_miss.as_ref().map(|miss| {
        let line = subject.line(miss.rule).map_or_else(String::new, |line| format!(" (:{line})"));
        let chain = Safe(subject.ruleset.name(miss.rule.chain));
        let number = miss.rule.number();
        format!("; rule {number} of {chain}{line} would accept it but for `{}`", Safe(&miss.lacks))
    });
    let nearest = nearest.unwrap_or_default();
    let reason = words::reason(&path.verdict).unwrap_or_default();
    match (&path.verdict, path.fault) {
        (_, Some(fault)) => format!("let through, but {}", words::fault(fault)),
        (Verdict::Reject(_), _) => format!("rejected with {reason} {place}{nearest}"),
        (Verdict::Drop, _) => format!("dropped {place}{nearest}"),
        (Verdict::Queue, _) => format!("handed to a program {place}; without one it is dropped"),
        (Verdict::Stolen, _) => format!("answered by the kernel {place}"),
        _ => reason,
    }
}

/// The rule or policy that a step is, with the comment of the rule.
fn by(step: &Step, subject: &Subject<'_, '_>) -> String {
    let ruleset = subject.ruleset;
    let (table, chain) = (step.chain.table, Safe(ruleset.name(step.chain)).to_string());
    let Some(id) = step.rule else {
        let line = subject.policy_line(step.chain).map_or_else(String::new, |line| format!(" (:{line})"));
        return format!("by the policy of {table} {chain}{line}");
    };
    let line = subject.line(id).map_or_else(String::new, |line| format!(" (:{line})"));
    let comment =
        ruleset.rule(id).and_then(|rule| rule.comments().last().map(|comment| format!(": {}", Safe(comment))));
    format!("by rule {} of {table} {chain}{line}{}", id.number(), comment.unwrap_or_default())
}

/// What was taken for granted, as far as it matters.
pub(super) fn assumed(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>) {
    let mut items = Vec::new();
    let packet = &answer.asked;
    if packet.given_state.is_none() {
        items.push(format!("conntrack state {}", first_state(packet).as_str()));
    }
    let matters = |assumed: &&Assumed| {
        assumed.grounds != Grounds::Given && !answer.moot.iter().any(|moot| moot.about == assumed.fact.about)
    };
    let world = answer.worlds.first().map_or(&[] as &[_], |world| &world.assumptions);
    let about_dst = |assumed: &Assumed| matches!(&packet.dst, Value::Known(dst) if assumed.fact.about.to_string() == format!("local:{dst}"));
    let told: Vec<_> = world.iter().filter(|assumed| about_dst(assumed) || matters(assumed)).collect();
    for assumed in told.iter().take(SHOWN) {
        items.push(Safe(&words::fact(&assumed.fact, assumed.answer, packet.family)).to_string());
    }
    if told.len() > SHOWN {
        items.push(format!("{} more (--all)", told.len() - SHOWN));
    }
    items.extend(left_out(subject));
    if !items.is_empty() {
        page.gap();
        page.items(&piece(Tone::Strong, "assumed"), 9, &items);
    }
}

/// How many assumptions are told.
const SHOWN: usize = 6;

/// What the input lacks that a node has.
fn left_out(subject: &Subject<'_, '_>) -> Vec<String> {
    let mut items = Vec::new();
    if subject.source.own_lines() != u32::MAX {
        items.push("the input is a part of a dump: the rules that every kube-proxy node has were added".into());
    }
    if subject.ruleset.fragment {
        let missing = [TableName::Nat, TableName::Filter]
            .into_iter()
            .filter(|table| subject.ruleset.tables().all(|there| there != *table));
        items.extend(
            missing.map(|table| format!("the input shows nothing of the table {table}, which lets everything pass")),
        );
    }
    items
}
