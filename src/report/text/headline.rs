//! The first lines: the verdict, what it is about, and what happens.

use crate::analyze::{Answer, Outcome, Path};
use crate::extension::Verdict;
use crate::report::{Safe, Subject, words};
use crate::ruleset::RuleId;
use crate::source::Place;
use crate::walk::{Goes, Step};

use super::page::{Page, Piece, piece, plain};
use super::paint::Tone;
use super::worlds;

/// The lines that say what happens where there are no endpoints to list.
const SHOWN: usize = 2;

/// The verdict, the packet and the Service; then what happens.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>) {
    let word = answer.outcome.as_str().to_uppercase();
    let mut first = vec![piece(tone(answer.outcome), word), plain("  "), piece(Tone::Strong, flow(answer))];
    let service = service(answer);
    let length: usize = first.iter().chain(&service).map(|piece| piece.text.chars().count()).sum();
    if length <= page.width() {
        first.extend(service);
        page.line(&first);
    } else {
        page.line(&first);
        page.line(&service);
    }
    if answer.outcome == Outcome::Undetermined && answer.worlds.iter().filter(|world| world.default).count() > 1 {
        worlds::write_defaults(page, answer, subject);
        return;
    }
    let paths = answer.worlds.first().map_or(&[] as &[Path], |world| &world.paths);
    let mut lines: Vec<String> = Vec::new();
    for line in paths.iter().filter_map(|path| happens(path, subject)) {
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    let more = lines.len().saturating_sub(SHOWN);
    for line in lines.into_iter().take(SHOWN) {
        page.items(&plain(""), 2, &[line]);
    }
    if more > 0 {
        page.line(&[plain(format!("  and {more} more like these"))]);
    }
}

/// The tone of an outcome.
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
        pieces.push(piece(Tone::Open, " its name does not fit the hash of its chain"));
    }
    pieces
}

/// What happens to a packet whose destination is not rewritten, or that does not arrive.
fn happens(path: &Path, subject: &Subject<'_, '_>) -> Option<String> {
    if path.outcome() != Outcome::Delivered {
        return Some(ends(path, subject));
    }
    if path.dnat.is_some() {
        return None;
    }
    let at = match path.goes {
        Some(Goes::Local) => words::delivered(&path.packet),
        Some(Goes::Output) => "sent on its way".into(),
        Some(Goes::Forward) | None => "forwarded".into(),
    };
    let source = if path.snat.is_some() { ", with its source rewritten" } else { "" };
    Some(format!("{at}, its destination unchanged{source}"))
}

/// Where and why a path ends that does not arrive.
pub(super) fn ends(path: &Path, subject: &Subject<'_, '_>) -> String {
    let by = path.steps.last().map(|step| by(step, subject)).unwrap_or_default();
    let nearest = path.near_miss.as_ref().map(|miss| {
        let rule = rule_words(miss.rule, subject);
        format!("; {rule} would accept it but for `{}`", Safe(&miss.lacks))
    });
    let nearest = nearest.unwrap_or_default();
    let reason = words::reason(&path.verdict).unwrap_or_default();
    match (&path.verdict, path.fault) {
        (_, Some(fault)) => format!("let through, but {}", words::fault(fault)),
        (Verdict::Reject(_), _) => format!("rejected with {reason} by {by}{nearest}"),
        (Verdict::Drop, _) => format!("dropped by {by}{nearest}"),
        (Verdict::Queue, _) => format!("handed to a program by {by}; the program decides"),
        (Verdict::Stolen, _) => format!("answered by the kernel itself: {by}"),
        _ => reason,
    }
}

/// The rule or policy that a step is, with the comment of the rule.
pub(super) fn by(step: &Step, subject: &Subject<'_, '_>) -> String {
    let Some(id) = step.rule else {
        let place = in_brackets(subject.policy_place(step.chain));
        let chain = subject.chain_of(step.chain.table, subject.ruleset.name(step.chain));
        return format!("the policy of {chain}{place}");
    };
    let comment = subject.ruleset.rule(id).and_then(|rule| rule.comments().last());
    let comment = comment.map(|comment| format!(": {}", Safe(comment))).unwrap_or_default();
    format!("{}{comment}", rule_words(id, subject))
}

/// `rule 3 of filter INPUT (:77)`
pub(super) fn rule_words(id: RuleId, subject: &Subject<'_, '_>) -> String {
    let chain = subject.chain_of(id.chain.table, subject.ruleset.name(id.chain));
    format!("rule {} of {chain}{}", id.number(), in_brackets(subject.place(id)))
}

fn in_brackets(place: Option<Place<'_>>) -> String {
    place.map(|place| format!(" ({})", Safe(&place.to_string()))).unwrap_or_default()
}
