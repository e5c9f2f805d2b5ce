//! Many connections in a few lines: endpoints against their shares, drops by rule, what does not fit.

use crate::analyze::{Fit, Outcome};
use crate::kernlog::{Lost, Taken, Tally};
use crate::kube;
use crate::report::text::headline::{rule_words, tone};
use crate::report::text::page::{Page, piece, plain};
use crate::report::text::paint::Tone;
use crate::report::text::shares::percent;
use crate::report::text::table::{Column, table};
use crate::report::text::{NARROW, Style};
use crate::report::{Safe, Subject};

/// Rules that drop which are shown.
const SHOWN: usize = 20;

/// What was counted, for the rules of one family.
pub fn summary(tally: &Tally, subject: &Subject<'_, '_>, style: Style) -> String {
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    let plural = if tally.connections == 1 { "" } else { "s" };
    let mut head = vec![piece(Tone::Strong, format!("{} connection{plural}", tally.connections))];
    for (outcome, count) in &tally.outcomes {
        head.push(plain("  "));
        head.push(piece(tone(*outcome), format!("{count} {}", outcome.as_str())));
    }
    page.line(&head);
    if tally.parted > 0 {
        let first = tally.first_parted.unwrap_or(0);
        let words = format!("{} do not fit the rules; the first at line {first} of the log", tally.parted);
        page.items_in(&plain(""), 2, tone(Outcome::Undetermined), &[words]);
    }
    for taken in tally.taken(subject.ruleset) {
        endpoints(&mut page, &taken, subject);
    }
    if !tally.lost.is_empty() {
        lost(&mut page, tally, subject);
    }
    page.finish()
}

/// The endpoints of one chain.
fn endpoints(page: &mut Page, taken: &Taken, subject: &Subject<'_, '_>) {
    let chain = taken.fan.chain;
    let service = kube::service_of(subject.ruleset, chain).map(|service| Safe(&service.to_string()).to_string());
    let name = subject.chain_of(chain.table, subject.ruleset.name(chain));
    page.gap();
    page.line(&[piece(Tone::Strong, service.unwrap_or_else(|| name.clone())), piece(Tone::Faint, format!("  {name}"))]);
    let total = taken.observed.total();
    let endpoints = &taken.fan.endpoints;
    let address = |at: usize| {
        let endpoint = endpoints.get(at)?;
        let address = endpoint.address?;
        Some(
            endpoint
                .port
                .map_or_else(|| address.to_string(), |port| std::net::SocketAddr::new(address, port).to_string()),
        )
    };
    let names = (0..endpoints.len()).map(|at| address(at).unwrap_or_else(|| "*".into())).collect();
    let counts = taken.observed.counts.iter().map(ToString::to_string).collect();
    #[expect(clippy::cast_precision_loss, reason = "a count of connections is far below 2^52")]
    let part =
        |count: &u64| if total == 0 { String::new() } else { format!("{:.3} %", *count as f64 / total as f64 * 100.0) };
    let parts = taken.observed.counts.iter().map(part).collect();
    let shares = endpoints.iter().map(|endpoint| percent(endpoint.share)).collect();
    let place = |at: usize| endpoints.get(at).and_then(|endpoint| subject.place(endpoint.rewritten_by));
    let places: Vec<String> = (0..endpoints.len())
        .map(|at| place(at).map(|place| Safe(&place.to_string()).to_string()).unwrap_or_default())
        .collect();
    let columns = vec![
        Column::words("endpoint", names).in_tone(Tone::Name),
        Column::numbers("connections", counts),
        Column::numbers("taken", parts),
        Column::numbers("expected", shares).spared(1),
    ];
    table(page, columns, &places);
    let mut notes = vec![match taken.observed.fit {
        Fit::Fits => "as the rules let expect".to_owned(),
        Fit::TooFew => "too few connections to compare".to_owned(),
        Fit::DoesNot(at) => format!("chance alone hardly explains this; most at {}", address(at).unwrap_or_default()),
    }];
    if taken.untold > 0 {
        notes.push(format!("{} more, of which the log does not tell the endpoint", taken.untold));
    }
    let others: u64 = taken.others.iter().map(|(_, count)| count).sum();
    if others > 0 {
        notes.push(format!("{others} more by other rules"));
    }
    page.items_in(&plain(""), 2, Tone::Faint, &notes);
}

/// What did not arrive, most first.
fn lost(page: &mut Page, tally: &Tally, subject: &Subject<'_, '_>) {
    page.gap();
    page.line(&[piece(Tone::Strong, "not delivered")]);
    let mut all: Vec<_> = tally.lost.iter().collect();
    all.sort_by_key(|(lost, count)| (std::cmp::Reverse(**count), **lost));
    for (lost, count) in all.iter().take(SHOWN) {
        let by = match lost {
            Lost::Rule(rule) => format!("by {}", rule_words(*rule, subject)),
            Lost::Policy(chain) => {
                format!("by the policy of {}", subject.chain_of(chain.table, subject.ruleset.name(*chain)))
            }
            Lost::Otherwise(reason) => (*reason).to_owned(),
        };
        page.items(&plain(format!("  {count}")), 10, &[by]);
    }
    if let Some(more) = all.len().checked_sub(SHOWN + 1) {
        page.line(&[piece(Tone::Faint, format!("  by {} more", more + 1))]);
    }
}
