//! KPT007: rules in both halves of the kernel, which asks them all.

use crate::diagnostic::{Code, Diagnostic};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::ruleset::{ChainId, Ruleset};
use crate::save::Backend;

pub(super) static LINT: Lint = Lint {
    code: "KPT007",
    name: "mixed-backends",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/mixed-backends.md"),
    check,
};

/// Whose chains must not be in both halves.
const AGENTS: [&str; 3] = ["kube-proxy", "CNI plugins", "Docker"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if let Some(legacy) = input.legacy() {
        findings.extend(in_both(input, legacy));
    } else if let Some(span) =
        input.problems_of(Code::OtherBackend).find_map(Diagnostic::span).filter(|_| input.tells_of_text())
    {
        let finding = Finding::new("the kernel also asks rules of the legacy backend, which are not in this dump");
        findings.add(
            finding
                .at(span, "rules that are not here")
                .help("look at both with `--legacy FILE`; give all programs one backend and flush the other, or restart the host")
                .command("iptables-legacy-save"),
        );
    }
}

fn in_both(input: &Input<'_, '_>, legacy: &Ruleset<'_>) -> Option<Finding> {
    let is_same = std::ptr::eq(std::ptr::from_ref(legacy).cast::<()>(), std::ptr::from_ref(input.ruleset).cast::<()>());
    let is_filled = |chain: &ChainId| !input.ruleset.rules(*chain).is_empty();
    let is_agent = |chain: &ChainId| input.owner(*chain).is_some_and(|owner| AGENTS.contains(&owner.as_str()));
    let is_twice = |chain: &ChainId| {
        let others = legacy.find_any(chain.table.name, input.ruleset.name(*chain));
        let mut others = others.filter(|other| !is_same || other.table != chain.table);
        others.any(|other| !legacy.rules(other).is_empty())
    };
    let own = input.chains().filter(|chain| !is_same || chain.table.backend == Backend::Nft);
    let twice: Vec<_> = own.filter(|chain| is_filled(chain) && is_agent(chain) && is_twice(chain)).collect();
    let first = *twice.first()?;
    let message = format!(
        "the kernel asks `{}` twice, of both backends, and {} more chains",
        input.ruleset.name(first),
        twice.len() - 1
    );
    let finding = Finding::new(message).severity(Severity::Error).at(first, "has rules in the legacy backend, too");
    Some(
        finding
            .help("flush the backend that is not used any more, or restart the host; give all programs the same one")
            .command(format!("iptables-legacy -t {} -F", first.table)),
    )
}
