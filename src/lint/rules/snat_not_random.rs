//! KPT406: two connections of pods may get the same source port, and one loses its first packet.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::analyze::{holds_any, translated_to};
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Mode, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{AddressTest, Rule, RuleId, Test, Then};
use crate::save::{Hook, TableName};

pub(super) static LINT: Lint = Lint {
    code: "KPT406",
    name: "snat-not-random",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/snat-not-random.md"),
    check,
};

/// Whose chains give what pods send another source.
const OWNERS: [&str; 6] = ["flannel", "CNI plugins", "Weave Net", "Calico", "the AWS CNI", "ip-masq-agent"];
/// Rules that are pointed at.
const SHOWN: usize = 10;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.mode() == Mode::Plain {
        return;
    }
    let endpoints = endpoints(input);
    let chains = input.chains_of(TableName::Nat).filter(|chain| input.is_reached_from(*chain, Hook::Postrouting));
    let rules = chains.flat_map(|chain| input.rules(chain)).filter(|(_, rule)| keeps_port(rule));
    let found: Vec<_> = rules.filter(|(id, rule)| is_of_pods(input, *id, rule, &endpoints)).collect();
    let Some((first, _)) = found.first() else { return };
    let message = format!(
        "two connections of pods that begin at once may get the same source port, and one then loses its first packet ({})",
        if found.len() == 1 { "1 rule".to_owned() } else { format!("{} rules", found.len()) }
    );
    let finding = Finding::new(message).at(*first, "without `--random-fully`");
    let others = found.iter().skip(1).take(SHOWN);
    let finding = others.fold(finding, |finding, (rule, _)| finding.at(*rule, "the same"));
    findings.add(finding.help(
        "update the program that writes the rule, or let it see iptables 1.6.2 or newer, which knows the option",
    ));
}

/// Does it give TCP or UDP another source, with a port that is not drawn?
fn keeps_port(rule: &Rule<'_>) -> bool {
    let has_ports = match &rule.header.protocol {
        Some(Test { not: false, value }) => [Protocol(0), Protocol::TCP, Protocol::UDP].contains(value),
        _ => true,
    };
    let Then::Target(target @ (Target::Masquerade(_) | Target::Snat(_))) = &rule.then else { return false };
    has_ports && !target.to_string().contains("--random-fully")
}

/// Is it for what pods send, or what was sent to Services?
fn is_of_pods(input: &Input<'_, '_>, id: RuleId, rule: &Rule<'_>, endpoints: &BTreeSet<IpAddr>) -> bool {
    if input.role(id.chain) == Some(Role::Postrouting) {
        return true;
    }
    match (input.owner(id.chain), rule.header.src.as_deref()) {
        (Some(owner), _) => OWNERS.contains(&owner.as_str()),
        (None, Some(Test { not: false, value: AddressTest::Net(net) })) => holds_any(*net, endpoints),
        (None, _) => false,
    }
}

fn endpoints(input: &Input<'_, '_>) -> BTreeSet<IpAddr> {
    let chains = input.endpoint_chains();
    chains.flat_map(|chain| translated_to(input.ruleset, chain)).collect()
}
