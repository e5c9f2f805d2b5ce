//! KPT706: a rule for a whole network takes in addresses of the cluster.

use std::net::IpAddr;

use crate::analyze::{Acceptors, packets};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Net;
use crate::ruleset::{AddressTest, ChainId, Kind, Rule, RuleId, Test, Then};
use crate::save::Hook;
use crate::save::TableName::{Filter, Mangle, Nat, Raw};
use crate::space::{Fate, Reading, Space};

pub(super) static LINT: Lint = Lint {
    code: "KPT706",
    name: "cluster-range-overlap",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole, Need::Table(Nat)],
    page: include_str!("../../../docs/lints/cluster-range-overlap.md"),
    check,
};

/// Whose rules are meant for the addresses of the cluster, or for those of single pods.
const OF_CLUSTER: [&str; 11] = [
    "kube-proxy",
    "kubelet",
    "kube-router",
    "Calico",
    "flannel",
    "Cilium",
    "Weave Net",
    "Antrea",
    "the AWS CNI",
    "Azure NPM",
    "CNI plugins",
];
/// Those of them that connect pods by an interface of their own, so that pods are not at Docker's.
const NETWORKS: [&str; 5] = ["Calico", "Cilium", "Weave Net", "Antrea", "the AWS CNI"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.is_mixed() {
        return;
    }
    let cluster = Cluster::of(input);
    for chain in [Raw, Mangle, Filter].into_iter().flat_map(|table| input.chains_of(table)) {
        if input.is_reached(chain) && !input.owner(chain).is_some_and(|owner| OF_CLUSTER.contains(&owner.as_str())) {
            findings.extend(input.rules(chain).filter_map(|(id, rule)| dropped(input, &cluster, id, rule)));
        }
    }
    for chain in input.chains_of(Nat).filter(|chain| input.is_reached_from(*chain, Hook::Postrouting)) {
        findings.extend(input.rules(chain).filter_map(|(id, rule)| masqueraded(input, &cluster, id, rule)));
    }
}

/// The addresses of the cluster, as far as they are known.
struct Cluster {
    pods: Vec<Net>,
    endpoints: Vec<IpAddr>,
    /// Those of Services.
    services: Vec<Net>,
}

impl Cluster {
    fn of(input: &Input<'_, '_>) -> Self {
        let entries = kube::entries(input.ruleset).filter(|entry| entry.chain.is_some());
        let vips = entries.filter(|entry| entry.via == kube::Via::ClusterIp).filter_map(|entry| entry.address);
        let ranges = input.facts.service_cidrs.iter().flatten().copied();
        Self {
            pods: input.pods().into_iter().collect(),
            endpoints: input.endpoints().into_keys().collect(),
            services: ranges.chain(vips.map(Net::host)).collect(),
        }
    }

    /// Something of the cluster in a network that was not chosen for that.
    fn taken_in(&self, net: Net, services_too: bool) -> Option<Taken> {
        let is_chosen = self.pods.iter().chain(&self.services).any(|own| own.holds(net));
        let pods = || self.pods.iter().find(|own| net.holds(**own)).map(|own| Taken { what: "pods", net: *own });
        let endpoint = |address: &&IpAddr| !address.is_loopback() && net.contains(**address);
        let endpoint =
            || self.endpoints.iter().find(endpoint).map(|own| Taken { what: "endpoints", net: Net::host(*own) });
        let service = |own: &&Net| services_too && net.holds(**own);
        let services = || self.services.iter().find(service).map(|own| Taken { what: "Services", net: *own });
        if is_chosen { None } else { pods().or_else(endpoint).or_else(services) }
    }
}

/// What of the cluster a network takes in.
struct Taken {
    what: &'static str,
    net: Net,
}

/// Which address of a packet a rule asks for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Source,
    Destination,
}

/// A rule that drops what has an address in a network, and asks for nothing else but an interface that it is not for.
fn dropped(input: &Input<'_, '_>, cluster: &Cluster, id: RuleId, rule: &Rule<'_>) -> Option<Finding> {
    let denies = matches!(rule.then, Then::Target(Target::Drop(_) | Target::Reject(_)));
    let (side, net) = only_network(rule).filter(|_| denies)?;
    // A packet has the address of a Service only until nat has seen it.
    let before_nat =
        side == Side::Destination && id.chain.table.name != Filter && input.is_reached_from(id.chain, Hook::Prerouting);
    let taken = cluster.taken_in(net, before_nat)?;
    if is_let_through(input, id, &first_packet(input, side, taken.net)) {
        return None;
    }
    let (chain, Taken { what, net: own }) = (input.ruleset.name(id.chain), taken);
    let (does, way) = if side == Side::Source { ("send", "from") } else { ("are sent", "to") };
    let message = format!("`{chain}` denies what {what} at {own} {does}: its range {net} was meant for others");
    // Some interface may be that of the pods.
    let sure = rule.header.input.is_none() && rule.header.output.is_none() || input.owner(id.chain).is_some();
    Some(
        Finding::new(message)
            .confidence(if sure { Confidence::Exact } else { Confidence::Heuristic })
            .at(id, format!("denies all {way} {net}"))
            .help(
                "move one of the two ranges: that of the pods or Services, or that of the program that wrote the rule",
            ),
    )
}

