//! KPT602: chains whose names do not belong to what leads to them.

use std::net::SocketAddr;

use crate::extension::targets::Target;
use crate::kube::{self, Entry, Role, ServiceName};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT602",
    name: "chain-hash-mismatch",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/chain-hash-mismatch.md"),
    check,
};

/// From this part of all names on, the dump is not kube-proxy's own, or names in it were made unrecognisable.
const MANY: f64 = 0.2;
/// Of so few names nothing can be said as a whole.
const FEW: u32 = 4;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let (mut all, mut wrong) = (0_u32, Vec::new());
    for named in services(input).chain(endpoints(input)) {
        all += 1;
        if !named.fits {
            wrong.push(named);
        }
    }
    let Some(first) = wrong.first() else { return };
    let count = u32::try_from(wrong.len()).unwrap_or(u32::MAX);
    if all > FEW && f64::from(count) > MANY * f64::from(all) {
        let message = format!(
            "{count} of {all} names of chains do not belong to the Services that they say they are for: names were replaced in this \
             dump, or it is not kube-proxy's"
        );
        let finding = Finding::new(message).severity(Severity::Info).key("many").at(first.rule, "one of them");
        return findings.add(finding.help("take a dump in which names were not replaced"));
    }
    findings.extend(wrong.iter().map(|named| finding(input, named)));
}

/// A chain, and the rule whose comment says what it is for.
struct Named<'i> {
    chain: &'i str,
    rule: RuleId,
    fits: bool,
    service: ServiceName,
    protocol: Protocol,
    endpoint: Option<String>,
}

/// Chains of Services, as the rules that lead to them name them.
fn services<'i>(input: &'i Input<'_, '_>) -> impl Iterator<Item = Named<'i>> {
    let entries = kube::entries(input.ruleset).filter(|entry| entry.rule.chain.table.name == TableName::Nat);
    entries.filter_map(move |Entry { service, verified, protocol, rule, chain, .. }| {
        let chain = input.ruleset.name(chain?);
        Some(Named { chain, rule, fits: verified?, service: service?, protocol, endpoint: None })
    })
}

/// Chains of endpoints, as their own rules name them.
fn endpoints<'i>(input: &'i Input<'_, '_>) -> impl Iterator<Item = Named<'i>> {
    input.chains_of(TableName::Nat).filter_map(move |chain| {
        let Some(Role::Endpoint(hash)) = input.role(chain) else { return None };
        let (id, rule, endpoint) = input.rules(chain).find_map(|(id, rule)| Some((id, rule, endpoint(rule)?)))?;
        let protocol = rule.header.protocol.as_ref().filter(|test| !test.not)?.value;
        let (service, _) = rule.comments().find_map(kube::read_comment)?;
        let fits = |name: String| kube::suffix(&name, protocol, Some(&endpoint)) == hash;
        // Up to 1.19 an unnamed port was hashed with its colon.
        let fits = fits(service.to_string()) || service.port.is_empty() && fits(format!("{service}:"));
        Some(Named { chain: input.ruleset.name(chain), rule: id, fits, service, protocol, endpoint: Some(endpoint) })
    })
}

/// The endpoint that a rule translates to, if it is just one.
fn endpoint(rule: &Rule<'_>) -> Option<String> {
    let Then::Target(Target::Dnat(dnat)) = &rule.then else { return None };
    let (address, port) = dnat.only();
    Some(SocketAddr::new(address?, port?).to_string())
}

fn finding(input: &Input<'_, '_>, named: &Named<'_>) -> Finding {
    let Named { chain, rule, service, protocol, endpoint, .. } = named;
    let prefix = chain.rsplit_once('-').map_or("", |(prefix, _)| prefix);
    let suffix = kube::suffix(&service.to_string(), *protocol, endpoint.as_deref());
    let message =
        format!("`{chain}` is not the chain of Service {service}: kube-proxy calls that one `{prefix}-{suffix}`");
    let help = match input.owner(rule.chain) {
        Some(owner) => {
            format!("the rule was edited, or is of another tool: restart {owner}, which writes all its rules anew")
        }
        None => "the rule was edited, or is of another tool".to_owned(),
    };
    Finding::new(message).at(*rule, "says whose the chain is").help(help)
}
