//! KPT106: a rule that should close a port which nat has rewritten before.

use rustc_hash::FxHashSet;

use crate::analyze::{Published, is_just_port};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Owner, Severity};
use crate::packet::Protocol;
use crate::ruleset::{AddressTest, ChainId, Rule, RuleId, Test, Then};
use crate::save::{Hook, TableName};

pub(super) static LINT: Lint = Lint {
    code: "KPT106",
    name: "dead-after-dnat",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Table(TableName::Filter), Need::Whole],
    page: include_str!("../../../docs/lints/dead-after-dnat.md"),
    check,
};

/// Beginnings of the names of interfaces that lead to containers: what comes from there may be meant to go elsewhere.
const INNER: [&str; 11] = ["lo", "docker", "br-", "cni", "cbr", "veth", "cali", "flannel", "weave", "virbr", "podman"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.is_mixed() {
        return findings.skip("ports that one backend rewrites and the other filters");
    }
    let Some(graph) = input.ruleset.tables_named(TableName::Nat).next().and_then(|table| input.graph(table)) else {
        return;
    };
    let published = Published::of(input.ruleset, graph);
    let dead: FxHashSet<RuleId> = input.dead().iter().map(|dead| dead.rule).collect();
    let chains = input.chains_of(TableName::Filter).filter(|chain| is_asked(input, *chain));
    for (id, rule) in chains.flat_map(|chain| input.rules(chain)) {
        let Some((protocol, port)) = closed(input, id, rule) else { continue };
        let taken = published.rule(protocol, port).filter(|taken| !dead.contains(taken));
        let comes_back = |taken: &RuleId| published.targets.contains(&port) && !is_elsewhere(input, id.chain, *taken);
        let taken = taken.filter(|taken| !comes_back(taken));
        findings.extend(taken.map(|taken| finding(input, id, rule, taken, (protocol, port))));
    }
}

/// Is it a chain where people close ports, with what comes in or is forwarded?
fn is_asked(input: &Input<'_, '_>, chain: ChainId) -> bool {
    let name = input.ruleset.name(chain);
    let is_for_people = input.owner(chain).is_none() || name == "DOCKER-USER" || name.starts_with("ufw");
    is_for_people && input.hooks_of(chain).any(|hook| matches!(hook, Hook::Input | Hook::Forward))
}

/// Does what a rule of nat takes never come to the chain, whatever its new port? Containers are not this host.
fn is_elsewhere(input: &Input<'_, '_>, chain: ChainId, taken: RuleId) -> bool {
    let of_containers = |owner: Owner| ["Docker", "CNI plugins", "netavark"].contains(&owner.as_str());
    input.hooks_of(chain).all(|hook| hook == Hook::Input) && input.owner(taken.chain).is_some_and(of_containers)
}

/// The port of this host that a rule should close to whoever comes from outside.
fn closed(input: &Input<'_, '_>, id: RuleId, rule: &Rule<'_>) -> Option<(Protocol, u16)> {
    if !matches!(rule.then, Then::Target(Target::Drop(_) | Target::Reject(_)))
        || !is_from_outside(input, id.chain, rule)
    {
        return None;
    }
    let protocol = rule.header.protocol.as_ref().filter(|test| !test.not)?.value;
    let port = rule.dport()?;
    let plain = |extension: &Match<'_>| match extension {
        Match::Comment(_) => true,
        Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) => is_just_port(extension, port),
        Match::Conntrack(_) | Match::State(_) => is_of_new(&extension.to_string()),
        _ => false,
    };
    let listening = input.facts.listening.iter().flatten();
    let listens = listening.into_iter().any(|own| own.port == port && own.protocol == protocol);
    (rule.matches.iter().all(plain) && !listens).then_some((protocol, port))
}

/// Does it ask for new connections, and not for what nat has made of them?
fn is_of_new(words: &str) -> bool {
    words
        .split_once("state ")
        .is_some_and(|(_, states)| !states.contains(' ') && states.split(',').any(|state| state == "NEW"))
        && !words.contains("--ctorig")
}

/// Is it meant for connections to this host? In a chain for all that is forwarded, it may be for those to others.
fn is_from_outside(input: &Input<'_, '_>, chain: ChainId, rule: &Rule<'_>) -> bool {
    let own = |address| input.facts.node_addresses.as_ref().is_some_and(|own| own.contains(&address));
    let to_host = match rule.header.dst.as_deref() {
        None => true,
        Some(Test { not: false, value: AddressTest::Net(net) }) => net.only().is_some_and(own),
        Some(_) => false,
    };
    let inner = |name: String| INNER.iter().any(|inner| name.starts_with(inner));
    let uplink = rule.header.input.as_deref().map(|test| test.not || !inner(test.value.to_string()));
    let is_forward = input.ruleset.name(chain) == Hook::Forward.as_str();
    let source = rule.header.src.as_deref().is_none_or(|test| test.not);
    to_host && source && rule.header.output.is_none() && uplink.unwrap_or(!is_forward)
}

fn finding(
    input: &Input<'_, '_>,
    id: RuleId,
    rule: &Rule<'_>,
    taken: RuleId,
    (protocol, port): (Protocol, u16),
) -> Finding {
    let chain = input.ruleset.name(id.chain);
    let message = format!(
        "the rule does not close port {port}/{protocol}: connections from outside get another destination before they come to `{chain}`"
    );
    let matches = rule.matches.iter().filter(|extension| !matches!(extension, Match::Comment(_)));
    let words: String =
        [rule.header.to_string()].into_iter().chain(matches.map(|extension| format!(" -m {extension}"))).collect();
    Finding::new(message)
        .at(id, "does not meet them")
        .at(taken, "gives them another destination")
        .help(format!(
            "deny it in mangle PREROUTING, which comes before nat, or ask for what the connection was for at first: \
             `-m conntrack --ctorigdstport {port}`, in FORWARD if it leads to a container"
        ))
        .command(format!("{} -A PREROUTING{words} -j DROP", input.command(TableName::Mangle)))
}
