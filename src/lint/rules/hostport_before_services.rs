//! KPT502: rules that give packets another destination before Services are asked.

use std::net::SocketAddr;

use crate::kube::{self, Entry, Role, Via};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId};
use crate::save::Hook;
use crate::save::TableName::Nat;
use crate::space::{Axis, Cube, Opaque, Reach, Space, may_match};

pub(super) static LINT: Lint = Lint {
    code: "KPT502",
    name: "hostport-before-services",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/hostport-before-services.md"),
    check,
};

/// Ports that are listed.
const LISTED: usize = 5;
/// The test for addresses of this host, the only one that is understood besides those of the header and of ports.
const LOCAL: &str = "addrtype --dst-type LOCAL";

/// What is known to be lost to a rule.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Loss {
    /// Nobody knows whether the address is one of this host, which the rule asks for.
    IfLocal,
    Sure,
}

/// What a rule of a built-in chain takes from Services.
struct Taken<'e> {
    loss: Loss,
    by: RuleId,
    entries: Vec<&'e Entry>,
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let takes_all = |entry: &Entry| input.ruleset.rule(entry.rule).is_some_and(kube::takes_all);
    let entries: Vec<_> = kube::entries(input.ruleset)
        .filter(|entry| entry.rule.chain.table.name == Nat && entry.chain.is_some() && takes_all(entry))
        .collect();
    let bases = input.ruleset.tables_named(Nat).flat_map(|table| {
        [Hook::Prerouting, Hook::Output].into_iter().filter_map(move |hook| input.ruleset.base(table, hook))
    });
    let mut reach = Reach::new(input.ruleset);
    for base in bases {
        let Some(services) = jump_to_services(input, base) else { continue };
        for (front, _) in input.rules(base).take(services.index as usize) {
            let taken = taken(input, &mut reach, front, &entries);
            findings.extend(taken.map(|taken| finding(input, front, services, &taken)));
        }
    }
}

/// The rule of a built-in chain that leads to `KUBE-SERVICES`.
fn jump_to_services(input: &Input<'_, '_>, base: ChainId) -> Option<RuleId> {
    let leads = |to: ChainId| input.role(to) == Some(Role::Services) && !input.ruleset.rules(to).is_empty();
    input.rules(base).find(|(_, rule)| rule.leads_to().is_some_and(leads)).map(|(id, _)| id)
}

/// What a rule takes from Services, the surest only.
fn taken<'e>(
    input: &Input<'_, '_>,
    reach: &mut Reach<'_, '_>,
    front: RuleId,
    entries: &'e [Entry],
) -> Option<Taken<'e>> {
    let rule = input.ruleset.rule(front)?;
    // What comes by lo is the answer of a connection, or was sent to Services by OUTPUT.
    if rule.header.input.as_deref().is_some_and(|test| !test.not && test.value.only() == Some("lo")) {
        return None;
    }
    let all = reach.taken_by(rule);
    let is_understood = |cube: &&Cube| cube.tests().iter().all(|(test, _)| &**test == LOCAL);
    let cubes: Vec<_> = all.cubes().iter().filter(is_understood).collect();
    let lost = entries.iter().filter_map(|entry| {
        let wanted = may_match(input.ruleset, entry.rule)?;
        let (loss, lost) = cubes.iter().filter_map(|cube| loss(input, cube, entry, &wanted)).max_by_key(|it| it.0)?;
        Some((loss, lost, entry))
    });
    let mut lost: Vec<_> = lost.collect();
    let worst = lost.iter().map(|(loss, ..)| *loss).max()?;
    lost.retain(|(loss, ..)| *loss == worst);
    let (_, packets, _) = lost.first()?;
    let by = taker(input, reach, front, packets);
    Some(Taken { loss: worst, by, entries: lost.into_iter().map(|(.., entry)| entry).collect() })
}

/// Are packets for an entry among those that are taken, and which?
fn loss(input: &Input<'_, '_>, taken: &Cube, entry: &Entry, wanted: &Space) -> Option<(Loss, Cube)> {
    let local: Opaque = LOCAL.into();
    let lost = wanted.cubes().iter().find_map(|cube| cube.and(taken))?;
    let if_local = |is| lost.clone().tested(&local, is);
    let nodes = input.facts.node_addresses.as_deref();
    let Some(address) = entry.address else {
        // Whether an address that a rule names is one of this host, which a node port is for, nobody says.
        let asks = !taken.tests().is_empty() || taken.on(Axis::Dst).is_none();
        return if_local(true).filter(|_| asks).map(|lost| (Loss::Sure, lost));
    };
    match (entry.via, nodes.map(|nodes| nodes.contains(&address))) {
        (_, Some(is_node)) => if_local(is_node).map(|lost| (Loss::Sure, lost)),
        (Via::ExternalIp | Via::LoadBalancer, None) => {
            let sure = if_local(false).map(|lost| (Loss::Sure, lost));
            sure.or_else(|| if_local(true).map(|lost| (Loss::IfLocal, lost)))
        }
        _ => if_local(false).map(|lost| (Loss::Sure, lost)),
    }
}

/// The first rule that takes the packets: this one, or one of a chain that it leads to.
fn taker(input: &Input<'_, '_>, reach: &mut Reach<'_, '_>, rule: RuleId, packets: &Cube) -> RuleId {
    let Some(chain) = input.ruleset.rule(rule).and_then(Rule::leads_to) else { return rule };
    let mut takes = |of: &Rule<'_>| reach.taken_by(of).cubes().iter().any(|cube| !cube.is_apart(packets));
    match input.rules(chain).find(|(_, rule)| takes(rule)) {
        Some((next, _)) => taker(input, reach, next, packets),
        None => rule,
    }
}

fn finding(input: &Input<'_, '_>, front: RuleId, services: RuleId, taken: &Taken<'_>) -> Finding {
    let base = input.ruleset.name(front.chain);
    let mut places: Vec<_> = taken.entries.iter().map(|entry| place(entry)).collect();
    places.sort();
    places.dedup();
    let more = places.len().saturating_sub(LISTED);
    let listed = places.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let condition = match taken.loss {
        Loss::Sure => "",
        Loss::IfLocal => ", if these are addresses of this host",
    };
    let message = format!(
        "connections to {listed}{more} do not come to Services{condition}: rule {} of `{base}` takes them before",
        front.number()
    );
    let finding = Finding::new(message).key(base).at(front, "is asked before Services");
    let finding = if taken.by == front { finding } else { finding.at(taken.by, "takes them") };
    let finding =
        taken.entries.first().into_iter().fold(finding, |finding, entry| finding.at(entry.rule, "gets none of them"));
    let finding = match taken.loss {
        Loss::Sure => finding,
        Loss::IfLocal => finding.severity(Severity::Info).confidence(Confidence::Heuristic),
    };
    let (program, words) = (input.command(Nat), input.words(services));
    finding
        .at(services, "has to come first")
        .help(
            "ask for Services first: restart kube-proxy, which puts its jump in front, and bring the CNI plugins to 0.7.5 or newer, where \
             portmap appends its own; or take another port",
        )
        .command(format!("{program} -D {base} {}", services.number()))
        .command(format!("{program} -I {base} {words}"))
}

fn place(entry: &Entry) -> String {
    let Entry { port, protocol, .. } = entry;
    let whose = entry.service.as_ref().map(|service| format!(" ({service})")).unwrap_or_default();
    match entry.address {
        Some(address) => format!("{}/{protocol}{whose}", SocketAddr::new(address, *port)),
        None => format!("node port {port}/{protocol}{whose}"),
    }
}
