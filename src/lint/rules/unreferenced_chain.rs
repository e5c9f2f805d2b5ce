//! KPT104: a chain with rules that no packet comes to.

use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Kind, Rule, Then};

pub(super) static LINT: Lint = Lint {
    code: "KPT104",
    name: "unreferenced-chain",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/unreferenced-chain.md"),
    check,
};

/// Chains that are there for people to fill.
const FOR_USERS: [&str; 1] = ["DOCKER-USER"];
/// Owners that keep chains ready, or of whose chains other lints tell.
const QUIET: [&str; 6] = ["kube-proxy", "kubelet", "Cilium", "ufw", "libvirt", "firewalld"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for table in input.ruleset.tables() {
        let Some(graph) = input.graph(table) else { continue };
        let reached = graph.reached_from_hooks();
        for (chain, own) in input.ruleset.chains(table) {
            let rules = input.ruleset.rules(chain);
            let is_quiet = input.owner(chain).is_some_and(|owner| QUIET.contains(&owner.as_str()));
            let is_lost = own.kind == Kind::User && reached.binary_search(&chain).is_err();
            // Of chains that lead to each other the first is told.
            if is_lost
                && !is_quiet
                && rules.iter().any(|rule| !only_returns(rule))
                && graph.callers(chain).next().is_none()
            {
                findings.add(finding(input, chain, own.name));
            }
        }
    }
}

fn only_returns(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Return(_)))
}

fn finding(input: &Input<'_, '_>, chain: ChainId, name: &str) -> Finding {
    let count = input.ruleset.rules(chain).len();
    let rules = if count == 1 { "rule does" } else { "rules do" };
    let message = format!("{count} {rules} nothing: no packet comes to `{name}` of `{}`", chain.table);
    let finding = Finding::new(message).at(chain, "no built-in chain leads here");
    let program = input.command(chain.table.name);
    if FOR_USERS.contains(&name) {
        let finding =
            finding.severity(Severity::Warning).help("restart Docker, which makes the jump, or make it by hand");
        return finding.command(format!("{program} -I FORWARD -j {name}"));
    }
    let finding = finding.help("jump to it where it is meant to be asked, or take it out");
    finding.command(format!("{program} -F {name}")).command(format!("{program} -X {name}"))
}
