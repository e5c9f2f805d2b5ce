//! KPT301: lists of remembered clients that are asked and not filled, or filled and not asked, or not alike on both sides.

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

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

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    // A list may be filled by a rule that is not understood.
    if input.all_rules().any(|(_, rule)| is_unclear(rule)) {
        return findings.skip("lists of recent clients: the input has rules that are not understood");
    }
    let all = || input.all_rules().flat_map(|(id, rule)| recents(rule).map(move |recent| (id, recent)));
    let sets: Vec<_> = all().filter(|(_, recent)| recent.what == What::Set).collect();
    let notes = Notes::of(&sets);
    let mut done = HashSet::new();
    for (id, check) in all().filter(|(_, recent)| asks(recent)) {
        let noted = notes.by_list.get(&*check.name).map_or(&[] as &[_], Vec::as_slice);
        let finding = match noted.first() {
            None => never_filled(input, id, check),
            Some((set, _)) if !noted.iter().any(|(_, set)| is_alike(set, check)) => {
                Some(unlike(input, id, *set, check))
            }
            Some(_) => elsewhere(input, id, check, noted),
        };
        if let Some(finding) = finding {
            done.insert(id.chain);
            findings.add(finding);
        }
    }
    for chain in input.chains_of(TableName::Nat).filter(|chain| is_service(input, *chain) && !done.contains(chain)) {
        findings.extend(never_asked(input, chain, &notes).or_else(|| unlike_seconds(input, chain)));
    }
}

/// A rule that notes addresses, and in which list.
type Note<'r, 't> = (RuleId, &'r Recent<'t>);

/// Every rule that notes addresses, by its list and by its chain.
struct Notes<'r, 't> {
    by_list: HashMap<&'r str, Vec<Note<'r, 't>>>,
    by_chain: HashMap<ChainId, Note<'r, 't>>,
}

impl<'r, 't> Notes<'r, 't> {
    fn of(sets: &[Note<'r, 't>]) -> Self {
        let (mut by_list, mut by_chain) = (HashMap::<_, Vec<_>>::new(), HashMap::new());
        for (id, recent) in sets {
            by_list.entry(&*recent.name).or_default().push((*id, *recent));
            by_chain.entry(id.chain).or_insert((*id, *recent));
        }
        Self { by_list, by_chain }
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

fn asks(recent: &Recent<'_>) -> bool {
    !recent.not && matches!(recent.what, What::Check | What::Update)
}

fn is_service(input: &Input<'_, '_>, chain: ChainId) -> bool {
    matches!(input.role(chain), Some(Role::Cluster(_) | Role::Local(_) | Role::External(_)))
}

/// Do both look at the same bits of the same address?
fn is_alike(one: &Recent<'_>, other: &Recent<'_>) -> bool {
    let mask = |recent: &Recent<'_>| recent.mask.filter(|mask| !is_full(*mask));
    one.dest == other.dest && mask(one) == mask(other)
}

fn is_full(mask: IpAddr) -> bool {
    match mask {
        IpAddr::V4(mask) => mask.to_bits() == u32::MAX,
        IpAddr::V6(mask) => mask.to_bits() == u128::MAX,
    }
}

/// A list that no rule fills. Outside kube-proxy's chains a program may do so.
fn never_filled(input: &Input<'_, '_>, id: RuleId, check: &Recent<'_>) -> Option<Finding> {
    let is_service = is_service(input, id.chain);
    let may_be_filled = input.owner(id.chain).is_some() || TableName::ALL.iter().any(|table| input.is_missing(*table));
    if !is_service && may_be_filled {
        return None;
    }
    let list = &check.name;
    let finding =
        Finding::new(format!("no rule notes addresses in the list `{list}`, so that nobody is ever found there"))
            .at(id, "asks the list")
            .key(list.to_string());
    Some(if is_service {
        finding.help(help(input, id.chain))
    } else {
        finding.severity(Severity::Info).help(
            "that is right where a program writes to `/proc/net/xt_recent`; otherwise a rule with `--set` is missing",
        )
    })
}

fn unlike(input: &Input<'_, '_>, id: RuleId, set: RuleId, check: &Recent<'_>) -> Finding {
    let list = &check.name;
    Finding::new(format!("the list `{list}` is asked for other addresses than are noted in it"))
        .at(id, "asks the list")
        .at(set, "notes with another mask, or the other address")
        .key(list.to_string())
        .help(help(input, id.chain))
}

/// A client of one endpoint who is sent to another, which notes its clients in a list of its own.
fn elsewhere(input: &Input<'_, '_>, id: RuleId, check: &Recent<'_>, noted: &[Note<'_, '_>]) -> Option<Finding> {
    let to = input.ruleset.rule(id)?.leads_to().filter(|_| is_service(input, id.chain))?;
    let is_endpoint = matches!(input.role(to), Some(Role::Endpoint(_)));
    if !is_endpoint || check.what == What::Update || noted.iter().any(|(set, _)| set.chain == to) {
        return None;
    }
    let (set, _) = noted.first().filter(|(set, _)| matches!(input.role(set.chain), Some(Role::Endpoint(_))))?;
    let (here, there) = (input.ruleset.name(to), input.ruleset.name(set.chain));
    let finding = Finding::new(format!("clients whom `{there}` has noted are sent to `{here}`"))
        .at(id, "asks the list of another endpoint")
        .at(*set, "notes them");
    Some(finding.help(help(input, id.chain)))
}

/// A chain that draws endpoints that note their clients, and does not ask for them.
fn never_asked(input: &Input<'_, '_>, chain: ChainId, notes: &Notes<'_, '_>) -> Option<Finding> {
    let asked: HashSet<_> = input.rules(chain).flat_map(|(_, rule)| recents(rule)).map(|recent| &recent.name).collect();
    let noting = |rule: &Rule<'_>| {
        let to = rule.leads_to().filter(|to| matches!(input.role(*to), Some(Role::Endpoint(_))))?;
        notes.by_chain.get(&to).copied()
    };
    let (id, (set, _)) = input
        .rules(chain)
        .filter_map(|(id, rule)| Some((id, noting(rule)?)))
        .find(|(_, (_, recent))| !asked.contains(&recent.name))?;
    let to = input.service(chain).map_or_else(|| format!("`{}`", input.ruleset.name(chain)), ToString::to_string);
    let finding = Finding::new(format!("clients of {to} are noted, but not sent back to their endpoint"))
        .at(id, "draws without having asked for remembered clients")
        .at(set, "notes them");
    Some(finding.help(help(input, chain)))
}

/// Rules of one chain that remember for different times.
fn unlike_seconds(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let checks = || {
        input
            .rules(chain)
            .flat_map(|(id, rule)| recents(rule).filter(|recent| asks(recent)).map(move |recent| (id, recent)))
    };
    let (first, seconds) = checks().map(|(id, recent)| (id, recent.seconds)).next()?;
    let (other, _) = checks().find(|(_, recent)| recent.seconds != seconds)?;
    let finding = Finding::new(format!("`{}` remembers clients for different times", input.ruleset.name(chain)))
        .at(other, "remembers for another time")
        .at(first, "than this one");
    Some(finding.help(help(input, chain)))
}

fn help(input: &Input<'_, '_>, chain: ChainId) -> String {
    match input.owner(chain) {
        Some(owner) => format!("restart {owner}, which writes all its rules anew"),
        None => "give the rules with `--set` and with `--rcheck` the same name, mask and side".to_owned(),
    }
}
