//! KPT605: rules of two pod networks, one of which has most likely been replaced by the other.

use std::collections::BTreeMap;

use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Owner, Severity};
use crate::ruleset::{ChainId, RuleId, Then};
use crate::save::TableName::Nat;

pub(super) static LINT: Lint = Lint {
    code: "KPT605",
    name: "cni-leftovers",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/cni-leftovers.md"),
    check,
};

/// Who connects pods. kube-router is left out: as part of k3s it enforces policies beside any of these.
const NETWORKS: [&str; 6] = ["Calico", "flannel", "Weave Net", "Cilium", "Antrea", "the AWS CNI"];
/// Those that are meant to work together.
const TOGETHER: [[&str; 2]; 3] = [["Calico", "the AWS CNI"], ["Cilium", "the AWS CNI"], ["Antrea", "the AWS CNI"]];
/// Those that work together as Canal, where only flannel masquerades.
const CANAL: [&str; 2] = ["Calico", "flannel"];

/// What the rules of a network do to packets, the worst that is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Does {
    Nothing,
    Drops,
    Masquerades,
}

/// The first rule of a network that packets come to and that does the worst.
#[derive(Clone, Copy)]
struct Network {
    owner: Owner,
    rule: RuleId,
    does: Does,
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let networks: Vec<_> = networks(input).into_values().collect();
    for (at, one) in networks.iter().enumerate() {
        for other in networks.iter().skip(at + 1).filter(|other| !is_meant(*one, **other)) {
            findings.add(finding(*one, *other));
        }
    }
}

/// The networks that have rules that packets come to.
fn networks(input: &Input<'_, '_>) -> BTreeMap<Owner, Network> {
    let mut networks: BTreeMap<Owner, Network> = BTreeMap::new();
    for chain in input.chains().filter(|chain| input.is_reached(*chain)) {
        let Some(owner) = input.owner(chain).filter(|owner| NETWORKS.contains(&owner.as_str())) else { continue };
        for (rule, words) in input.rules(chain) {
            let found = Network { owner, rule, does: does(input, chain, &words.then) };
            let known = networks.entry(owner).or_insert(found);
            if found.does > known.does {
                *known = found;
            }
        }
    }
    networks
}

fn does(input: &Input<'_, '_>, chain: ChainId, then: &Then<'_>) -> Does {
    match then {
        // What goes through a tunnel of Calico has to be masqueraded also where others masquerade the rest.
        Then::Target(Target::Masquerade(_) | Target::Snat(_)) if chain.table.name == Nat => {
            if input.ruleset.name(chain) == "cali-POSTROUTING" { Does::Nothing } else { Does::Masquerades }
        }
        Then::Target(Target::Drop(_) | Target::Reject(_)) => Does::Drops,
        _ => Does::Nothing,
    }
}

fn is_meant(one: Network, other: Network) -> bool {
    let are = |pair: &[&str; 2]| {
        let (one, other) = (one.owner.as_str(), other.owner.as_str());
        *pair == [one, other] || *pair == [other, one]
    };
    let both_masquerade = one.does == Does::Masquerades && other.does == Does::Masquerades;
    TOGETHER.iter().any(are) || are(&CANAL) && !both_masquerade
}

fn finding(one: Network, other: Network) -> Finding {
    let message = match one.does.max(other.does) {
        Does::Masquerades if one.does == other.does => {
            format!("{} and {} both give packets of pods another source", one.owner, other.owner)
        }
        Does::Masquerades => format!(
            "packets of pods meet rules of {} and of {}, and may get another source twice or by the wrong one",
            one.owner, other.owner
        ),
        Does::Drops => format!(
            "packets of pods meet rules of {} and of {}, and each may drop what the other lets through",
            one.owner, other.owner
        ),
        Does::Nothing => format!("packets of pods meet rules of {} and of {}", one.owner, other.owner),
    };
    let label = |network: Network| match network.does {
        Does::Masquerades => format!("{} masquerades", network.owner),
        Does::Drops => format!("{} drops", network.owner),
        Does::Nothing => format!("belongs to {}", network.owner),
    };
    Finding::new(format!("{message}: most likely one of them is left over"))
        .key(format!("{} {}", one.owner, other.owner))
        .at(one.rule, label(one))
        .at(other.rule, label(other))
        .help(
            "find out which of them connects the pods (`/etc/cni/net.d` on the node), and reboot the node, or flush and delete the chains \
             of the other",
        )
}
