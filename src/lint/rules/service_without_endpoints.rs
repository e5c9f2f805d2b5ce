//! KPT204: addresses of Services that nobody serves, and whether clients are told so.

use std::collections::BTreeSet;
use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::analyze::may_rewrite;
use crate::extension::targets::Target;
use crate::kube::{self, Entry, Role, Via};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::{Net, Protocol};
use crate::ruleset::{AddressTest, ChainId, Rule, Test, Then};
use crate::save::TableName;

/// Services and rules that are told by name.
const SHOWN: usize = 5;

pub(super) static LINT: Lint = Lint {
    code: "KPT204",
    name: "service-without-endpoints",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Table(TableName::Filter), Need::Whole],
    page: include_str!("../../../docs/lints/service-without-endpoints.md"),
    check,
};

/// What tells one entry from another.
type Key = (Option<IpAddr>, u16, Protocol);

const fn key(entry: &Entry) -> Key {
    (entry.address, entry.port, entry.protocol)
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let (translated, refused): (Vec<_>, Vec<_>) =
        kube::entries(input.ruleset).partition(|entry| entry.rule.chain.table.name == TableName::Nat);
    let refused: Vec<_> =
        refused.into_iter().filter(|entry| entry.via != Via::HealthCheck && is_refusal(input, entry)).collect();
    let serving = serving(input);
    // What the dump lacks may have endpoints. Before 1.21, an address may have several rules.
    let is_served = |entry: &&Entry| entry.chain.is_none_or(|chain| serving.contains(&chain));
    let answered: FxHashSet<Key> = refused.iter().chain(translated.iter().filter(is_served)).map(key).collect();
    let refusals = Refusals::of(input);
    // Another address may be one of the host itself, which then answers.
    for entry in translated.iter().filter(|entry| entry.via == Via::ClusterIp && !answered.contains(&key(entry))) {
        if let Some(address) = entry.address.filter(|address| !refusals.may_take(*address, entry.port)) {
            findings.add(hanging(input, entry, address));
        }
    }
    findings.extend(told(&refused));
}

/// The chains that lead to an endpoint, or perhaps, or to something that is dropped.
fn serving(input: &Input<'_, '_>) -> FxHashSet<ChainId> {
    let drops = |rule: &Rule<'_>| matches!(&rule.then, Then::Target(target) if target.name() == "KUBE-MARK-DROP");
    let serves = |chain: &ChainId| {
        let is_drop = input.role(*chain) == Some(Role::MarkDrop);
        is_drop || input.rules(*chain).any(|(_, rule)| may_rewrite(rule) || drops(rule))
    };
    let ends: Vec<ChainId> = input.chains_of(TableName::Nat).filter(serves).collect();
    let of_table = |table| input.graph(table).map(|graph| graph.leading_to(&ends));
    input.ruleset.tables_named(TableName::Nat).filter_map(of_table).flatten().collect()
}

/// Does the rule of an entry in filter refuse or drop?
fn is_refusal(input: &Input<'_, '_>, entry: &Entry) -> bool {
    input
        .ruleset
        .rule(entry.rule)
        .is_some_and(|rule| matches!(rule.then, Then::Target(Target::Reject(_) | Target::Drop(_))))
}

/// What the rules of filter refuse or drop, whoever wrote them, or may.
#[derive(Default)]
struct Refusals {
    at: FxHashMap<IpAddr, Vec<Option<u16>>>,
    /// What is for more than one address; of every address where there is none.
    wide: BTreeSet<(Option<Net>, Option<u16>)>,
}

impl Refusals {
    fn of(input: &Input<'_, '_>) -> Self {
        let mut refusals = Self::default();
        // kube-router has a chain for each pod, to which only that pod's traffic comes.
        let of_pod = |chain: &ChainId| input.ruleset.name(*chain).starts_with("KUBE-POD-FW-");
        let reached = input.chains_of(TableName::Filter).filter(|chain| input.is_reached(*chain));
        let chains = reached.filter(|chain| !of_pod(chain));
        let rules = chains.flat_map(|chain| input.rules(chain));
        rules.into_iter().for_each(|(_, rule)| refusals.add(rule));
        refusals
    }

