//! KPT603: chains of Services that no packet comes to.

use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::ChainId;
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT603",
    name: "stale-service-chain",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/stale-service-chain.md"),
    check,
};

/// From this part of all chains of Services on it is a warning.
const MANY: f64 = 0.2;
/// From so many endpoints on kube-proxy deletes chains only now and then.
const LARGE: usize = 1000;
/// Chains that the message names.
const NAMED: usize = 5;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let services = input.chains_of(TableName::Nat).find(|chain| input.role(*chain) == Some(Role::Services));
    // Where all of kube-proxy's rules are cut off, that is what is wrong.
    if services.is_some_and(|services| !input.is_reached(services)) {
        return findings.skip("chains of Services: nothing leads to `KUBE-SERVICES`");
    }
    let all: Vec<_> = input.chains_of(TableName::Nat).filter(|chain| is_of_service(input, *chain)).collect();
    let stale: Vec<_> = all.iter().copied().filter(|chain| !input.is_reached(*chain)).collect();
    findings.extend(finding(input, &all, &stale));
}

fn is_of_service(input: &Input<'_, '_>, chain: ChainId) -> bool {
    let role = input.role(chain);
    matches!(role, Some(Role::Cluster(_) | Role::Local(_) | Role::External(_) | Role::Endpoint(_)))
}

fn finding(input: &Input<'_, '_>, all: &[ChainId], stale: &[ChainId]) -> Option<Finding> {
    let first = stale.first()?;
    let endpoints = all.iter().filter(|chain| matches!(input.role(**chain), Some(Role::Endpoint(_)))).count();
    #[expect(clippy::cast_precision_loss, reason = "a part of a whole")]
    let many = stale.len() as f64 >= MANY * all.len() as f64 && endpoints <= LARGE;
    let names: Vec<_> = stale.iter().take(NAMED).map(|chain| format!("`{}`", input.ruleset.name(*chain))).collect();
    let more = if stale.len() > NAMED { ", …" } else { "" };
    let message = format!(
        "no packet comes to {} of {} chains of Services: {}{more}; they only make every change of the rules slower",
        stale.len(),
        all.len(),
        names.join(", ")
    );
    let severity = if many { Severity::Warning } else { Severity::Info };
    let help =
        "a kube-proxy that runs deletes them; where another program has taken its place, `kube-proxy --cleanup` does";
    Some(Finding::new(message).severity(severity).key("stale").at(*first, "nothing leads there").help(help))
}
