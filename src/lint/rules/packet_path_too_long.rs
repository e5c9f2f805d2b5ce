//! KPT901: a new connection is compared with thousands of rules.

use std::collections::BTreeMap;

use crate::analyze::Breadth;
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::ruleset::{ChainId, Rule, Then};
use crate::save::Hook::{self, Forward, Input as In, Output, Postrouting, Prerouting};

pub(super) static LINT: Lint = Lint {
    code: "KPT901",
    name: "packet-path-too-long",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/packet-path-too-long.md"),
    check,
};

/// So many rules are worth a word.
const LONG: u64 = 2_000;
/// So many slow every new connection down.
const TOO_LONG: u64 = 10_000;
/// A dump of so many rules takes seconds to load.
const MANY: u64 = 100_000;
/// Chains that are listed.
const LISTED: usize = 5;

/// Chains within chains are not counted any deeper.
const DEEPEST: u32 = 200;

/// The ways through this host, and the hooks on them.
const WAYS: [(&str, &[Hook]); 3] = [
    ("through this host", &[Prerouting, Forward, Postrouting]),
    ("to this host", &[Prerouting, In]),
    ("from this host", &[Output, Postrouting]),
];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut costs = BTreeMap::new();
    let ways = WAYS.map(|(way, hooks)| (tests(input, hooks, &mut costs), way, hooks));
    let Some((tests, way, hooks)) = ways.into_iter().max_by_key(|(tests, ..)| *tests) else { return };
    if tests >= LONG {
        let severity = if tests > TOO_LONG { Severity::Warning } else { Severity::Info };
        let message = format!("a new connection {way} is compared with up to {tests} rules");
        findings.extend(finding(
            input,
            message,
            "path",
            |chain| hooks.iter().any(|hook| input.is_reached_from(chain, *hook)),
            severity,
        ));
    }
    let rules = input.chains().map(|chain| input.ruleset.rules(chain).len() as u64).sum::<u64>();
    if rules >= MANY {
        let message = format!("there are {rules} rules, which take seconds to load each time that they change");
        findings.extend(finding(input, message, "size", |_| true, Severity::Info));
    }
}

/// With how many rules the unluckiest packet is compared at these hooks.
fn tests(input: &Input<'_, '_>, hooks: &[Hook], costs: &mut BTreeMap<ChainId, u64>) -> u64 {
    let bases =
        hooks.iter().flat_map(|hook| input.ruleset.tables().filter_map(|table| input.ruleset.base(table, *hook)));
    bases.map(|base| cost(input, base, costs, DEEPEST)).fold(0, u64::saturating_add)
}

/// With how many rules a packet may be compared from the beginning of a chain: all of them, or those up to a jump and what is
/// behind it. Chains that every packet is led through count in full.
fn cost(input: &Input<'_, '_>, chain: ChainId, costs: &mut BTreeMap<ChainId, u64>, depth: u32) -> u64 {
    if let Some(cost) = costs.get(&chain) {
        return *cost;
    }
    costs.insert(chain, 0);
    let Some(deeper) = depth.checked_sub(1) else { return 0 };
    let (mut so_far, mut worst) = (0u64, 0u64);
    for rule in input.ruleset.rules(chain) {
        so_far = so_far.saturating_add(1);
        let behind = rule.leads_to().map_or(0, |to| cost(input, to, costs, deeper));
        worst = worst.max(so_far.saturating_add(behind));
        if is_for_every_new(rule) {
            so_far = so_far.saturating_add(behind);
            if ends(rule) {
                break;
            }
        }
    }
    worst = worst.max(so_far);
    costs.insert(chain, worst);
    worst
}

/// Does the first packet of every connection match?
fn is_for_every_new(rule: &Rule<'_>) -> bool {
    let is_new = |extension: &Match<'_>| {
        matches!(extension.to_string().trim_start(), "conntrack --ctstate NEW" | "state --state NEW")
    };
    let asks_new = rule.matches.iter().any(is_new);
    let others = rule.matches.iter().all(|extension| is_new(extension) || matches!(extension, Match::Comment(_)));
    Breadth::of(rule) == Breadth::All || asks_new && others && rule.header.to_string().is_empty()
}

fn ends(rule: &Rule<'_>) -> bool {
    matches!(
        &rule.then,
        Then::Goto(_) | Then::Target(Target::Accept(_) | Target::Drop(_) | Target::Reject(_) | Target::Return(_))
    )
}

fn finding(
    input: &Input<'_, '_>,
    message: String,
    key: &str,
    asked: impl Fn(ChainId) -> bool,
    severity: Severity,
) -> Option<Finding> {
    let mut chains: Vec<_> =
        input.chains().filter(|chain| asked(*chain)).map(|chain| (input.ruleset.rules(chain).len(), chain)).collect();
    chains.sort_by_key(|(rules, _)| std::cmp::Reverse(*rules));
    let (_, longest) = chains.first()?;
    let rows = chains
        .iter()
        .take(LISTED)
        .map(|(rules, chain)| format!("`{}` in {} has {rules}", input.ruleset.name(*chain), chain.table));
    let mut rows: Vec<_> = rows.collect();
    let kube = chains.iter().any(|(_, chain)| input.ruleset.name(*chain) == "KUBE-SERVICES");
    rows.push(if kube {
        "kube-proxy in nftables mode looks Services up in a map; Services that nobody uses can be removed".to_owned()
    } else {
        "an ipset takes the place of many rules that differ in an address or port only".to_owned()
    });
    Some(Finding::new(message).severity(severity).key(key).at(*longest, "the longest chain").help(rows.join("\n")))
}
