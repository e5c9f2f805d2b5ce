//! KPT704: banned clients are kept out of INPUT while what they ask for is forwarded, or the reverse.

use std::collections::{BTreeMap, BTreeSet};

use crate::analyze::{Published, packets};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::{Filter, Mangle, Nat, Raw};
use crate::space::{Axis, Reading, Space};

pub(super) static LINT: Lint = Lint {
    code: "KPT704",
    name: "ban-chain-misses-forward",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Whole, Need::Table(Nat), Need::Table(Filter)],
    page: include_str!("../../../docs/lints/ban-chain-misses-forward.md"),
    check,
};

/// Who bans clients in chains of its own.
const BANNERS: [&str; 2] = ["fail2ban", "CrowdSec"];
/// What sets of banned addresses are called.
const SETS: [&str; 4] = ["ban", "blacklist", "blocklist", "crowdsec"];
/// Ports that are listed.
const LISTED: usize = 10;

/// Rules by which clients are banned, and where packets come to them.
#[derive(Default)]
struct Ban {
    rules: Vec<RuleId>,
    hooks: BTreeSet<Hook>,
}

/// Ports that are forwarded, each with the rule that does.
type Forwarded = BTreeMap<(Protocol, u16), RuleId>;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.is_mixed() {
        return;
    }
    for table in input.ruleset.tables_named(Nat) {
        let Some(graph) = input.graph(table) else { continue };
        let published = Published::of(input.ruleset, graph);
        let forwarded = forwarded(input, &published);
        if forwarded.is_empty() {
            continue;
        }
        for (name, ban) in bans(input) {
            let hooks: Vec<_> = ban.hooks.iter().copied().collect();
            findings.extend(match hooks.as_slice() {
                [Hook::Input] => open(input, &name, &ban, &forwarded),
                [Hook::Forward] => idle(input, &name, &ban, &published),
                _ => None,
            });
        }
    }
}

/// The ports whose packets leave for another host or a container.
fn forwarded(input: &Input<'_, '_>, published: &Published) -> Forwarded {
    let stays = |rule: &Rule<'_>| match &rule.then {
        Then::Target(Target::Dnat(dnat)) => dnat.only().0.is_some_and(|to| to.is_loopback()),
        then => matches!(then, Then::Target(Target::Redirect(_))),
    };
    let leaves = |id: RuleId| {
        let called = input.ruleset.rule(id).and_then(Rule::leads_to).zip(input.graph(id.chain.table));
        let chains = called.map(|(to, graph)| graph.reach(to)).unwrap_or_default();
        let mut rules = input.ruleset.rule(id).into_iter().chain(chains.iter().flat_map(|to| input.ruleset.rules(*to)));
        !rules.any(stays)
    };
    let certain =
        published.by.keys().filter_map(|&(protocol, port)| Some(((protocol, port), published.rule(protocol, port)?)));
    certain.filter(|(_, rule)| leaves(*rule)).collect()
}

/// Who bans, by the chain or the set that holds the banned.
fn bans(input: &Input<'_, '_>) -> BTreeMap<String, Ban> {
    let mut bans: BTreeMap<String, Ban> = BTreeMap::new();
    let tables = [Raw, Mangle, Filter].into_iter().flat_map(|name| input.chains_of(name));
    for chain in tables.filter(|chain| input.is_reached(*chain) && !is_banner(input, *chain)) {
        for (id, rule) in input.rules(chain) {
            if let Some(name) = bans_by(input, rule) {
                let ban = bans.entry(name).or_default();
                ban.rules.push(id);
                ban.hooks.extend(input.hooks_of(chain));
            }
        }
    }
    bans
}

fn is_banner(input: &Input<'_, '_>, chain: ChainId) -> bool {
    input.owner(chain).is_some_and(|owner| BANNERS.contains(&owner.as_str()))
}