/// The network of one side that a rule asks for, if that is all.
fn only_network(rule: &Rule<'_>) -> Option<(Side, Net)> {
    let header = &rule.header;
    let (side, test) = match (header.src.as_deref(), header.dst.as_deref()) {
        (Some(test), None) => (Side::Source, test),
        (None, Some(test)) => (Side::Destination, test),
        _ => return None,
    };
    let Test { not: false, value: AddressTest::Net(net) } = test else { return None };
    let not_for = [&header.input, &header.output].into_iter().all(|test| test.as_deref().is_none_or(|test| test.not));
    let bare = header.protocol.is_none() && header.fragment.is_none() && not_for;
    let comments = rule.matches.iter().all(|extension| matches!(extension, Match::Comment(_)));
    (bare && comments && !net.is_all() && !net.is_host()).then_some((side, *net))
}

/// A connection that the cluster wants, which neither kube-proxy has marked nor anything else is known of.
fn first_packet(input: &Input<'_, '_>, side: Side, net: Net) -> Space {
    let option = if side == Side::Source { "-s" } else { "-d" };
    let words =
        format!("{option} {net} ! -i lo -p tcp -m tcp --dport 8080 -m conntrack --ctstate NEW -m mark --mark 0x0");
    packets(input.ruleset.family, &words)
}

/// May a rule in front let the packets through, in its chain or in one that leads there?
fn is_let_through(input: &Input<'_, '_>, id: RuleId, packets: &Space) -> bool {
    let asked = |rule: &Rule<'_>| Reading::of(rule, input.ruleset.family).upper.overlaps(packets);
    let before = input.ruleset.rules(id.chain).iter().take(id.index as usize);
    if before.into_iter().any(|rule| Fate::of(rule) != Fate::Continues && asked(rule)) {
        return true;
    }
    let is_base = |chain: ChainId| input.ruleset.chain(chain).is_some_and(|chain| chain.kind != Kind::User);
    let Some(graph) = input.graph(id.chain.table).filter(|_| !is_base(id.chain)) else { return false };
    graph.leading_to(&[id.chain]).into_iter().filter(|chain| is_base(*chain)).all(|base| {
        let leads = |rule: &Rule<'_>| rule.leads_to().is_some_and(|to| graph.reach(to).contains(&id.chain));
        let front = input.rules(base).take_while(|(_, rule)| !leads(rule));
        let front = front.flat_map(|rule| input.with_called(rule)).map(|(_, rule)| rule);
        Acceptors::among(input.ruleset.family, front).may_accept(packets)
    })
}

/// A rule of Docker or libvirt that takes addresses of the cluster for its own.
fn masqueraded(input: &Input<'_, '_>, cluster: &Cluster, id: RuleId, rule: &Rule<'_>) -> Option<Finding> {
    let Some(Test { not: false, value: AddressTest::Net(net) }) = rule.header.src.as_deref() else { return None };
    let owner = bridge_owner(input, id, rule)
        .filter(|_| matches!(rule.then, Then::Target(Target::Masquerade(_) | Target::Snat(_))))?;
    let has_network =
        || input.chains().any(|chain| input.owner(chain).is_some_and(|own| NETWORKS.contains(&own.as_str())));
    let pods = || cluster.pods.iter().find(|own| own.overlaps(*net)).filter(|_| has_network());
    let services = cluster.services.iter().find(|own| own.overlaps(*net)).map(|own| ("Services", own));
    let (what, own) = services.or_else(|| pods().map(|own| ("pods", own)))?;
    let message = format!(
        "the range {net} of {owner} overlaps that of {what}, {own}: this host sends their packets to its bridge"
    );
    Some(
        Finding::new(message)
            .severity(Severity::Warning)
            .confidence(Confidence::Heuristic)
            .at(id, format!("gives packets from {net} another source"))
            .help(format!(
                "give {owner} another range (`bip` and `default-address-pools` of Docker), or move that of the cluster"
            )),
    )
}

/// Who has a bridge that a rule is not for.
fn bridge_owner(input: &Input<'_, '_>, id: RuleId, rule: &Rule<'_>) -> Option<&'static str> {
    if let Some(owner) = input.owner(id.chain) {
        return ["Docker", "libvirt"].into_iter().find(|known| *known == owner.as_str());
    }
    let name = rule.header.output.as_deref().filter(|test| test.not)?.value.only()?;
    let known = [("docker", "Docker"), ("br-", "Docker"), ("virbr", "libvirt")];
    known.into_iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, owner)| owner)
}
