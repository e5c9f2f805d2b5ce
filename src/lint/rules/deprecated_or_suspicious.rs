//! KPT904: words that work today and should be others, and values that are most likely not meant.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::packet::Net;
use crate::ruleset::{Rule, RuleId, TableId, Then};

pub(super) static LINT: Lint = Lint {
    code: "KPT904",
    name: "deprecated-or-suspicious",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/deprecated-or-suspicious.md"),
    check,
};

/// What is wrong with a rule.
struct Fault {
    /// Tells it from others of the same table.
    key: &'static str,
    effect: String,
    help: String,
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut all: BTreeMap<(TableId, &'static str), Vec<(RuleId, Fault)>> = BTreeMap::new();
    for (id, rule) in input.all_rules().filter(|(id, _)| input.owner(id.chain).is_none()) {
        for fault in faults(input, rule) {
            all.entry((id.chain.table, fault.key)).or_default().push((id, fault));
        }
    }
    findings.extend(all.values().filter_map(|rules| finding(rules)));
}

fn faults(input: &Input<'_, '_>, rule: &Rule<'_>) -> Vec<Fault> {
    let text = input.source.slice(rule.span);
    let words: Vec<_> = text.split_whitespace().collect();
    let mut faults = Vec::new();
    if rule.matches.iter().any(|extension| matches!(extension, Match::State(_))) {
        faults.push(Fault {
            key: "state",
            effect: "`-m state` is kept for old rules only".to_owned(),
            help: "write `-m conntrack --ctstate` for `-m state --state`".to_owned(),
        });
    }
    faults.extend(target_fault(rule));
    faults.extend(pairs(&words).find_map(|(option, value)| masked(option, value)));
    faults.extend(pairs(&words).find_map(|(option, value)| port_fault(option, value)));
    faults
}

fn pairs<'w>(words: &'w [&'w str]) -> impl Iterator<Item = (&'w str, &'w str)> {
    // What stands in a comment is no option.
    let end = words.iter().position(|word| *word == "--comment").unwrap_or(words.len());
    words.iter().copied().take(end).zip(words.iter().copied().skip(1))
}

fn target_fault(rule: &Rule<'_>) -> Option<Fault> {
    let Then::Target(target) = &rule.then else { return None };
    let gone = |name: &str, help: &str| Fault {
        key: "target",
        effect: format!("`{name}` is not in today's kernels, which refuse the whole table"),
        help: help.to_owned(),
    };
    match target {
        // NodeLocal DNS and Cilium write it so themselves.
        Target::NoTrack(_) if rule.comments().next().is_none() => Some(Fault {
            key: "target",
            effect: "`NOTRACK` is kept for old rules only".to_owned(),
            help: "write `-j CT --notrack`".to_owned(),
        }),
        Target::Ulog(_) => Some(gone("ULOG", "write `-j NFLOG`; Linux 3.17 removed ULOG")),
        Target::ClusterIp(_) => Some(gone("CLUSTERIP", "use `-m cluster` or keepalived")),
        _ => None,
    }
}

/// An address with bits that its mask leaves out: what it means is another network than it shows.
fn masked(option: &str, value: &str) -> Option<Fault> {
    if !matches!(option, "-s" | "-d" | "--source" | "--destination" | "--src" | "--dst") {
        return None;
    }
    let (address, _) = value.split_once('/')?;
    let (address, net) = (address.parse::<IpAddr>().ok()?, value.parse::<Net>().ok()?);
    let shown = match (net, address) {
        (Net::V4(kept, _), IpAddr::V4(address)) => kept == address.to_bits(),
        (Net::V6(kept, _), IpAddr::V6(address)) => kept == address.to_bits(),
        _ => true,
    };
    (!shown).then(|| Fault {
        key: "mask",
        effect: format!("`{option} {value}` means {net}, not one address"),
        help: format!("write `{option} {net}` if the network is meant, or `{option} {address}` if the address is"),
    })
}

/// Ports that are no test, or one that nothing uses.
fn port_fault(option: &str, value: &str) -> Option<Fault> {
    if !matches!(option, "--dport" | "--dports" | "--sport" | "--sports" | "--destination-port" | "--source-port") {
        return None;
    }
    match value {
        "0" => Some(Fault {
            key: "port",
            effect: format!("`{option} 0` matches a port that no program uses"),
            help: "write the port that is meant; for every port leave the option out".to_owned(),
        }),
        "0:65535" | "0:" | ":65535" | ":" => Some(Fault {
            key: "port",
            effect: format!("`{option} {value}` matches every port"),
            help: "leave it out, or write the ports that are meant".to_owned(),
        }),
        _ => None,
    }
}

/// One finding for each thing in a table, however many rules have it.
fn finding(rules: &[(RuleId, Fault)]) -> Option<Finding> {
    let ((id, fault), others) = rules.split_first()?;
    let more = match others.len() {
        0 => String::new(),
        1 => ", here and in another rule of this table".to_owned(),
        more => format!(", here and in {more} more rules of this table"),
    };
    Some(Finding::new(format!("{}{more}", fault.effect)).key(fault.key).at(*id, "here").help(fault.help.clone()))
}
