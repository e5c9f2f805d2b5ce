//! KPT805: the host denies by default, and containers are published past it.

use std::collections::BTreeMap;

use crate::analyze::{By, Stance};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Place, Profile, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, TableId, Then};
use crate::save::Hook;
use crate::save::TableName::{Filter, Mangle, Nat, Raw};

pub(super) static LINT: Lint = Lint {
    code: "KPT805",
    name: "published-port-bypasses-firewall",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Whole, Need::Table(Nat), Need::Table(Filter)],
    page: include_str!("../../../docs/lints/published-port-bypasses-firewall.md"),
    check,
};

/// Who publishes ports, and the beginnings of the chains in which.
const PUBLISHERS: [(&str, &[&str]); 4] = [
    ("Docker", &["DOCKER"]),
    ("CNI plugins", &["CNI-HOSTPORT-DNAT", "CNI-DN-"]),
    ("netavark", &["NETAVARK-", "nv_"]),
    ("kube-proxy", &["KUBE-NODEPORTS"]),
];
/// Ports that are listed.
const LISTED: usize = 10;
/// Chains of a publisher within each other.
const DEEPEST: u32 = 8;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let bases = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Input));
    let denying: Vec<_> = bases.filter_map(|base| denied_by(input, base)).collect();
    let [place] = denying.as_slice() else { return };
    if is_limited(input) {
        return;
    }
    for (publisher, rules) in published(input) {
        findings.extend(finding(publisher, &rules, *place));
    }
}

/// What denies what no rule of INPUT lets in.
fn denied_by(input: &Input<'_, '_>, base: ChainId) -> Option<Place> {
    match Stance::of(input.ruleset, base) {
        Stance::Denies(By::Rule(rule)) => Some(Place::Rule(rule)),
        Stance::Denies(By::Policy(chain)) => Some(Place::Chain(chain)),
        _ => None,
    }
}

/// May a rule of somebody's own keep traffic from published ports: one in front of the publishers' in FORWARD, one of
/// `DOCKER-USER`, or one before nat?
fn is_limited(input: &Input<'_, '_>) -> bool {
    let before = [(Raw, Hook::Prerouting), (Mangle, Hook::Prerouting), (Mangle, Hook::Forward)];
    let before = before.into_iter().flat_map(|(table, hook)| {
        input.ruleset.tables_named(table).flat_map(move |table| input.reached_from(table, hook))
    });
    let before =
        before.filter(|chain| publisher(input.ruleset.name(*chain)).is_none()).flat_map(|chain| input.rules(chain));
    // Docker 28 itself keeps others from the addresses of containers, in raw.
    let own = |rule: &Rule<'_>| rule.header.dst.is_some() && rule.header.input.as_deref().is_some_and(|test| test.not);
    if before.into_iter().any(|(_, rule)| denies(rule) && !own(rule)) {
        return true;
    }
    let user = input.ruleset.find_any(Filter, "DOCKER-USER").flat_map(|chain| reach(input, chain));
    if user.into_iter().any(|chain| input.ruleset.rules(chain).iter().any(denies)) {
        return true;
    }
    let forward = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Forward));
    forward.into_iter().any(|base| limits_forward(input, base))
}

/// Is something denied in FORWARD before the chains of a publisher are asked, or all that these do not let through?
fn limits_forward(input: &Input<'_, '_>, base: ChainId) -> bool {
    for rule in input.ruleset.rules(base) {
        let Some(to) = rule.leads_to() else {
            if denies(rule) {
                return true;
            }
            continue;
        };
        let name = input.ruleset.name(to);
        if publisher(name).is_some() {
            let lets = |chain: &ChainId| input.ruleset.rules(*chain).iter().any(accepts);
            if reach(input, to).iter().any(lets) {
                return false;
            }
        } else if reach(input, to).into_iter().any(|chain| input.ruleset.rules(chain).iter().any(denies)) {
            return true;
        }
    }
    !matches!(Stance::of(input.ruleset, base), Stance::Accepts(_))
}

fn reach(input: &Input<'_, '_>, chain: ChainId) -> Vec<ChainId> {
    input.graph(chain.table).map(|graph| graph.reach(chain)).unwrap_or_default()
}

/// Does it deny, or may it?
fn denies(rule: &Rule<'_>) -> bool {
    let unread = |extension: &Match<'_>| matches!(extension, Match::Unread(_));
    match &rule.then {
        Then::Unreadable | Then::Target(Target::Unread(_)) => true,
        Then::Target(Target::Drop(_) | Target::Reject(_)) => !rule.matches.iter().any(unread),
        _ => false,
    }
}

fn accepts(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Accept(_)))
}

/// Whose chain it is, of those that publish.
fn publisher(name: &str) -> Option<&'static str> {
    if name == "DOCKER-USER" {
        return None;
    }
    PUBLISHERS
        .into_iter()
        .find(|(_, prefixes)| prefixes.iter().any(|prefix| name.starts_with(prefix)))
        .map(|(who, _)| who)
}

