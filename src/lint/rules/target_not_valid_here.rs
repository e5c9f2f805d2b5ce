//! KPT006: a target or an interface that iptables refuses where it stands.

use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::ruleset::{ChainId, Kind, Rule, RuleId, Then};
use crate::save::Hook::{self, Input as In, Output, Postrouting, Prerouting};
use crate::save::TableName::{self, Filter, Mangle, Nat, Raw};

pub(super) static LINT: Lint = Lint {
    code: "KPT006",
    name: "target-not-valid-here",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/target-not-valid-here.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for chain in input.chains() {
        let Some(own) = input.ruleset.chain(chain) else { continue };
        if own.kind == Kind::User && Hook::ALL.iter().any(|hook| hook.as_str() == own.name) {
            findings.add(wrong_table(chain, own.name));
        }
        let table = chain.table.name;
        let suspects = input.rules(chain).filter(|(_, rule)| refusal(table, rule, &Hook::ALL).is_some());
        let suspects: Vec<_> = suspects.collect();
        if suspects.is_empty() && !matches!(own.kind, Kind::Base { .. }) {
            continue;
        }
        let hooks: Vec<_> = input.hooks_of(chain).collect();
        findings.extend(suspects.into_iter().filter_map(|(id, rule)| {
            let (what, where_to) = refusal(table, rule, &hooks)?;
            Some(finding(input, id, what, where_to, &hooks))
        }));
        if let Kind::Base { hook, .. } = own.kind {
            findings.extend(input.rules(chain).filter_map(|(id, rule)| wrong_interface(id, rule, hook)));
        }
    }
}

/// What is refused of a rule that a packet comes to at these hooks, and where it may stand.
fn refusal<'r>(table: TableName, rule: &'r Rule<'_>, hooks: &[Hook]) -> Option<(&'r str, &'static str)> {
    let Then::Target(target) = &rule.then else { return None };
    let is_beside = |allowed: &[Hook]| hooks.iter().any(|hook| !allowed.contains(hook));
    let place = match target {
        Target::Drop(_) => (table == Nat).then_some("filter, mangle or raw"),
        Target::Reject(_) => {
            let refused = matches!(table, Nat | Raw) || table == Mangle && hooks.contains(&Prerouting);
            refused.then_some("filter")
        }
        Target::Masquerade(_) => (table != Nat || is_beside(&[Postrouting])).then_some("`POSTROUTING` of nat"),
        Target::Snat(_) => {
            (table != Nat || is_beside(&[Postrouting, In])).then_some("`POSTROUTING` and `INPUT` of nat")
        }
        Target::Dnat(_) | Target::Redirect(_) => {
            (table != Nat || is_beside(&[Prerouting, Output])).then_some("`PREROUTING` and `OUTPUT` of nat")
        }
        Target::Ct(_) | Target::NoTrack(_) => (table != Raw).then_some("raw"),
        Target::Tproxy(_) => (table == Filter).then_some("`PREROUTING` of mangle"),
        Target::Ttl(_) => (table == Filter).then_some("mangle"),
        _ => None,
    };
    place.filter(|_| !hooks.is_empty()).map(|place| (target.name(), place))
}

fn finding(input: &Input<'_, '_>, id: RuleId, what: &str, place: &str, hooks: &[Hook]) -> Finding {
    let (table, chain) = (id.chain.table, input.ruleset.name(id.chain));
    let hooks: Vec<_> = hooks.iter().map(|hook| hook.as_str()).collect();
    let message = format!("iptables refuses to load the `{table}` table: `{what}` may not stand in `{chain}`");
    let label = format!("comes from `{}`", hooks.join("`, `"));
    Finding::new(message).at(id, label).help(format!("`{what}` may stand in {place}"))
}

/// Only in a built-in chain iptables knows which interface there is.
fn wrong_interface(id: RuleId, rule: &Rule<'_>, hook: Hook) -> Option<Finding> {
    let option = match hook {
        Prerouting | In => rule.header.output.as_ref().map(|_| "-o"),
        Output | Postrouting => rule.header.input.as_ref().map(|_| "-i"),
        Hook::Forward => None,
    }?;
    let message = format!("iptables refuses to load the `{}` table: `{hook}` takes no `{option}`", id.chain.table);
    Some(
        Finding::new(message)
            .at(id, format!("`{option}` is not known here"))
            .help("ask for the other interface, or for an address"),
    )
}

fn wrong_table(chain: ChainId, name: &str) -> Finding {
    let message = format!("no packet comes to `{name}` of `{}`, which has no such built-in chain", chain.table);
    let finding = Finding::new(message).at(chain, "a chain like any other here");
    finding.help(format!("move its rules to a table that has `{name}`"))
}
