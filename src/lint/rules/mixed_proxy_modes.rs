//! KPT604: rules of two modes of kube-proxy on one node.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::{About, Role, read_comment};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::{Filter, Nat};

pub(super) static LINT: Lint = Lint {
    code: "KPT604",
    name: "mixed-proxy-modes",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/mixed-proxy-modes.md"),
    check,
};

/// A mode of kube-proxy that leaves rules in nat.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Iptables,
    Ipvs,
    Userspace,
}

const KINDS: [Kind; 3] = [Kind::Iptables, Kind::Ipvs, Kind::Userspace];

/// A rule of a mode, and whether packets come to it.
#[derive(Clone, Copy)]
struct Sign {
    kind: Kind,
    rule: RuleId,
    is_reached: bool,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Iptables => "iptables",
            Self::Ipvs => "IPVS",
            Self::Userspace => "userspace",
        }
    }
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let signs: Vec<_> = KINDS.into_iter().filter_map(|kind| sign(input, kind)).collect();
    if let [one, other, ..] = signs.as_slice() {
        findings.extend(mixed(*one, *other));
    }
    let ipvs = signs.iter().find(|sign| sign.kind == Kind::Ipvs && sign.is_reached);
    if ipvs.is_some() && input.is_missing(Filter) {
        findings.skip("whether filter refuses Services that IPVS serves: filter is not in the input");
    }
    let refusing = ipvs.and_then(|ipvs| Some((ipvs, refusing(input)?)));
    findings.extend(refusing.map(|(ipvs, (first, count))| refused(*ipvs, first, count)));
}

/// The first rule of a mode in nat, one that packets come to if there is one.
fn sign(input: &Input<'_, '_>, kind: Kind) -> Option<Sign> {
    let rules = || input.chains_of(Nat).filter_map(|chain| Some((chain, rule_of(input, chain, kind)?)));
    let reached = rules().find(|(chain, _)| input.is_reached(*chain));
    let is_reached = reached.is_some();
    reached.or_else(|| rules().next()).map(|(_, rule)| Sign { kind, rule, is_reached })
}

/// The first rule of a chain that only this mode writes.
fn rule_of(input: &Input<'_, '_>, chain: ChainId, kind: Kind) -> Option<RuleId> {
    let name = input.ruleset.name(chain);
    let whole = match kind {
        Kind::Iptables => input.role(chain).is_some_and(|role| role.service_hash().is_some()),
        Kind::Ipvs => matches!(name, "KUBE-NODE-PORT" | "KUBE-LOAD-BALANCER" | "KUBE-FIRE-WALL"),
        Kind::Userspace => name.starts_with("KUBE-PORTALS-") || name.starts_with("KUBE-NODEPORT-"),
    };
    // The chains that more than one mode has tell by what they ask for.
    let is_shared = kind == Kind::Ipvs && matches!(input.role(chain), Some(Role::Services | Role::Postrouting));
    let asks_set = |extension: &Match<'_>| {
        matches!(extension, Match::Set(_)) && extension.to_string().contains("--match-set KUBE-")
    };
    let mut rules = input.rules(chain).filter(|(_, rule)| whole || is_shared && rule.matches.iter().any(asks_set));
    rules.next().map(|(id, _)| id)
}

fn mixed(one: Sign, other: Sign) -> Option<Finding> {
    let (first, second) = if one.is_reached || !other.is_reached { (one, other) } else { (other, one) };
    let names = (first.kind.as_str(), second.kind.as_str());
    let finding = if second.is_reached {
        let message = format!(
            "what is for a Service meets rules of two modes of kube-proxy, {} and {}: which of them answers depends on their order",
            names.0, names.1
        );
        Finding::new(message)
    } else if second.kind == Kind::Iptables {
        // KPT603 tells of them.
        return None;
    } else {
        let message = format!(
            "rules of the {} mode of kube-proxy are left over beside those of {}: they make each load and save longer",
            names.1, names.0
        );
        Finding::new(message).severity(Severity::Info)
    };
    let label = |sign: Sign| format!("is of the {} mode", sign.kind.as_str());
    Some(finding.key("modes").at(second.rule, label(second)).at(first.rule, label(first)).help(CLEANUP))
}

const CLEANUP: &str = "drain the node, stop kube-proxy, run `kube-proxy --cleanup` once and start it again; where that fails, reboot the node";

/// The first rule of filter that refuses a Service of the iptables mode without endpoints, and how many there are.
fn refusing(input: &Input<'_, '_>) -> Option<(RuleId, usize)> {
    let chains = input.chains_of(Filter).filter(|chain| input.ruleset.name(*chain).starts_with("KUBE-"));
    // What IPVS serves comes to the host, or leaves it, with the address of the Service.
    let met = chains.filter(|chain| input.hooks_of(*chain).any(|hook| matches!(hook, Hook::Input | Hook::Output)));
    let mut rules = met.flat_map(|chain| input.rules(chain)).filter(|(_, rule)| {
        let about = rule.comments().find_map(read_comment);
        matches!(rule.then, Then::Target(Target::Reject(_))) && matches!(about, Some((_, About::NoEndpoints)))
    });
    let (first, _) = rules.next()?;
    Some((first, 1 + rules.count()))
}

fn refused(ipvs: Sign, first: RuleId, count: usize) -> Finding {
    let message = if count == 1 {
        "a Service is refused by a rule of the iptables mode, whether it has endpoints in IPVS or not".to_owned()
    } else {
        format!(
            "{count} addresses of Services are refused by rules of the iptables mode, whether they have endpoints in IPVS or not"
        )
    };
    Finding::new(message)
        .key("refused")
        .at(first, "is of the iptables mode, and nothing takes it away")
        .at(ipvs.rule, "is of the IPVS mode")
        .help(CLEANUP)
}
