//! KPT409: a rule wipes out the mark by which nat masquerades, or two programs mark packets with the same bits.

use std::collections::BTreeMap;

use crate::analyze::{Acceptors, masquerade_bits, packets};
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Owner, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::{self, Filter, Mangle, Nat};
use crate::space::{Reach, Reading, Space, arriving};

pub(super) static LINT: Lint = Lint {
    code: "KPT409",
    name: "mark-conflict",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/mark-conflict.md"),
    check,
};

/// Where a packet passes between the mark and what masquerades by it. That of this host passes OUTPUT of nat only behind
/// OUTPUT of mangle.
const BETWEEN: [(TableName, Hook); 4] =
    [(Mangle, Hook::Forward), (Filter, Hook::Forward), (Mangle, Hook::Postrouting), (Nat, Hook::Postrouting)];
/// Endpoints that are tried.
const MOST_ENDPOINTS: usize = 100;
/// Both carry out the port mappings of containers, and mean the same by their mark.
const SAME_MARK: [&str; 2] = ["CNI plugins", "netavark"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if let Some(bits) = masquerade_bits(input.ruleset).filter(|_| !input.ruleset.is_mixed()) {
        for (table, hook) in BETWEEN {
            let tables = input.ruleset.tables_named(table);
            for base in tables.filter_map(|table| input.ruleset.base(table, hook)) {
                let groups = of_one_owner(input, wipers(input, base, bits));
                findings.extend(groups.iter().filter_map(|wipers| wiped(input, bits, wipers)));
            }
        }
    }
    shared(input, findings);
}

/// A rule that takes the mark from packets of Services.
struct Wiper {
    rule: RuleId,
    /// Every one that it asks for, as far as is known.
    is_certain: bool,
}

/// Those that packets come to by way of `base` before they are masqueraded.
fn wipers(input: &Input<'_, '_>, base: ChainId, bits: u32) -> Vec<Wiper> {
    let leads_to_masquerade =
        |rule: &Rule<'_>| rule.leads_to().is_some_and(|to| input.ruleset.name(to) == "KUBE-POSTROUTING");
    let front: Vec<_> = input.rules(base).take_while(|(_, rule)| !leads_to_masquerade(rule)).collect();
    let found: BTreeMap<RuleId, usize> = front
        .iter()
        .enumerate()
        .rev()
        .flat_map(|(at, rule)| input.with_called(*rule).into_iter().map(move |(id, rule)| (at, id, rule)))
        .filter(|(_, id, rule)| wipes(rule, bits) && input.role(id.chain).is_none() && !masquerades_after(input, *id))
        .map(|(at, id, _)| (id, at))
        .collect();
    if found.is_empty() {
        return Vec::new();
    }
    let (marked, arriving) = (marked(input, bits), arriving(input.ruleset, base.table, &mut Reach::new(input.ruleset)));
    let wiper = |(id, at): (RuleId, usize)| {
        let before = front.iter().take(at).flat_map(|rule| input.with_called(*rule)).map(|(_, rule)| rule);
        let before = Acceptors::among(input.ruleset.family, before);
        let mut coming = marked.iter().filter(|packets| !before.may_accept(packets));
        let reading = Reading::of(input.ruleset.rule(id)?, input.ruleset.family);
        let meets = |packets: &Space| {
            arriving.get(&id.chain).is_none_or(|here| here.overlaps(packets)) && reading.upper.overlaps(packets)
        };
        coming.any(meets).then_some(Wiper { rule: id, is_certain: reading.certain && id.chain == base })
    };
    found.into_iter().filter_map(wiper).collect()
}

/// Does it leave less of the mark `bits` than was there?
fn wipes(rule: &Rule<'_>, bits: u32) -> bool {
    match &rule.then {
        Then::Target(Target::Mark(mark)) => mark.set.set_in(bits) & bits != bits,
        Then::Target(Target::ConnMark(connmark)) => connmark.restores().is_some_and(|mask| mask & bits != 0),
        _ => false,
    }
}

