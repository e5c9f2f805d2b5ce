//! KPT301: lists of remembered clients that are asked and not filled, or filled and not asked, or not alike on both sides.

use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::extension::matches::{Match, Recent, What};
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT301",
    name: "affinity-pair-broken",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/affinity-pair-broken.md"),
    check,
};

/// A match that asks or fills a list, and its rule.
type Use<'r, 't> = (RuleId, &'r Recent<'t>);

/// The rules that fill lists, by list and by chain.
#[derive(Default)]
struct Sets<'r, 't> {
    by_list: FxHashMap<&'r str, Vec<Use<'r, 't>>>,
    by_chain: FxHashMap<ChainId, Use<'r, 't>>,
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.all_rules().any(|(_, rule)| is_unclear(rule)) {
        return findings.skip("lists of recent clients: a rule that is not understood may fill them");
    }
    let all = || input.all_rules().flat_map(|(id, rule)| recents(rule).map(move |recent| (id, recent)));
    let mut sets = Sets::default();
    for (id, recent) in all().filter(|(_, recent)| recent.what == What::Set) {
        sets.by_list.entry(&*recent.name).or_default().push((id, recent));
        sets.by_chain.entry(id.chain).or_insert((id, recent));
    }
    let mut told: FxHashSet<ChainId> = FxHashSet::default();
    for check in all().filter(|(_, recent)| asks(recent)) {
        let finding = wrong(input, check, sets.by_list.get(&*check.1.name).map_or(&[], Vec::as_slice));
        told.extend(finding.is_some().then_some(check.0.chain));
        findings.extend(finding);
    }
    let services = input.chains_of(TableName::Nat).filter(|chain| is_service(input, *chain) && !told.contains(chain));
    for chain in services {
        findings.extend(never_asked(input, chain, &sets).or_else(|| unlike_seconds(input, chain)));
    }
}

fn is_unclear(rule: &Rule<'_>) -> bool {
    let unread = |extension: &Match<'_>| matches!(extension, Match::Unread(unread) if unread.name == "recent");
    matches!(rule.then, Then::Unreadable) || rule.matches.iter().any(unread)
}

fn recents<'r, 't>(rule: &'r Rule<'t>) -> impl Iterator<Item = &'r Recent<'t>> {
    rule.matches.iter().filter_map(|extension| match extension {
        Match::Recent(recent) => Some(&**recent),
        _ => None,
    })
}

/// Does it look for somebody whom the list has?
fn asks(recent: &Recent<'_>) -> bool {
    !recent.not && matches!(recent.what, What::Check | What::Update)
}

fn is_service(input: &Input<'_, '_>, chain: ChainId) -> bool {
    matches!(input.role(chain), Some(Role::Cluster(_) | Role::Local(_) | Role::External(_)))
}

fn is_endpoint(input: &Input<'_, '_>, chain: ChainId) -> bool {
    matches!(input.role(chain), Some(Role::Endpoint(_)))
}

/// What is wrong with a rule that asks a list, which `sets` fill.
fn wrong(input: &Input<'_, '_>, check: Use<'_, '_>, sets: &[Use<'_, '_>]) -> Option<Finding> {
    let Some(first) = sets.first() else { return never_filled(input, check) };
    if sets.iter().any(|(_, set)| is_alike(input, check, set)) {
        return elsewhere(input, check, sets);
    }
    let (id, recent) = check;
    let finding = Finding::new(format!("the list `{}` is asked for other addresses than are noted in it", recent.name))
        .at(id, "asks the list")
        .at(first.0, "notes with another mask, or the other address");
    Some(finding.key(recent.name.to_string()).help(help(input, id.chain)))
}

/// Do both look at the same bits of an address, and in a Service at the same address? Elsewhere a host may ask for the
/// sources of what it has sent something to before.
fn is_alike(input: &Input<'_, '_>, (id, check): Use<'_, '_>, set: &Recent<'_>) -> bool {
    let mask = |recent: &Recent<'_>| recent.mask.filter(|mask| !is_full(*mask));
    mask(set) == mask(check) && (set.dest == check.dest || !is_service(input, id.chain))
}

