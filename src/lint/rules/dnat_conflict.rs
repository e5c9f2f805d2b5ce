//! KPT410: two rules that give the same packets different destinations.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::TableName::Nat;

pub(super) static LINT: Lint = Lint {
    code: "KPT410",
    name: "dnat-conflict",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/dnat-conflict.md"),
    check,
};

/// An address and a port, each where the rule names just one.
type Destinations = BTreeSet<(Option<IpAddr>, Option<u16>)>;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for dead in input.dead() {
        let chain = dead.rule.chain;
        // Of two Services with one address, KPT606 tells.
        if chain.table.name != Nat || input.role(chain).is_some() || !input.is_reached(chain) {
            continue;
        }
        let [winner] = *dead.causes.as_slice() else { continue };
        let (wanted, given) = (destinations(input, dead.rule), destinations(input, winner));
        if !wanted.is_empty() && !given.is_empty() && wanted != given {
            findings.add(finding(input, dead.rule, &wanted, winner, &given));
        }
    }
}

/// Where a rule sends packets: itself, or the rules of a chain that it leads to.
fn destinations(input: &Input<'_, '_>, rule: RuleId) -> Destinations {
    let own = |rule: &Rule<'_>| match &rule.then {
        Then::Target(Target::Dnat(dnat)) => Some(dnat.only()),
        _ => None,
    };
    let Some(rule) = input.ruleset.rule(rule) else { return Destinations::new() };
    match rule.leads_to() {
        Some(to) => input.ruleset.rules(to).iter().filter_map(own).collect(),
        None => own(rule).into_iter().collect(),
    }
}

fn words(destinations: &Destinations) -> String {
    let word = |(address, port): &(Option<IpAddr>, Option<u16>)| match (address, port) {
        (Some(IpAddr::V6(address)), Some(port)) => format!("[{address}]:{port}"),
        (Some(address), Some(port)) => format!("{address}:{port}"),
        (Some(address), None) => address.to_string(),
        (None, Some(port)) => format!("port {port}"),
        (None, None) => "one of several addresses".to_owned(),
    };
    destinations.iter().map(word).collect::<Vec<_>>().join(", ")
}

fn finding(
    input: &Input<'_, '_>,
    loser: RuleId,
    wanted: &Destinations,
    winner: RuleId,
    given: &Destinations,
) -> Finding {
    let message = format!("nothing is sent to {}: an earlier rule sends all of it to {}", words(wanted), words(given));
    let label = |rule: RuleId, does: &str| {
        let comment = input.ruleset.rule(rule).and_then(|rule| rule.comments().next().map(str::to_owned));
        comment.map_or_else(|| does.to_owned(), |comment| format!("{does} ({comment})"))
    };
    let chain = input.ruleset.name(winner.chain);
    Finding::new(message)
        .at(loser, label(loser, "gets no packet"))
        .at(winner, label(winner, "takes them all"))
        .help("find out which of the two is still there (`crictl pods`, `docker ps`) and delete the rule of the other")
        .command(format!("{} -D {chain} {}", input.command(Nat), winner.number()))
}