/// Do the rules behind it masquerade what it took the mark from?
fn masquerades_after(input: &Input<'_, '_>, id: RuleId) -> bool {
    let mut behind = input.rules(id.chain).skip(id.number() as usize);
    behind.any(|(_, rule)| matches!(rule.then, Then::Target(Target::Masquerade(_) | Target::Snat(_))))
}

/// The first packets of connections that Services have sent to endpoints and marked.
fn marked(input: &Input<'_, '_>, bits: u32) -> Vec<Space> {
    let words = |to| format!("-d {to} -m mark --mark {bits:#x}/{bits:#x} -m conntrack --ctstate NEW");
    let endpoints = input.endpoints();
    endpoints.keys().take(MOST_ENDPOINTS).map(|to| packets(input.ruleset.family, &words(to))).collect()
}

/// Rules of one program together, each other one by itself.
fn of_one_owner(input: &Input<'_, '_>, wipers: Vec<Wiper>) -> Vec<Vec<Wiper>> {
    let mut groups: Vec<(Option<Owner>, Vec<Wiper>)> = Vec::new();
    for wiper in wipers {
        let owner = input.owner(wiper.rule.chain);
        match groups.iter_mut().find(|(known, _)| owner.is_some() && *known == owner) {
            Some((_, group)) => group.push(wiper),
            None => groups.push((owner, vec![wiper])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn wiped(input: &Input<'_, '_>, bits: u32, wipers: &[Wiper]) -> Option<Finding> {
    let first = wipers.first()?;
    let chain = input.ruleset.name(first.rule.chain);
    let message = format!(
        "`{chain}` takes the mark {bits:#x} from connections of Services, so that `KUBE-POSTROUTING` does not masquerade them"
    );
    let confidence = if first.is_certain { Confidence::Exact } else { Confidence::Heuristic };
    let finding = wipers.iter().fold(Finding::new(message).confidence(confidence), |finding, wiper| {
        finding.at(wiper.rule, "writes bits that are not its own")
    });
    Some(finding.help("name the bits that the rule means, as in `--set-xmark 0x20/0x20`, `--restore-mark --mask 0x20`"))
}

/// Programs whose rules mark packets with the same bits; what others do to kube-proxy's was looked at above.
fn shared(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut written: BTreeMap<Owner, Vec<(u32, RuleId)>> = BTreeMap::new();
    for chain in input.chains().filter(|chain| input.is_reached(*chain)) {
        let Some(owner) = input.owner(chain).filter(|owner| owner.as_str() != "kube-proxy") else { continue };
        for (id, rule) in input.rules(chain) {
            if let Then::Target(Target::Mark(mark)) = &rule.then {
                let bits = mark.set.mask | mark.set.value;
                let known = written.entry(owner).or_default();
                if known.iter().all(|(others, _)| bits & !others != 0) {
                    known.push((bits, id));
                }
            }
        }
    }
    let owners: Vec<_> = written.iter().collect();
    for (at, (one, of_one)) in owners.iter().enumerate() {
        for (other, of_other) in owners.iter().skip(at + 1).filter(|(other, _)| !mean_the_same(**one, **other)) {
            let pairs = of_one.iter().flat_map(|one| of_other.iter().map(move |other| (one, other)));
            let clash = pairs.into_iter().find(|((one, _), (other, _))| one & other != 0);
            findings.extend(clash.map(|(of_one, of_other)| clashing((**one, *of_one), (**other, *of_other))));
        }
    }
}

fn mean_the_same(one: Owner, other: Owner) -> bool {
    [one, other].iter().all(|owner| SAME_MARK.contains(&owner.as_str()))
}

fn clashing(
    (one, (bits, rule)): (Owner, (u32, RuleId)),
    (other, (others, rule_of_other)): (Owner, (u32, RuleId)),
) -> Finding {
    let both = bits & others;
    Finding::new(format!(
        "{one} and {other} mark packets with the same bits, {both:#x}: each may take the other's mark for its own"
    ))
    .confidence(Confidence::Heuristic)
    .key(format!("{one} {other}"))
    .at(rule, format!("{one} writes {bits:#x}"))
    .at(rule_of_other, format!("{other} writes {others:#x}"))
    .help("give one of them other bits in its settings, such as `iptablesMarkMask` of Felix")
}
