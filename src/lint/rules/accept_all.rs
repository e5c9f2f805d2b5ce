//! KPT804: a rule or policy that lets everything in.

use crate::analyze::{Breadth, By, Stance};
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Profile, Severity};
use crate::ruleset::{ChainId, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::Filter;

pub(super) static LINT: Lint = Lint {
    code: "KPT804",
    name: "accept-all",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Filter)],
    page: include_str!("../../../docs/lints/accept-all.md"),
    check,
};

/// Who only bans single addresses; what they write says nothing about how the host is guarded.
const BANS: [&str; 2] = ["fail2ban", "CrowdSec"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for table in input.ruleset.tables_named(Filter) {
        let bases = [Hook::Input, Hook::Forward].map(|hook| (hook, input.ruleset.base(table, hook)));
        for (hook, base) in bases.into_iter().filter_map(|(hook, base)| Some((hook, base?))) {
            findings.extend(rule_in_front(input, hook, base));
        }
        let guarded = input.fragment || input.profile == Profile::Node || input.ruleset.is_mixed();
        let base = input.ruleset.base(table, Hook::Input).filter(|_| !guarded);
        findings.extend(base.and_then(|base| unguarded(input, base)));
    }
}

/// An ACCEPT for everything with rules behind it.
fn rule_in_front(input: &Input<'_, '_>, hook: Hook, base: ChainId) -> Option<Finding> {
    let (id, _) = input.rules(base).find(|(_, rule)| {
        let ends = matches!(&rule.then, Then::Target(Target::Accept(_) | Target::Drop(_) | Target::Reject(_)));
        ends && Breadth::of(rule) == Breadth::All
    })?;
    let is_accept = matches!(input.ruleset.rule(id)?.then, Then::Target(Target::Accept(_)));
    let behind = input.ruleset.rules(base).len().saturating_sub(id.number() as usize);
    if !is_accept || behind == 0 || decided_before(input, id) {
        return None;
    }
    let what =
        if hook == Hook::Forward { "everything that this host forwards" } else { "everything that is for this host" };
    let rules = if behind == 1 {
        "the rule below it does nothing".to_owned()
    } else {
        format!("the {behind} rules below it do nothing")
    };
    let next = RuleId { index: id.index + 1, ..id };
    let command = format!("{} -D {hook} {}", input.command(Filter), input.words(id));
    let help = if hook == Hook::Forward {
        "delete it; where pods need it, let just their range through"
    } else {
        "delete it, once another rule lets you in yourself"
    };
    Some(
        Finding::new(format!("{what} is let through: {rules}"))
            .at(id, "accepts every packet that comes here")
            .at(next, "never reached")
            .help(help)
            .command(command),
    )
}

/// Does a chain that is called further up decide about everything already?
fn decided_before(input: &Input<'_, '_>, id: RuleId) -> bool {
    let decided = Stance::of(input.ruleset, id.chain);
    !matches!(decided, Stance::Accepts(By::Rule(by)) if by == id)
}

/// Nothing but the programs that listen guards the host.
fn unguarded(input: &Input<'_, '_>, base: ChainId) -> Option<Finding> {
    let Stance::Accepts(By::Policy(_)) = Stance::of(input.ruleset, base) else { return None };
    let reached = input.reached_from(base.table, Hook::Input);
    let managed = reached.iter().filter_map(|chain| input.owner(*chain)).any(|owner| !BANS.contains(&owner.as_str()));
    if managed {
        return None;
    }
    let program = input.command(Filter);
    Some(
        Finding::new(
            "every port of this host that a program listens at can be reached from anywhere, unless a rule names it",
        )
        .severity(Severity::Info)
        .key("policy")
        .at(base, "accepts what no rule takes")
        .help("let in what is needed, answers and loopback first, and then deny the rest")
        .command(format!("{program} -P INPUT DROP")),
    )
}
