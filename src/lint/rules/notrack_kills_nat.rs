//! KPT412: connections of Services that connection tracking leaves out, so that nat never sees them.

use crate::extension::targets::Target;
use crate::kube::{self, Entry};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::{Nat, Raw};
use crate::space::{Fate, Reading, may_match};

pub(super) static LINT: Lint = Lint {
    code: "KPT412",
    name: "notrack-kills-nat",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat), Need::Table(Raw)],
    page: include_str!("../../../docs/lints/notrack-kills-nat.md"),
    check,
};

// What the agent of NodeLocal DNS writes beside rules that take DNS out of tracking on purpose: it has the address itself.
const NODE_LOCAL_DNS: &str = "NodeLocal DNS Cache";

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let entries: Vec<_> = kube::entries(input.ruleset)
        .filter(|entry| entry.rule.chain.table.name == Nat && entry.address.is_some() && entry.chain.is_some())
        .collect();
    for table in input.ruleset.tables_named(Raw) {
        let bases = [Hook::Prerouting, Hook::Output].into_iter().filter_map(|hook| input.ruleset.base(table, hook));
        for base in bases {
            for (id, rule) in untracking(input, base) {
                let packets = Reading::of(rule, input.ruleset.family).lower();
                let all_of = |entry: &&Entry| {
                    let wanted = may_match(input.ruleset, entry.rule);
                    wanted.is_some_and(|wanted| !wanted.is_empty() && packets.contains(&wanted) == Some(true))
                };
                findings.extend(entries.iter().find(all_of).map(|entry| finding(input, id, rule, entry)));
            }
        }
    }
}

/// The rules of a built-in chain that take packets out of tracking, as far as no rule in front may keep packets from them.
fn untracking<'i, 't>(
    input: &'i Input<'_, 't>,
    base: ChainId,
) -> impl Iterator<Item = (RuleId, &'i Rule<'t>)> + use<'i, 't> {
    let goes_on = |(_, rule): &(RuleId, &Rule<'_>)| Fate::of(rule) == Fate::Continues;
    let untracks = |rule: &Rule<'_>| match &rule.then {
        Then::Target(Target::NoTrack(_)) => true,
        Then::Target(Target::Ct(ct)) => ct.to_string().contains("--notrack"),
        _ => false,
    };
    input.rules(base).take_while(goes_on).filter(move |(_, rule)| untracks(rule))
}

fn finding(input: &Input<'_, '_>, id: RuleId, rule: &Rule<'_>, entry: &Entry) -> Finding {
    let name = entry.service.as_ref().map_or_else(|| "a Service".to_owned(), ToString::to_string);
    let address = entry.address.map(|address| address.to_string()).unwrap_or_default();
    let on_purpose = rule.comments().any(|comment| comment.contains(NODE_LOCAL_DNS));
    let message = format!(
        "nat sends nothing of {name} at {address} to its endpoints: `{}` of raw takes it out of connection tracking",
        input.ruleset.name(id.chain)
    );
    Finding::new(message)
        .severity(if on_purpose { Severity::Info } else { Severity::Warning })
        .key(address)
        .at(id, "takes the packets out")
        .at(entry.rule, "never sees them")
        .help("leave only what a program of this host answers itself out of tracking")
}