    fn add(&mut self, rule: &Rule<'_>) {
        let rejects = match &rule.then {
            Then::Unreadable | Then::Target(Target::Unread(_) | Target::Reject(_)) => true,
            Then::Target(Target::Drop(_)) => false,
            _ => return,
        };
        let port = rule.dport();
        match rule.header.dst.as_deref() {
            Some(Test { not: false, value: AddressTest::Net(net) }) => match net.only() {
                Some(address) => self.at.entry(address).or_default().push(port),
                None => drop(self.wide.insert((Some(*net), port))),
            },
            // Who may not go anywhere is not meant here, nor are broken packets.
            None if !rejects || rule.header.src.is_some() => {}
            _ => drop(self.wide.insert((None, port))),
        }
    }

    fn may_take(&self, address: IpAddr, port: u16) -> bool {
        let fits = |asked: &Option<u16>| asked.is_none_or(|asked| asked == port);
        let wide =
            |(net, asked): &(Option<Net>, Option<u16>)| net.is_none_or(|net| net.contains(address)) && fits(asked);
        self.at.get(&address).is_some_and(|ports| ports.iter().any(fits)) || self.wide.iter().any(wide)
    }
}

fn hanging(input: &Input<'_, '_>, entry: &Entry, address: IpAddr) -> Finding {
    let Entry { port, protocol, service, .. } = entry;
    let whose = service.as_ref().map_or_else(|| "a Service".to_owned(), |service| format!("Service {service}"));
    let message = format!(
        "clients of {whose} at {address}, port {port}/{protocol}, wait in vain: no endpoint serves it, and nothing refuses them"
    );
    let finding = Finding::new(message).at(entry.rule, "leads to no endpoint");
    let finding =
        entry.chain.into_iter().fold(finding, |finding, chain| finding.at(chain, "sends nothing to an endpoint"));
    let missing = if input.ruleset.find_any(TableName::Filter, "KUBE-SERVICES").next().is_some() {
        "`KUBE-SERVICES` of filter has no rule that refuses them"
    } else {
        "there is no `KUBE-SERVICES` in filter that refuses them"
    };
    let finding = finding.help(format!(
        "{missing}: look which endpoints the cluster knows, and restart kube-proxy, which writes all its rules anew"
    ));
    match service {
        Some(service) => {
            let (namespace, name) = (&service.namespace, &service.name);
            finding.command(format!("kubectl get endpointslices -n {namespace} -l kubernetes.io/service-name={name}"))
        }
        None => finding,
    }
}

/// One finding for all that is refused, as it should be.
fn told(refused: &[Entry]) -> Option<Finding> {
    let name =
        |entry: &Entry| entry.service.as_ref().map_or_else(|| format!("port {}", entry.port), ToString::to_string);
    let names: BTreeSet<String> = refused.iter().map(name).collect();
    let listed: Vec<_> = names.iter().take(SHOWN).map(String::as_str).collect();
    let more = if names.len() > SHOWN { format!(" and {} more", names.len() - SHOWN) } else { String::new() };
    let node_port = refused.iter().any(|entry| entry.via == Via::NodePort);
    let also = if node_port { "; processes of this host do not get what is for such a node port either" } else { "" };
    let message = format!("nobody serves {}{more} here: connections are refused or dropped", listed.join(", "));
    let finding = Finding::new(message)
        .severity(Severity::Info)
        .key("refused")
        .at(refused.first()?.rule, "refuses or drops them");
    let others = refused.iter().skip(1).take(SHOWN);
    let finding = others.fold(finding, |finding, entry| finding.at(entry.rule, "the same"));
    Some(finding.help(format!("that is as it should be while their pods are not ready, or not on this node{also}")))
}
