//! KPT902: anybody outside can fill the log.

use std::collections::BTreeSet;

use crate::analyze::Breadth;
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::packet::Net;
use crate::ruleset::{AddressTest, ChainId, Header, Rule, RuleId, TableId, Test, Then};
use crate::save::Hook;
use crate::save::TableName::{self, Filter, Mangle, Nat, Raw};

pub(super) static LINT: Lint = Lint {
    code: "KPT902",
    name: "log-without-limit",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/log-without-limit.md"),
    check,
};

/// Where packets from outside come by.
const PLACES: [(TableName, Hook); 7] = [
    (Raw, Hook::Prerouting),
    (Mangle, Hook::Prerouting),
    (Mangle, Hook::Input),
    (Mangle, Hook::Forward),
    (Nat, Hook::Prerouting),
    (Filter, Hook::Input),
    (Filter, Hook::Forward),
];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut told = BTreeSet::new();
    for (table, hook) in PLACES {
        for table in input.ruleset.tables_named(table) {
            for chain in followed(input, table, hook) {
                let logs = loud(input, chain).filter(|id| told.insert(*id));
                findings.extend(logs.filter_map(|id| finding(input, id)));
            }
        }
    }
}

/// The chains that new packets from outside are led to without a limit, from the built-in one of a hook.
fn followed(input: &Input<'_, '_>, table: TableId, hook: Hook) -> BTreeSet<ChainId> {
    let mut seen = BTreeSet::new();
    let mut open: Vec<_> = input.ruleset.base(table, hook).into_iter().collect();
    while let Some(chain) = open.pop() {
        if seen.insert(chain) {
            open.extend(flooded(input, chain).filter_map(|(_, rule)| rule.leads_to()));
        }
    }
    seen
}

/// The rules of a chain that a flood from outside comes to, each as often as it likes.
fn flooded<'i, 't>(input: &'i Input<'_, 't>, chain: ChainId) -> impl Iterator<Item = (RuleId, &'i Rule<'t>)> {
    let mut over = false;
    let rules = input.rules(chain).map_while(move |(id, rule)| {
        let reached = !over;
        over |= ends(rule);
        reached.then_some((id, rule))
    });
    rules.filter(|(_, rule)| takes_floods(rule))
}

/// Does nothing come past the rule, or only what a limit, or something that may be one, has let past?
fn ends(rule: &Rule<'_>) -> bool {
    let goes = !matches!(&rule.then, Then::Next | Then::Jump(_)) && !rule.is_harmless();
    let counts = |extension: &Match<'_>| {
        matches!(
            extension,
            Match::Limit(_)
                | Match::HashLimit(_)
                | Match::Recent(_)
                | Match::Quota(_)
                | Match::ConnLimit(_)
                | Match::Unread(_)
        )
    };
    goes && (Breadth::of(rule) == Breadth::All || rule.matches.iter().any(counts))
        || matches!(rule.then, Then::Unreadable)
}

/// Does it match new packets that anybody outside may send, without a limit? What is not sure does not count.
fn takes_floods(rule: &Rule<'_>) -> bool {
    let Header { src, dst, input, output, fragment, .. } = &rule.header;
    let src = src.as_deref().is_none_or(|test| test.not || matches!(test.value, AddressTest::Net(net) if net.is_all()));
    let dst = dst.as_deref().is_none_or(|test| {
        let own = |net: Net| matches!(net, Net::V4(address, _) if address >> 24 == 127);
        matches!(test, Test { not: false, value: AddressTest::Net(net) } if !own(*net))
    });
    let outside = input.as_deref().is_none_or(|test| test.not || test.value.only() != Some("lo"));
    // What leaves by one interface may come from inside only.
    let inward = output.is_none() || input.is_some();
    src && dst && outside && inward && fragment.is_none() && rule.matches.iter().all(lets_floods)
}

fn lets_floods(extension: &Match<'_>) -> bool {
    let words = extension.to_string();
    match extension {
        Match::Comment(_)
        | Match::Multiport(_)
        | Match::Icmp(_)
        | Match::Icmp6(_)
        | Match::Tcp(_)
        | Match::Udp(_)
        | Match::Sctp(_) => true,
        Match::AddrType(_) => {
            words.contains("--dst-type LOCAL") && !words.contains("! ") && !words.contains("--src-type")
        }
        Match::Conntrack(_) | Match::State(_) => {
            let state = words.split_whitespace().skip_while(|word| !word.ends_with("state")).nth(1).unwrap_or_default();
            let starts = state.split(',').any(|state| matches!(state, "NEW" | "INVALID"));
            starts && !words.contains("! ") && words.matches("--").count() == 1
        }
        _ => false,
    }
}

/// The rules of a chain that log a flood.
fn loud(input: &Input<'_, '_>, chain: ChainId) -> impl Iterator<Item = RuleId> {
    let owned = input.owner(chain).is_some();
    flooded(input, chain).filter(move |(_, rule)| logs(rule, owned)).map(|(id, _)| id)
}

fn logs(rule: &Rule<'_>, owned: bool) -> bool {
    match &rule.then {
        Then::Target(Target::Log(_) | Target::Trace(_)) => true,
        // A manager counts or samples with it.
        Then::Target(target @ Target::NfLog(_)) => !owned && !target.to_string().contains("--nflog-threshold"),
        _ => false,
    }
}

fn finding(input: &Input<'_, '_>, id: RuleId) -> Option<Finding> {
    let rule = input.ruleset.rule(id)?;
    let Then::Target(target) = &rule.then else { return None };
    let name = target.name();
    let table = input.command(id.chain.table.name);
    let chain = input.ruleset.name(id.chain);
    let words = input.words(id);
    let limited = words.rfind(" -j ").map_or_else(
        || format!("-m limit --limit 10/min --limit-burst 20 {words}"),
        |at| {
            let (asks, does) = words.split_at(at);
            format!("{asks} -m limit --limit 10/min --limit-burst 20{does}")
        },
    );
    let finding = Finding::new(format!("anybody outside can fill the log by way of `{chain}`: `{name}` has no limit"))
        .at(id, "one line for each packet that comes here");
    Some(if matches!(target, Target::Trace(_)) {
        finding.help("delete it once you have seen what you wanted to").command(format!("{table} -D {chain} {words}"))
    } else {
        finding.help("log a few of them only; what the rule below does stays as it is").command(format!(
            "{table} -R {chain} {} {}",
            id.number(),
            limited.trim_start()
        ))
    })
}
