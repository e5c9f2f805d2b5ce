//! The first line where kernel and prediction part, both sides of it, and why that may be.

use std::net::IpAddr;

use crate::analyze::{Outcome, Path};
use crate::kernlog::{Account, Difference, Missing, Parting, Spot};
use crate::logic::{Field, Grounds};
use crate::packet::Value;
use crate::report::facts::{Said, condensed};
use crate::report::text::headline::{by, ends, rule_words};
use crate::report::text::page::{Page, piece};
use crate::report::text::paint::Tone;
use crate::report::{LogSubject, Safe, words};
use crate::ruleset::ChainId;

/// Lines behind the first that are shown.
const SHOWN: usize = 4;
/// Assumptions that are named.
const NAMED: usize = 3;

/// Writes where they part, if they do.
pub(super) fn write(page: &mut Page, account: &Account, log: &LogSubject<'_, '_>) {
    let (Some(parting), Some(path)) = (&account.parting, account.path()) else { return };
    page.gap();
    let line = log.connection.first.get(parting.record).map_or(0, |record| record.line);
    page.line(&[piece(Tone::Bad, format!("parts at line {line} of the log"))]);
    page.items(&piece(Tone::Strong, "  kernel"), 13, &[kernel(parting, log)]);
    page.items(&piece(Tone::Strong, "  predicted"), 13, &[predicted(parting, path, log)]);
    page.items(&piece(Tone::Strong, "  because"), 13, &because(account, parting, log));
    let rest: Vec<String> = parting.rest.iter().take(SHOWN).map(|(record, spot)| at(*record, spot, log)).collect();
    if !rest.is_empty() {
        page.items_in(&piece(Tone::Faint, "  then"), 13, Tone::Faint, &rest);
    }
    if let Some(more) = parting.rest.len().checked_sub(SHOWN + 1) {
        page.line(&[piece(Tone::Faint, format!("             and {} lines more", more + 1))]);
    }
}

/// What the kernel did.
fn kernel(parting: &Parting, log: &LogSubject<'_, '_>) -> String {
    let there = at(parting.record, &parting.spot, log);
    match &parting.difference {
        Difference::Destination(seen, _) => format!("{there}: to {}", end(*seen)),
        Difference::Source(seen, _) => format!("{there}: from {}", end(*seen)),
        Difference::Mark(seen, _) => format!("{there}: mark {seen:#x}"),
        Difference::Missing(_) | Difference::Elsewhere | Difference::Skipped => there,
    }
}

/// Where a line was written.
fn at(record: usize, spot: &Spot, log: &LogSubject<'_, '_>) -> String {
    let names = |chains: &[ChainId]| {
        let chain = chains.first().copied();
        chain.map(|chain| log.subject.chain_of(chain.table, log.subject.ruleset.name(chain))).unwrap_or_default()
    };
    match spot {
        Spot::Rules(rules) if rules.len() == 1 => {
            rules.first().map(|rule| rule_words(*rule, &log.subject)).unwrap_or_default()
        }
        Spot::Policy(chains) => format!("the policy of {}", names(chains)),
        Spot::End(chains) => format!("the end of {}", names(chains)),
        spot => log.connection.first.get(record).map(|record| super::rows::words(record, spot)).unwrap_or_default(),
    }
}

/// What the rules let expect.
fn predicted(parting: &Parting, path: &Path, log: &LogSubject<'_, '_>) -> String {
    match &parting.difference {
        Difference::Destination(_, predicted) => format!("to {}", end(*predicted)),
        Difference::Source(_, predicted) => format!("from {}", end(*predicted)),
        Difference::Mark(_, predicted) => format!("mark {predicted:#x}"),
        Difference::Missing(_) | Difference::Elsewhere | Difference::Skipped => {
            match parting.expected.and_then(|expected| path.steps.get(expected)) {
                Some(step) => by(step, &log.subject),
                None if path.outcome() == Outcome::Delivered => "the end of its way".into(),
                None => ends(path, &log.subject),
            }
        }
    }
}

/// The likely reasons.
fn because(account: &Account, parting: &Parting, log: &LogSubject<'_, '_>) -> Vec<String> {
    let mut reasons = vec![match parting.difference {
        Difference::Missing(Missing::Chain) => {
            "the dump has no such chain: it is of another moment or another node".into()
        }
        Difference::Missing(Missing::Rule) => {
            "the dump has no such rule: it is of another moment or another node".into()
        }
        _ => "the rules were others than those of the dump when the packet came".to_owned(),
    }];
    if matches!(parting.difference, Difference::Skipped) {
        reasons.push("lines were lost".into());
    }
    if log.subject.ruleset.fragment {
        reasons.push("the dump is only a part".into());
    }
    let world = account.answer.worlds.first().map_or(&[] as &[_], |world| &world.assumptions);
    let open = world.iter().filter(|assumed| {
        assumed.grounds != Grounds::Given && !assumed.fact.default.is_some_and(|presumed| presumed.firm)
    });
    let said = condensed(open, account.answer.asked.family);
    let said: Vec<String> = said.iter().take(NAMED).map(|said| Safe(&Said::text(said)).to_string()).collect();
    if !said.is_empty() {
        reasons.push(format!("or this was otherwise: {}", said.join("; ")));
    }
    reasons
}

fn end((address, port): (IpAddr, Option<u16>)) -> String {
    words::endpoint(&Value::Known(address), &Value::given(port, Field::Dport))
}
