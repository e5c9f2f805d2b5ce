//! KPT806: what IPv4 denies, IPv6 lets through.

use crate::analyze::{Breadth, By, Stance};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Net;
use crate::ruleset::{Rule, Ruleset, Then};
use crate::save::Family;
use crate::save::Hook;
use crate::save::TableName::{Filter, Nat};

pub(super) static LINT: Lint = Lint {
    code: "KPT806",
    name: "ipv6-unfiltered",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Whole, Need::OtherFamily, Need::Table(Filter)],
    page: include_str!("../../../docs/lints/ipv6-unfiltered.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let Some(other) = input.other.filter(|other| other.family == Family::V4 && !other.fragment) else { return };
    let disabled = input.facts.sysctl("net.ipv6.conf.all.disable_ipv6") == Some("1");
    if disabled || input.ruleset.family != Family::V6 {
        return;
    }
    for hook in [Hook::Input, Hook::Forward] {
        if hook == Hook::Forward && !forwards(input) {
            continue;
        }
        findings.extend(finding(input, other, hook));
    }
}

/// Is IPv6 forwarded at all: does nat translate, are there pods, is the switch on?
fn forwards(input: &Input<'_, '_>) -> bool {
    let translates =
        |rule: &Rule<'_>| matches!(&rule.then, Then::Target(Target::Dnat(_) | Target::Masquerade(_) | Target::Snat(_)));
    let pods = input.facts.pod_cidrs.as_deref().unwrap_or_default().iter().any(|net| matches!(net, Net::V6(..)));
    let switch = input.facts.sysctl("net.ipv6.conf.all.forwarding");
    let nat = || input.chains_of(Nat).flat_map(|chain| input.ruleset.rules(chain)).any(translates);
    switch.map_or_else(|| pods || nat(), |switch| switch != "0")
}

/// The only chain of filter at a hook; with both backends, nobody can say which decides.
fn base(ruleset: &Ruleset<'_>, hook: Hook) -> Option<crate::ruleset::ChainId> {
    let mut tables = ruleset.tables_named(Filter);
    tables.next().filter(|_| !ruleset.is_mixed()).and_then(|table| ruleset.base(table, hook))
}

fn finding(input: &Input<'_, '_>, other: &Ruleset<'_>, hook: Hook) -> Option<Finding> {
    let (open, closed) = (base(input.ruleset, hook)?, base(other, hook)?);
    let Stance::Accepts(by) = Stance::of(input.ruleset, open) else { return None };
    let traffic = if hook == Hook::Input { "what is for this host" } else { "what this host forwards" };
    let finding = match Stance::of(other, closed) {
        Stance::Denies(By::Rule(rule)) => {
            let span = other.rule(rule)?.span;
            let message = format!("over IPv6 {traffic} is let in by default: `{hook}` denies over IPv4 only");
            placed(Finding::new(message), open, by).at(span, "denies over IPv4")
        }
        Stance::Denies(By::Policy(_)) => {
            let message = format!("over IPv6 {traffic} is let in by default: `{hook}` denies over IPv4 only");
            let line = other.chain(closed)?.line?;
            placed(Finding::new(message), open, by).at(crate::lint::Place::Line(line), "denies over IPv4")
        }
        Stance::Accepts(_) if hook == Hook::Input => {
            let rule = other.rules(closed).iter().find(|rule| denies_port(rule) && !has_like(input, rule))?;
            let port = rule.dport()?;
            placed(Finding::new(format!("port {port} is denied over IPv4 and open over IPv6")), open, by)
                .key(port.to_string())
                .at(rule.span, "denies over IPv4")
        }
        _ => return None,
    };
    Some(finding.help(
        "write for ip6tables what there is for iptables, with ICMPv6 let through, without which IPv6 does not work",
    ))
}

fn placed(finding: Finding, open: crate::ruleset::ChainId, by: By) -> Finding {
    match by {
        By::Rule(rule) => finding.at(rule, "accepts the rest over IPv6"),
        By::Policy(_) => finding.at(open, "accepts the rest over IPv6"),
    }
}

/// Does it deny a port for everybody?
fn denies_port(rule: &Rule<'_>) -> bool {
    let plain = |extension: &Match<'_>| matches!(extension, Match::Tcp(_) | Match::Udp(_) | Match::Comment(_));
    is_denial(rule) && rule.dport().is_some() && rule.header.is_open() && rule.matches.iter().all(plain)
}

fn is_denial(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Drop(_) | Target::Reject(_)))
}

/// May a rule for IPv6 deny the same port?
fn has_like(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    let reached = input.ruleset.tables_named(Filter).flat_map(|table| input.reached_from(table, Hook::Input));
    let may = |like: &Rule<'_>| {
        let denies = is_denial(like) || matches!(&like.then, Then::Unreadable | Then::Target(Target::Unread(_)));
        let named = like.dport().is_none_or(|port| Some(port) == rule.dport());
        denies
            && named
            && Breadth::of(like) >= Breadth::Broad
            && !matches!(like.header.protocol, Some(ref test) if !test.not && Some(test.value) != rule.header.protocol.as_ref().map(|test| test.value))
    };
    reached.flat_map(|chain| input.ruleset.rules(chain)).any(may)
}