/// The chain or the set by which a rule bans clients, if it does.
fn bans_by(input: &Input<'_, '_>, rule: &Rule<'_>) -> Option<String> {
    if let Some(to) = rule.leads_to().filter(|to| is_banner(input, *to)) {
        return Some(input.ruleset.name(to).to_owned());
    }
    let denies = matches!(rule.then, Then::Target(Target::Drop(_) | Target::Reject(_)));
    rule.matches.iter().filter(|_| denies).find_map(banned_set)
}

/// The set of banned clients that a match asks for.
fn banned_set(extension: &Match<'_>) -> Option<String> {
    let Match::Set(set) = extension else { return None };
    let words = set.to_string();
    let (name, _) = words.trim().strip_prefix("--match-set ")?.split_once(" src")?;
    let lower = name.to_ascii_lowercase();
    SETS.iter().any(|part| lower.contains(part)).then(|| name.to_owned())
}

/// Those who are banned from INPUT still reach the ports that are forwarded.
fn open(input: &Input<'_, '_>, name: &str, ban: &Ban, forwarded: &Forwarded) -> Option<Finding> {
    let meant = |(protocol, port): (Protocol, u16)| {
        let asked = first_packet(input, protocol, port);
        ban.rules.iter().copied().find(|rule| asks(input, *rule).overlaps(&asked))
    };
    let open: Vec<_> = forwarded.iter().filter_map(|(port, by)| Some((*port, *by, meant(*port)?))).collect();
    let (_, by, rule) = *open.first()?;
    let ports: Vec<_> = open.iter().take(LISTED).map(|((protocol, port), ..)| format!("{port}/{protocol}")).collect();
    let more = if open.len() > LISTED { format!(" and {} more", open.len() - LISTED) } else { String::new() };
    let what = if open.len() == 1 { "port" } else { "ports" };
    let message = format!(
        "whom `{name}` bans still reaches {what} {}{more}: it is asked in INPUT, and these are forwarded",
        ports.join(", ")
    );
    let chain = if input.ruleset.find_any(Filter, "DOCKER-USER").next().is_some() { "DOCKER-USER" } else { "FORWARD" };
    Some(
        Finding::new(message)
            .key(name)
            .at(rule, "asked only in INPUT")
            .at(by, "forwards")
            .help(format!("ban in `{chain}` too: `chain = {chain}` of fail2ban, `iptables_chains` of CrowdSec")),
    )
}

/// Those who are banned from what is forwarded still reach this host, whose ports are meant.
fn idle(input: &Input<'_, '_>, name: &str, ban: &Ban, published: &Published) -> Option<Finding> {
    let asked: Vec<_> = ban.rules.iter().map(|rule| asks(input, *rule)).collect();
    let names_ports = |space: &Space| space.cubes().iter().all(|cube| cube.on(Axis::Dport).is_some());
    let ports = published.by.keys().map(|(_, port)| *port).chain(published.targets.iter().copied());
    let reached = ports.into_iter().any(|port| {
        let both = [Protocol::TCP, Protocol::UDP].map(|protocol| first_packet(input, protocol, port));
        asked.iter().any(|space| both.iter().any(|packets| space.overlaps(packets)))
    });
    if reached || published.spared.contains(&None) || !asked.iter().all(names_ports) {
        return None;
    }
    let message = format!(
        "`{name}` bans nobody: it is asked where packets are forwarded, and the ports that it is for are those of this host"
    );
    Some(
        Finding::new(message)
            .key(name)
            .at(*ban.rules.first()?, "asked only in FORWARD")
            .help("ban in INPUT: `chain = INPUT` of fail2ban"),
    )
}

fn asks(input: &Input<'_, '_>, rule: RuleId) -> Space {
    input.ruleset.rule(rule).map_or_else(Space::none, |rule| Reading::of(rule, input.ruleset.family).upper)
}

fn first_packet(input: &Input<'_, '_>, protocol: Protocol, port: u16) -> Space {
    let words = format!("! -i lo -p {protocol} -m {protocol} --dport {port} -m conntrack --ctstate NEW");
    packets(input.ruleset.family, &words)
}
