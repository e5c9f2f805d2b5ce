//! KPT204: addresses of Services that nobody serves, and whether clients are told so.

use std::collections::{BTreeSet, HashSet};
use std::net::IpAddr;

use crate::analyze::may_rewrite;
use crate::extension::targets::Target;
use crate::kube::{self, Entry, Role, Via};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::{Net, Protocol};
use crate::ruleset::{AddressTest, ChainId, Rule, Test, Then};
use crate::save::TableName;

/// Services that a message names.
const NAMED: usize = 5;

pub(super) static LINT: Lint = Lint {
    code: "KPT204",
    name: "service-without-endpoints",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Table(TableName::Filter), Need::Whole],
    page: include_str!("../../../docs/lints/service-without-endpoints.md"),
    check,
};

/// What tells the addresses of Services apart.
type Place = (Option<IpAddr>, u16, Protocol);

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let (translated, refused): (Vec<_>, Vec<_>) =
        kube::entries(input.ruleset).partition(|entry| entry.rule.chain.table.name == TableName::Nat);
    let refused: Vec<_> =
        refused.into_iter().filter(|entry| entry.via != Via::HealthCheck && refuses(input, entry)).collect();
    // Before 1.21, an external address has several rules.
    let served = translated.iter().filter(|entry| is_served(input, entry)).map(place);
    let known: HashSet<Place> = served.chain(refused.iter().map(place)).collect();
    let mut hanging = translated.iter().filter(|entry| entry.address.is_some() && !known.contains(&place(entry)));
    if let Some(first) = hanging.next() {
        let refusing = Refusing::of(input);
        let hanging = std::iter::once(first).chain(hanging).filter(|entry| !refusing.covers(entry));
        findings.extend(hanging.filter_map(|entry| hangs(input, entry)));
    }
    findings.extend(told(&refused));
}

const fn place(entry: &Entry) -> Place {
    (entry.address, entry.port, entry.protocol)
}

/// Does an entry lead to an endpoint, or perhaps, or to something that is dropped?
fn is_served(input: &Input<'_, '_>, entry: &Entry) -> bool {
    // What the dump lacks may have endpoints.
    let Some(chain) = entry.chain else { return true };
    let reached = input.graph(chain.table).map(|graph| graph.reach(chain)).unwrap_or_default();
    reached.into_iter().any(|chain| input.role(chain) == Some(Role::MarkDrop) || serves(input, chain))
}

fn serves(input: &Input<'_, '_>, chain: ChainId) -> bool {
    let drops = |rule: &Rule<'_>| matches!(&rule.then, Then::Target(target) if target.name() == "KUBE-MARK-DROP");
    input.rules(chain).any(|(_, rule)| may_rewrite(rule) || drops(rule))
}

/// Does the rule of an entry in filter refuse or drop?
fn refuses(input: &Input<'_, '_>, entry: &Entry) -> bool {
    input
        .ruleset
        .rule(entry.rule)
        .is_some_and(|rule| matches!(rule.then, Then::Target(Target::Reject(_) | Target::Drop(_))))
}

/// What rules of filter refuse or drop, so that it was meant to be.
#[derive(Default)]
struct Refusing {
    /// By single addresses, with the port if one is asked for.
    single: HashSet<(IpAddr, Option<u16>)>,
    others: Vec<(Net, Option<u16>)>,
    /// Some rule cannot be read, or refuses whatever has this port.
    ports: Vec<Option<u16>>,
}

impl Refusing {
    fn of(input: &Input<'_, '_>) -> Self {
        let mut refusing = Self::default();
        for (_, rule) in input.chains_of(TableName::Filter).flat_map(|chain| input.rules(chain)) {
            match &rule.then {
                Then::Unreadable => refusing.ports.push(None),
                Then::Target(Target::Reject(_) | Target::Drop(_) | Target::Unread(_)) => refusing.add(rule),
                _ => {}
            }
        }
        refusing
    }

    fn add(&mut self, rule: &Rule<'_>) {
        let port = rule.dport();
        match rule.header.dst.as_deref() {
            Some(Test { not: false, value: AddressTest::Net(net) }) => match net.only() {
                Some(address) => {
                    self.single.insert((address, port));
                }
                None => self.others.push((*net, port)),
            },
            Some(Test { value: AddressTest::Name(_), .. }) => self.ports.push(port),
            None if matches!(rule.then, Then::Target(Target::Reject(_))) => self.ports.push(port),
            _ => {}
        }
    }

    fn covers(&self, entry: &Entry) -> bool {
        let Some(address) = entry.address else { return false };
        let port = |asked: Option<u16>| asked.is_none_or(|port| port == entry.port);
        [None, Some(entry.port)].into_iter().any(|port| self.single.contains(&(address, port)))
            || self.others.iter().any(|(net, asked)| port(*asked) && net.contains(address))
            || self.ports.iter().copied().any(port)
    }
}

fn hangs(input: &Input<'_, '_>, entry: &Entry) -> Option<Finding> {
    let Entry { address, port, protocol, .. } = entry;
    let service = entry.service.as_ref().map_or_else(|| "a Service".to_owned(), |service| format!("Service {service}"));
    let finding = Finding::new(format!(
        "connections to {service} at {}:{port} ({protocol}) hang: nobody serves it, and nothing refuses them",
        (*address)?
    ))
    .at(entry.rule, "leads to no endpoint");
    let finding = match entry.chain {
        Some(chain) => finding.at(chain, "sends nothing to an endpoint"),
        None => finding,
    };
    let finding = match &entry.service {
        Some(service) => {
            let (namespace, name) = (&service.namespace, &service.name);
            finding.command(format!("kubectl get endpointslices -n {namespace} -l kubernetes.io/service-name={name}"))
        }
        None => finding,
    };
    let missing = if input.ruleset.find_any(TableName::Filter, "KUBE-SERVICES").next().is_some() {
        "`KUBE-SERVICES` of filter has no rule for it"
    } else {
        "there is no `KUBE-SERVICES` in filter"
    };
    Some(finding.help(format!("{missing}: restart kube-proxy, which writes its rules anew")))
}

/// One finding for all that is refused, as it should be.
fn told(refused: &[Entry]) -> Option<Finding> {
    let first = refused.first()?;
    let name =
        |entry: &Entry| entry.service.as_ref().map_or_else(|| format!("port {}", entry.port), ToString::to_string);
    let names: BTreeSet<_> = refused.iter().map(name).collect();
    let listed: Vec<_> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = if names.len() > NAMED { format!(" and {} more", names.len() - NAMED) } else { String::new() };
    let node_port = refused.iter().any(|entry| entry.via == Via::NodePort);
    let also = if node_port { "; a node port that is refused is so for processes of this host too" } else { "" };
    let finding =
        Finding::new(format!("nobody serves {}{more} here: connections are refused or dropped", listed.join(", ")))
            .severity(Severity::Info)
            .key("refused")
            .at(first.rule, "refuses or drops them");
    Some(finding.help(format!("that is as it should be if their pods are not ready, or not on this node{also}")))
}
