//! What a new, a returning and an expired client see.

use crate::analyze::Answer;

use super::page::{Page, piece, plain};
use super::paint::Tone;

/// Tells how the Service remembers its clients, if it does.
pub(super) fn write(page: &mut Page, answer: &Answer) {
    let Some(affinity) = answer.affinity else { return };
    let time = duration(affinity.seconds);
    let lists = affinity.lists;
    page.gap();
    page.line(&[piece(Tone::Strong, "affinity"), plain(format!("  by client address, as this node sees it, {time}"))]);
    for (client, sees) in [
        ("new", "drawn as above, and remembered with its endpoint".to_owned()),
        ("returning", "the endpoint that remembers it; the time starts anew with each connection".to_owned()),
        ("expired", format!("drawn anew, {time} after its last new connection")),
        (
            "lists",
            format!(
                "{lists}, one for each endpoint; the first in rule order that remembers the client wins; each holds 100 \
                 addresses (xt_recent ip_list_tot) and then forgets the oldest"
            ),
        ),
    ] {
        page.items(&plain(format!("  {client}")), 13, &[sees]);
    }
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
