//! What was taken for granted, as far as it matters.

use crate::analyze::Answer;
use crate::logic::{Assumed, Grounds, Unknown};
use crate::packet::{Value, first_state};
use crate::report::facts::{Said, condensed};
use crate::report::{Safe, Subject};
use crate::save::{Backend, TableName};

use super::Detail;
use super::page::{Page, piece};
use super::paint::Tone;

/// Assumptions told unless everything is asked for.
const SHOWN: usize = 6;

/// The assumptions of the first world.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>, detail: Detail) {
    let packet = &answer.asked;
    let all = detail == Detail::All;
    let mut items = Vec::new();
    if packet.given_state.is_none() {
        items.push(format!("conntrack state {}", first_state(packet).as_str()));
    }
    let world = answer.worlds.first().map_or(&[] as &[_], |world| &world.assumptions);
    let (order, facts): (Vec<_>, Vec<_>) = world.iter().partition(|assumed| is_of_order(assumed));
    let first = first_backend(&order);
    if subject.ruleset.is_mixed() {
        items.push(mix(first));
    }
    let facts = facts.into_iter().filter(|fact| all || is_destination(answer, fact) || matters(answer, fact));
    let told = facts.chain(order.into_iter().filter(|_| first.is_none()));
    let told = told.filter(|assumed| assumed.grounds != Grounds::Given);
    let remembered = world.iter().any(|assumed| is_of_affinity(assumed) && assumed.answer);
    let (forgotten, told): (Vec<_>, Vec<_>) = told.partition(|assumed| !all && !remembered && is_of_affinity(assumed));
    if !forgotten.is_empty() {
        items.push("a new client, which no list remembers".into());
    }
    let told = condensed(told, packet.family);
    let shown = if all { told.len() } else { SHOWN };
    items.extend(told.iter().take(shown).map(|said| Safe(&Said::text(said)).to_string()));
    if told.len() > shown {
        items.push(format!("{} more (--all)", told.len() - shown));
    }
    items.extend(lacks(subject));
    if !items.is_empty() {
        page.gap();
        page.items(&piece(Tone::Strong, "assumed"), 9, &items);
    }
}

/// Does it change something, as far as was looked? What is far-fetched was not.
fn matters(answer: &Answer, assumed: &Assumed) -> bool {
    let far_fetched = assumed.fact.default.is_some_and(|presumed| presumed.firm);
    !far_fetched && !answer.moot.iter().any(|moot| moot.about == assumed.fact.about)
}

/// Is it about whether the destination is the host's own? That is told in any case.
fn is_destination(answer: &Answer, assumed: &Assumed) -> bool {
    matches!(&answer.asked.dst, Value::Known(dst) if assumed.fact.about.to_string() == format!("local:{dst}"))
}

/// Is it about which of two backends is asked first?
fn is_of_order(assumed: &Assumed) -> bool {
    matches!(&assumed.fact.about, Unknown::Named(name) if name.starts_with("nft-first:"))
}

/// The backend that is asked first wherever that was asked about.
fn first_backend(order: &[&Assumed]) -> Option<Backend> {
    let nft = order.first()?.answer;
    let alike = order.iter().all(|assumed| assumed.answer == nft);
    alike.then_some(if nft { Backend::Nft } else { Backend::Legacy })
}

/// Tables of both backends, and which of them are asked first.
fn mix(first: Option<Backend>) -> String {
    let first = first.map(|first| format!(", and those of {}, loaded last, are asked first", first.as_str()));
    format!("tables of both backends are loaded{}", first.unwrap_or_default())
}

/// Is it about a list of a Service's affinity?
fn is_of_affinity(assumed: &Assumed) -> bool {
    matches!(&assumed.fact.about, Unknown::Named(name) if name.starts_with("recent:KUBE-SEP-"))
}

/// What the input lacks that a node has.
fn lacks(subject: &Subject<'_, '_>) -> Vec<String> {
    let mut items = Vec::new();
    if subject.source.has_added() {
        items.push("the rules that every kube-proxy node has, which this part of a dump lacks".into());
    }
    if subject.ruleset.fragment {
        let missing = [TableName::Nat, TableName::Filter].into_iter();
        let missing = missing.filter(|table| subject.ruleset.tables().all(|there| there.name != *table));
        items
            .extend(missing.map(|table| format!("the table {table}, of which nothing is shown, lets everything pass")));
    }
    items
}
