//! What a new, a returning and an expired client see, and how many clients can be remembered.

use crate::analyze::{Affinity, Fan, Memory};
use crate::report::Subject;

use super::page::{Page, piece, plain};
use super::paint::Tone;

/// Columns of the words that stand in front.
const HEAD: usize = 13;

/// Tells how the Service remembers its clients.
pub(super) fn write(page: &mut Page, affinity: Affinity, memory: Memory, subject: &Subject<'_, '_>) {
    let time = duration(affinity.seconds);
    page.gap();
    page.line(&[piece(Tone::Strong, "affinity"), plain(format!("  by client address, {time}"))]);
    for (head, text) in lines(affinity, &time) {
        page.items(&plain(format!("  {head}")), HEAD, &[text]);
    }
    page.items(&plain("  room"), HEAD, &room(affinity, memory, subject));
}

fn lines(affinity: Affinity, time: &str) -> Vec<(&'static str, String)> {
    let Affinity { lists, noted, .. } = affinity;
    let new = match noted {
        0 => "drawn as above; no list notes it, so that nobody is remembered".to_owned(),
        _ if noted < lists => format!("drawn as above; only {noted} of {lists} endpoints note whom they get"),
        _ => "drawn as above, and noted by its endpoint's list".to_owned(),
    };
    let mut lines = vec![("new", new)];
    if noted > 0 {
        let returning = "sent to the endpoint that noted it, ready or not; the time starts anew with each connection";
        lines.push(("returning", returning.to_owned()));
    }
    if noted > 0 && affinity.seconds.is_some() {
        lines.push(("expired", format!("drawn anew, {time} after its last new connection")));
    }
    if lists > 1 {
        lines.push(("several", "where several lists know the client, the first in the order of the rules wins".into()));
    }
    lines.push((
        "holds",
        "on this node, for this port of the Service, for the address that this node sees: clients behind one proxy or \
         masquerade are one"
            .into(),
    ));
    lines
}

/// How many clients are remembered.
pub(super) fn room(affinity: Affinity, memory: Memory, subject: &Subject<'_, '_>) -> Vec<String> {
    let Affinity { lists, chain, .. } = affinity;
    let size = memory.size;
    let all = u64::from(size) * lists as u64;
    let mut items = vec![format!(
        "{size} clients a list (xt_recent ip_list_tot), so {all} at most; then the one longest unseen goes"
    )];
    let shares: Vec<_> =
        Fan::of_chain(subject.ruleset, chain).endpoints.iter().map(|endpoint| endpoint.share).collect();
    items.extend(memory.clients.zip(memory.remembered(&shares)).map(|(clients, part)| {
        let percent = |part: f64| format!("{:.1} %", part * 100.0);
        format!(
            "of {clients} clients {} are remembered after each came once, {} as they come back",
            percent(part.once),
            percent(part.returning)
        )
    }));
    items
}

/// `10800 s (3 h)`; without end where a rule names no time.
pub(super) fn duration(seconds: Option<u32>) -> String {
    match seconds {
        None => "for ever".into(),
        Some(seconds) if seconds >= 3600 && seconds % 3600 == 0 => format!("{seconds} s ({} h)", seconds / 3600),
        Some(seconds) if seconds >= 60 && seconds % 60 == 0 => format!("{seconds} s ({} min)", seconds / 60),
        Some(seconds) => format!("{seconds} s"),
    }
}