/// The rules that publish a port for every source and every interface, by whose they are.
fn published(input: &Input<'_, '_>) -> BTreeMap<&'static str, Vec<(RuleId, String)>> {
    let mut all: BTreeMap<&'static str, Vec<(RuleId, String)>> = BTreeMap::new();
    for table in input.ruleset.tables_named(Nat) {
        for chain in input.reached_from(table, Hook::Prerouting) {
            let Some(publisher) = publisher(input.ruleset.name(chain)) else { continue };
            if publisher == "kube-proxy" && input.profile == Profile::Node || !is_open(input, chain, DEEPEST) {
                continue;
            }
            for (id, rule) in input.rules(chain).filter(|(_, rule)| publishes(rule, publisher)) {
                let protocol = rule.header.protocol.as_ref().map(|test| test.value.to_string()).unwrap_or_default();
                let Some(port) = rule.dport().filter(|port| !is_taken(input, table, *port)) else { continue };
                all.entry(publisher).or_default().push((id, format!("{port}/{protocol}")));
            }
        }
    }
    all
}

/// May somebody else's rule give the port another destination first?
fn is_taken(input: &Input<'_, '_>, table: TableId, port: u16) -> bool {
    let others = input.reached_from(table, Hook::Prerouting).into_iter();
    let others = others.filter(|chain| publisher(input.ruleset.name(*chain)).is_none());
    let gives = |rule: &Rule<'_>| {
        matches!(rule.then, Then::Target(Target::Dnat(_) | Target::Redirect(_) | Target::NetMap(_) | Target::Unread(_)))
    };
    let may = |rule: &Rule<'_>| gives(rule) && rule.dport().is_none_or(|taken| taken == port);
    others.flat_map(|chain| input.ruleset.rules(chain)).any(|rule| rule.header.dst.is_none() && may(rule))
}

fn publishes(rule: &Rule<'_>, publisher: &str) -> bool {
    let leads = match &rule.then {
        Then::Target(Target::Dnat(dnat)) => dnat.only().0.is_none_or(|to| !to.is_loopback()),
        Then::Jump(_) | Then::Goto(_) => publisher == "kube-proxy",
        _ => false,
    };
    let known =
        |extension: &Match<'_>| matches!(extension, Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) | Match::Comment(_));
    leads && is_for_all(rule) && rule.matches.iter().all(known)
}

/// Does it ask for no source, no address and no interface that packets come in by?
fn is_for_all(rule: &Rule<'_>) -> bool {
    let named = rule.header.input.as_deref().is_some_and(|test| !test.not);
    rule.header.src.is_none() && rule.header.dst.is_none() && !named
}

/// Does some way to the chain ask for nothing of that kind?
fn is_open(input: &Input<'_, '_>, chain: ChainId, depth: u32) -> bool {
    let (Some(graph), Some(deeper)) = (input.graph(chain.table), depth.checked_sub(1)) else { return false };
    let callers: Vec<_> = graph.callers(chain).filter_map(|id| Some((id, input.ruleset.rule(id)?))).collect();
    callers.iter().any(|(id, rule)| {
        let from = input.ruleset.name(id.chain);
        let up = if from == Hook::Prerouting.as_str() {
            true
        } else {
            publisher(from).is_some() && is_open(input, id.chain, deeper)
        };
        let services = from == "KUBE-SERVICES" && input.is_reached_from(id.chain, Hook::Prerouting);
        is_for_all(rule) && (up || services)
    })
}

fn finding(publisher: &str, rules: &[(RuleId, String)], denying: Place) -> Option<Finding> {
    let (first, _) = rules.first()?;
    let mut ports: Vec<_> = rules.iter().map(|(_, port)| port.clone()).collect();
    ports.sort_by_key(|port| port.split('/').next().and_then(|number| number.parse::<u16>().ok()));
    ports.dedup();
    let more = ports.len().saturating_sub(LISTED);
    let listed = ports.iter().take(LISTED).cloned().collect::<Vec<_>>().join(", ");
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let what = if ports.len() == 1 { "port" } else { "ports" };
    let help = if publisher == "Docker" {
        "publish on 127.0.0.1 (`-p 127.0.0.1:5432:5432`), or deny in DOCKER-USER what comes in by the uplink"
    } else {
        "publish on an inner address, or deny in mangle PREROUTING what comes in by the uplink"
    };
    let message = format!(
        "{what} {listed}{more} of {publisher} can be reached from anywhere, although INPUT denies by default: forwarded traffic does not come to INPUT"
    );
    Some(
        Finding::new(message)
            .key(publisher)
            .at(*first, "for every source and interface")
            .at(denying, "is not asked")
            .help(help),
    )
}
