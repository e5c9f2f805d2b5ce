//! KPT303: Services that remember clients for three minutes only, and what remembering does not do.

use crate::analyze::LIST_SIZE;
use crate::extension::matches::{Match, Recent, What};
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Profile, Severity};
use crate::ruleset::{ChainId, Rule, RuleId};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT303",
    name: "affinity-limits",
    severity: Severity::Info,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/affinity-limits.md"),
    check,
};

/// What kube-proxy once took for three hours.
const SHORT: u32 = 180;

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let services = input.chains_of(TableName::Nat);
    let services = services
        .filter(|chain| matches!(input.role(*chain), Some(Role::Cluster(_) | Role::Local(_) | Role::External(_))));
    let mut first = None;
    for chain in services {
        let check = input.rules(chain).find_map(|(id, rule)| Some((id, asked(rule)?)));
        first = first.or(check.map(|(id, _)| id));
        findings.extend(check.filter(|(_, list)| list.seconds == Some(SHORT)).map(|(id, _)| short(input, chain, id)));
    }
    if input.profile >= Profile::Strict {
        findings.extend(first.map(limits));
    }
}

/// The list that a rule asks for somebody.
fn asked<'r, 't>(rule: &'r Rule<'t>) -> Option<&'r Recent<'t>> {
    rule.matches.iter().find_map(|extension| match extension {
        Match::Recent(recent) if matches!(recent.what, What::Check | What::Update) => Some(&**recent),
        _ => None,
    })
}

fn short(input: &Input<'_, '_>, chain: ChainId, check: RuleId) -> Finding {
    let whose = input.service(chain).map_or_else(|| format!("`{}`", input.ruleset.name(chain)), ToString::to_string);
    Finding::new(format!("{whose} forgets its clients {SHORT} seconds after their last connection"))
        .at(check, "asks only for clients of the last three minutes")
        .help(
            "old versions of kube-proxy wrote so in place of three hours: update it, or set `sessionAffinityConfig` of the Service \
             if another time is meant",
        )
}

/// What people take for a fault, told once.
fn limits(check: RuleId) -> Finding {
    let message = format!(
        "an endpoint remembers the last {LIST_SIZE} clients only, unless the module was loaded with another number, and each port \
         of a Service remembers for itself"
    );
    Finding::new(message).key("limits").at(check, "asks such a list").help(
        "`options xt_recent ip_list_tot=N` in /etc/modprobe.d, and load the module anew; in the modes ipvs and nftables, kube-proxy \
         does without it",
    )
}
