//! KPT411: a port is forwarded to another host, and FORWARD denies what is sent there.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::analyze::{Acceptors, By, Stance, masquerade_bits, packets};
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::{Filter, Nat};
use crate::space::{Axis, Reading, Space};

use super::default_drop_incomplete::decider;

pub(super) static LINT: Lint = Lint {
    code: "KPT411",
    name: "dnat-target-blocked",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole, Need::Table(Nat), Need::Table(Filter)],
    page: include_str!("../../../docs/lints/dnat-target-blocked.md"),
    check,
};

/// Destinations that are named; the others are counted.
const SHOWN: usize = 10;

/// Where a rule sends what it takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Destination {
    address: IpAddr,
    protocol: Protocol,
    port: Option<u16>,
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.is_mixed() {
        return;
    }
    let bases = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Forward));
    for base in bases {
        let Stance::Denies(by) = Stance::of(input.ruleset, base) else { continue };
        let acceptors = Acceptors::of(input.ruleset, input.reached_from(base.table, Hook::Forward));
        let mut denied = forwarded(input);
        denied.retain(|to, by| !acceptors.may_accept(&sent(input, to, *by)));
        findings.extend(finding(input, base, by, &denied));
    }
}

/// What has come from elsewhere, by an interface that the rule is for which gives it this destination, and begins a
/// connection. kube-proxy has not marked it.
fn sent(input: &Input<'_, '_>, to: &Destination, by: RuleId) -> Space {
    let bits = masquerade_bits(input.ruleset).unwrap_or_default();
    let words = format!("{to} ! -i lo -m conntrack --ctstate NEW -m mark --mark 0x0/{bits:#x}");
    let sent = packets(input.ruleset.family, &words);
    let Some(rule) = input.ruleset.rule(by) else { return sent };
    let asked = Reading::of(rule, input.ruleset.family).upper;
    let [asked] = asked.cubes() else { return sent };
    sent.each(|cube| match asked.on(Axis::Input) {
        Some(names) => cube.narrowed(Axis::Input, names),
        None => Some(cube),
    })
}

/// Where rules send what comes from the network, each with the first that does; but for what is sent to this host.
fn forwarded(input: &Input<'_, '_>) -> BTreeMap<Destination, RuleId> {
    // Of the endpoints of Services, KPT701 tells.
    let chains = input.chains_of(Nat).filter(|chain| input.role(*chain).is_none());
    let reached = chains.filter(|chain| input.is_reached_from(*chain, Hook::Prerouting));
    let mut destinations = BTreeMap::new();
    for (id, rule) in reached.flat_map(|chain| input.rules(chain)) {
        if let Some(to) = destination(rule).filter(|to| !is_of_host(input, to.address)) {
            destinations.entry(to).or_insert(id);
        }
    }
    destinations
}

fn destination(rule: &Rule<'_>) -> Option<Destination> {
    let Then::Target(Target::Dnat(dnat)) = &rule.then else { return None };
    let (address, port) = dnat.only();
    let protocol = rule.header.protocol.as_ref().filter(|test| !test.not)?.value;
    let has_ports = [Protocol::TCP, Protocol::UDP].contains(&protocol);
    has_ports.then_some(Destination { address: address?, protocol, port: port.or(rule.dport()) })
}

fn is_of_host(input: &Input<'_, '_>, address: IpAddr) -> bool {
    let own = input.facts.node_addresses.as_deref().unwrap_or_default();
    address.is_loopback() || address.is_unspecified() || own.contains(&address)
}

fn finding(input: &Input<'_, '_>, base: ChainId, by: By, denied: &BTreeMap<Destination, RuleId>) -> Option<Finding> {
    let (first, _) = denied.first_key_value()?;
    let chain = input.ruleset.name(base);
    let more = match denied.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let message = format!("`{chain}` denies what nat sends to {}{more}: no rule accepts it", first.name());
    // Whether an address is one of this host only the host can say.
    let confidence = match input.facts.node_addresses {
        Some(_) => Confidence::Exact,
        None => Confidence::Heuristic,
    };
    let sent = denied.iter().take(SHOWN);
    let finding = sent.clone().fold(Finding::new(message).confidence(confidence), |finding, (to, rule)| {
        finding.at(*rule, format!("sends it to {}", to.name()))
    });
    let finding = finding
        .at(decider(by), "denies it")
        .help("accept it in FORWARD by the address and port that nat gives it, as filter sees no others");
    let program = input.command(Filter);
    Some(sent.fold(finding, |finding, (to, _)| {
        finding.command(format!("{program} -I {chain} {to} -m conntrack --ctstate NEW -j ACCEPT"))
    }))
}

impl Destination {
    fn name(&self) -> String {
        match (self.address, self.port) {
            (IpAddr::V6(address), Some(port)) => format!("[{address}]:{port}"),
            (address, Some(port)) => format!("{address}:{port}"),
            (address, None) => address.to_string(),
        }
    }
}

/// The words that ask for it.
impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let protocol = self.protocol;
        write!(f, "-d {} -p {protocol}", self.address)?;
        self.port.map_or(Ok(()), |port| write!(f, " -m {protocol} --dport {port}"))
    }
}
