//! KPT801: node ports are open on 127.0.0.1, and nothing keeps neighbours away from it.

use crate::analyze::Stance;
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Mode, Need, Severity};
use crate::packet::Net;
use crate::ruleset::{AddressTest, Rule, RuleId, Test, Then};
use crate::save::Family;
use crate::save::Hook;
use crate::save::TableName::{Filter, Mangle, Nat, Raw};

pub(super) static LINT: Lint = Lint {
    code: "KPT801",
    name: "localnet-guard-missing",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Whole, Need::Table(Nat), Need::Table(Filter)],
    page: include_str!("../../../docs/lints/localnet-guard-missing.md"),
    check,
};

/// What makes the kernel take packets for 127.0.0.0/8 from the network.
const SYSCTL: &str = "net.ipv4.conf.all.route_localnet";
/// 127.0.0.0/8
const LOCALNET: Net = Net::V4(0x7f00_0000, 0xff00_0000);

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.family == Family::V6 || input.mode() != Mode::Iptables {
        return;
    }
    let severity = match input.facts.sysctl(SYSCTL) {
        Some("0") => return,
        Some(_) => Severity::Warning,
        None => Severity::Info,
    };
    if let Some(rule) = opened(input).filter(|_| !is_guarded(input)) {
        findings.add(finding(input, rule, severity));
    }
}

/// The rule that leads what is for 127.0.0.0/8 to the node ports.
fn opened(input: &Input<'_, '_>) -> Option<RuleId> {
    let services = input.chains_of(Nat).filter(|chain| input.role(*chain) == Some(Role::Services));
    let leads = |rule: &Rule<'_>| {
        rule.leads_to().is_some_and(|to| input.role(to) == Some(Role::NodePorts) && !input.ruleset.rules(to).is_empty())
    };
    let passes = |rule: &Rule<'_>| rule.header.is_open() && rule.matches.iter().all(is_local_or_comment);
    services.flat_map(|chain| input.rules(chain)).find(|(_, rule)| leads(rule) && passes(rule)).map(|(id, _)| id)
}

fn is_local_or_comment(extension: &Match<'_>) -> bool {
    match extension {
        Match::Comment(_) => true,
        Match::AddrType(_) => extension.to_string().contains("--dst-type LOCAL"),
        _ => false,
    }
}

/// Does anything that packets for this host meet deny what is for 127.0.0.0/8? Where something denies by default, or is not
/// understood, it may.
fn is_guarded(input: &Input<'_, '_>) -> bool {
    let denies = input.ruleset.tables_named(Filter).any(|table| {
        input
            .ruleset
            .base(table, Hook::Input)
            .is_some_and(|base| !matches!(Stance::of(input.ruleset, base), Stance::Accepts(_)))
    });
    let places = [(Raw, Hook::Prerouting), (Mangle, Hook::Prerouting), (Mangle, Hook::Input), (Filter, Hook::Input)];
    let reached = places.into_iter().flat_map(|(table, hook)| {
        input.ruleset.tables_named(table).flat_map(move |table| input.reached_from(table, hook))
    });
    denies || reached.flat_map(|chain| input.ruleset.rules(chain)).any(guards)
}

fn guards(rule: &Rule<'_>) -> bool {
    let localnet = matches!(rule.header.dst.as_deref(), Some(Test { not: false, value: AddressTest::Net(net) }) if *net == LOCALNET);
    match &rule.then {
        Then::Target(Target::Drop(_) | Target::Reject(_)) => localnet,
        Then::Target(Target::Unread(_)) | Then::Unreadable => true,
        _ => false,
    }
}

fn finding(input: &Input<'_, '_>, rule: RuleId, severity: Severity) -> Finding {
    let known =
        if severity == Severity::Warning { "" } else { ", if `route_localnet` is on, as kube-proxy turns it on" };
    let message = format!("neighbours on the network can reach what listens at 127.0.0.1 of this host only{known}");
    let finding = Finding::new(message).severity(severity).at(rule, "also takes what is for 127.0.0.0/8");
    let firewall = input.ruleset.find_any(Filter, "KUBE-FIREWALL").find(|chain| input.chain_line(*chain).is_some());
    let finding = match firewall {
        Some(chain) => finding.at(chain, "has no rule for 127.0.0.0/8"),
        None => finding,
    };
    finding
        .help(
            "bring kubelet and kube-proxy to a version that drops such packets (1.18.4 and later), or run kube-proxy with \
             `--iptables-localhost-nodeports=false` and set net.ipv4.conf.all.route_localnet=0",
        )
        .command(
            "iptables -I INPUT ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP",
        )
}