fn is_full(mask: IpAddr) -> bool {
    match mask {
        IpAddr::V4(mask) => mask.to_bits() == u32::MAX,
        IpAddr::V6(mask) => mask.to_bits() == u128::MAX,
    }
}

/// A list that no rule fills. Outside of Services a program may, or a table that is not in the input.
fn never_filled(input: &Input<'_, '_>, (id, check): Use<'_, '_>) -> Option<Finding> {
    let list = &check.name;
    let finding =
        Finding::new(format!("no rule notes addresses in the list `{list}`, so that nobody is ever found there"));
    let finding = finding.at(id, "asks the list").key(list.to_string());
    if is_service(input, id.chain) {
        return Some(finding.help(help(input, id.chain)));
    }
    let may_be_filled = input.owner(id.chain).is_some() || TableName::ALL.iter().any(|table| input.is_missing(*table));
    let help =
        "that is right where a program writes to `/proc/net/xt_recent`; otherwise a rule with `--set` is missing";
    (!may_be_filled).then(|| finding.severity(Severity::Info).help(help))
}

/// A client of one endpoint who is sent to another, which notes its clients in a list of its own.
fn elsewhere(input: &Input<'_, '_>, (id, check): Use<'_, '_>, sets: &[Use<'_, '_>]) -> Option<Finding> {
    let to = input.ruleset.rule(id)?.leads_to().filter(|to| is_service(input, id.chain) && is_endpoint(input, *to))?;
    if check.what == What::Update || sets.iter().any(|(set, _)| set.chain == to) {
        return None;
    }
    let (set, _) = sets.iter().find(|(set, _)| is_endpoint(input, set.chain))?;
    let (here, there) = (input.ruleset.name(to), input.ruleset.name(set.chain));
    let finding = Finding::new(format!("clients whom `{there}` has noted are sent to `{here}`"))
        .at(id, "asks the list of another endpoint")
        .at(*set, "notes them");
    Some(finding.help(help(input, id.chain)))
}

/// A chain that draws endpoints which note their clients, and does not ask for those.
fn never_asked(input: &Input<'_, '_>, chain: ChainId, sets: &Sets<'_, '_>) -> Option<Finding> {
    let asked: FxHashSet<&str> =
        input.rules(chain).flat_map(|(_, rule)| recents(rule)).map(|recent| &*recent.name).collect();
    let noting = |rule: &Rule<'_>| {
        let to = rule.leads_to().filter(|to| is_endpoint(input, *to))?;
        sets.by_chain.get(&to).filter(|(_, recent)| !asked.contains(&*recent.name))
    };
    let (id, (set, _)) = input.rules(chain).find_map(|(id, rule)| Some((id, noting(rule)?)))?;
    let to = input.service(chain).map_or_else(|| format!("`{}`", input.ruleset.name(chain)), ToString::to_string);
    let finding = Finding::new(format!("clients of {to} are noted, but not sent back to their endpoint"))
        .at(id, "draws without having asked for remembered clients")
        .at(*set, "notes them");
    Some(finding.help(help(input, chain)))
}

/// Rules of one chain that remember for different times.
fn unlike_seconds(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let all = input.rules(chain).flat_map(|(id, rule)| recents(rule).map(move |recent| (id, recent)));
    let mut checks = all.filter(|(_, recent)| asks(recent));
    let (first, one) = checks.next()?;
    let (second, _) = checks.find(|(_, other)| other.seconds != one.seconds)?;
    let finding =
        Finding::new(format!("`{}` remembers clients of its endpoints for different times", input.ruleset.name(chain)))
            .at(second, "remembers for another time")
            .at(first, "than this one");
    Some(finding.help(help(input, chain)))
}

fn help(input: &Input<'_, '_>, chain: ChainId) -> String {
    match input.owner(chain) {
        Some(owner) => format!("restart {owner}, which writes all its rules anew"),
        None => "give the rules with `--set` and with `--rcheck` the same name and mask".to_owned(),
    }
}
