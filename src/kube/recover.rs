//! Endpoints whose addresses were lost when the rules were printed.
//!
//! The name of a `KUBE-SEP-` chain is a hash over the endpoint, so an address with the right hash is the endpoint's. The
//! address without its port stands in the rule that masquerades what the endpoint sends to itself; newer versions of
//! kube-proxy write both into the comment of the rule that draws it.

use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};

use crate::extension::targets::Target;
use crate::packet::{FoundIn, Host, Recovered};
use crate::ruleset::{AddressTest, ChainId, Rule, Ruleset, Test, Then};

use super::comment::read_comment;
use super::hash::{port_of, suffix};
use super::role::Role;

/// Tells `host` where the rules send packets whose words were lost, in the chains that can be reached from `chain`.
pub(super) fn recover(ruleset: &Ruleset<'_>, chain: ChainId, host: &mut Host) {
    let mut seen = BTreeSet::new();
    let mut ahead = vec![(chain, None)];
    while let Some((chain, said)) = ahead.pop() {
        if !seen.insert(chain) {
            continue;
        }
        for rule in ruleset.rules(chain) {
            if let Some(next) = rule.leads_to() {
                ahead.push((next, endpoint_said(rule)));
            }
            if let Some(found) = recovered(ruleset, chain, rule, said) {
                host.set_recovered(rule.line, found);
            }
        }
    }
}

/// Where a rule of `chain` sends packets, if its words were lost; `said` is what the comment of the rule says that jumps
/// there.
pub fn recovered(
    ruleset: &Ruleset<'_>,
    chain: ChainId,
    rule: &Rule<'_>,
    said: Option<SocketAddr>,
) -> Option<Recovered> {
    is_lost(rule).then(|| endpoint(ruleset, chain, rule, said)).flatten()
}

fn is_lost(rule: &Rule<'_>) -> bool {
    matches!(&rule.then, Then::Target(Target::Unread(unread)) if unread.lost.is_some() && unread.name == "DNAT")
}

/// The endpoint that a rule's comment names: `namespace/name:port -> 10.1.2.3:80`
pub fn endpoint_said(rule: &Rule<'_>) -> Option<SocketAddr> {
    rule.comments().find_map(|comment| comment.split_once(" -> ")?.1.parse().ok())
}

/// The endpoint of a chain: one that its name proves, or the one that `said` is.
fn endpoint(ruleset: &Ruleset<'_>, chain: ChainId, rule: &Rule<'_>, said: Option<SocketAddr>) -> Option<Recovered> {
    let Some(Role::Endpoint(hash)) = Role::of(ruleset.name(chain)) else { return None };
    let protocol = rule.header.protocol.as_ref().filter(|test| !test.not).map(|test| test.value)?;
    let names = names(rule);
    let proven = |found: &SocketAddr| names.iter().any(|name| suffix(name, protocol, Some(&found.to_string())) == hash);
    let source = || {
        let address = ruleset.rules(chain).iter().find_map(only_source)?;
        names.iter().find_map(|name| Some(SocketAddr::new(address, port_of(hash, name, protocol, address)?)))
    };
    let of_chain = said.filter(proven).or_else(source);
    let found = if of_chain.is_some() { FoundIn::ChainName } else { FoundIn::Comment };
    let endpoint = of_chain.or(said)?;
    Some(Recovered { address: endpoint.ip(), port: endpoint.port(), found })
}

/// The names that the Service port of a rule may have been hashed by.
fn names(rule: &Rule<'_>) -> Vec<String> {
    let Some((service, _)) = rule.comments().find_map(read_comment) else { return Vec::new() };
    let name = service.to_string();
    let with_colon = format!("{name}:");
    if service.port.is_empty() { vec![name, with_colon] } else { vec![name] }
}

/// `-s 10.1.2.3/32`
fn only_source(rule: &Rule<'_>) -> Option<IpAddr> {
    match rule.header.src.as_deref() {
        Some(Test { not: false, value: AddressTest::Net(net) }) => net.only(),
        _ => None,
    }
}
