//! What the kernel's log shows, beside the prediction: a connection, and the sum of many.

mod parting;
mod probes;
mod rows;
mod summary;

use crate::analyze::Outcome;
use crate::kernlog::{Account, Connection};
use crate::report::facts::{Said, condensed};
use crate::report::{LogSubject, Safe, words};

use super::headline;
use super::page::{Page, piece, plain};
use super::paint::Tone;
use super::{NARROW, Style};

pub use probes::log_rules;
pub use summary::summary;

/// One connection as text.
pub fn connection(account: &Account, log: &LogSubject<'_, '_>, style: Style) -> String {
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    headline::write(&mut page, &account.answer, &log.subject);
    if let Some(taken) = taken(account) {
        page.items(&plain(""), 2, &taken);
    }
    page.items_in(&plain(""), 2, Tone::Faint, &seen(log.connection));
    corrected(&mut page, account);
    rows::write(&mut page, account, log);
    parting::write(&mut page, account, log);
    page.line(&[]);
    page.finish()
}

/// The endpoint with its share, the mark, and what becomes of the source.
fn taken(account: &Account) -> Option<Vec<String>> {
    let path = account.path()?;
    let mut items = Vec::new();
    if path.dnat.is_some() {
        let endpoint = words::endpoint(&path.packet.dst, &path.packet.dport);
        items.push(match account.ways {
            _ if account.parting.is_some() => format!("predicted endpoint {endpoint}"),
            0 | 1 => format!("endpoint {endpoint}"),
            ways => format!("one of {ways} endpoints, the log does not tell which; shown is {endpoint}"),
        });
    }
    if let Some(mark) = path.packet.mark.known().filter(|mark| **mark != 0) {
        items.push(format!("mark {mark:#x}"));
    }
    if path.outcome() == Outcome::Delivered {
        items.push(if path.snat.is_some() { "source rewritten".into() } else { "source kept".into() });
    }
    (!items.is_empty()).then_some(items)
}

/// The lines and packets.
fn seen(connection: &Connection) -> Vec<String> {
    let numbers = || connection.first.iter().map(|record| record.line);
    let mut items = Vec::new();
    if let Some(time) = connection.first.iter().find_map(|record| record.time.as_deref()) {
        items.push(Safe(time).to_string());
    }
    if let (Some(first), Some(last)) = (numbers().min(), numbers().max()) {
        items.push(if first == last {
            format!("line {first} of the log")
        } else {
            format!("{} lines of the log, {first} to {last}", connection.first.len())
        });
    }
    let later = connection.packets.saturating_sub(1);
    let of = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    items.extend(
        [(later, "later packet"), (connection.replies, "answer")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, one)| of(count, one)),
    );
    items
}

/// What the log shows to be otherwise than assumed.
fn corrected(page: &mut Page, account: &Account) {
    if account.corrected.is_empty() {
        return;
    }
    let said = condensed(account.corrected.iter(), account.answer.asked.family);
    let items: Vec<String> = said.iter().map(|said| Safe(&Said::text(said)).to_string()).collect();
    page.items(&piece(Tone::Open, "  by the log"), 14, &items);
}
