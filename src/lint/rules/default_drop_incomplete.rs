//! KPT702: INPUT denies what is not asked for, and with it what the host itself waits for.

use crate::analyze::{Acceptors, By, Stance, packets};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Place, Severity};
use crate::ruleset::ChainId;
use crate::save::Hook;
use crate::save::TableName::{Filter, Raw};

pub(super) static LINT: Lint = Lint {
    code: "KPT702",
    name: "default-drop-incomplete",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Whole, Need::Table(Filter)],
    page: include_str!("../../../docs/lints/default-drop-incomplete.md"),
    check,
};

/// Answers to a connection that this host has opened, as most programs do it: from a port that nobody has chosen.
const ANSWERS: &str = "! -i lo -p tcp -m tcp --sport 443 --dport 45678 -m conntrack --ctstate ESTABLISHED";
/// The first packet of one program of this host to another that listens at no port in particular.
const LOOPBACK: &str = "-i lo -p tcp -m tcp --sport 45678 --dport 45679 -m conntrack --ctstate NEW";

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    // Of untracked connections, rules for ports accept the answers.
    let untracked = input.chains_of(Raw).any(|chain| !input.ruleset.rules(chain).is_empty());
    if input.ruleset.is_mixed() {
        return;
    }
    let bases = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Input));
    for base in bases {
        let Stance::Denies(by) = Stance::of(input.ruleset, base) else { continue };
        let acceptors = Acceptors::of(input.ruleset, input.reached_from(base.table, Hook::Input));
        let lacks = |words: &str| !acceptors.may_accept(&packets(input.ruleset.family, words));
        if !untracked && lacks(ANSWERS) {
            let message =
                "`INPUT` denies the answers to what this host itself asks for: no rule accepts established connections";
            findings.add(finding(
                input,
                base,
                by,
                message,
                "answers",
                "-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
            ));
        }
        if lacks(LOOPBACK) {
            let message =
                "`INPUT` denies what programs of this host say to each other: no rule accepts all that comes by `lo`";
            findings.add(finding(input, base, by, message, "lo", "-i lo -j ACCEPT"));
        }
    }
}

fn finding(input: &Input<'_, '_>, base: ChainId, by: By, message: &str, key: &str, rule: &str) -> Finding {
    Finding::new(message).at(decider(by), "denies it").key(key).help("accept it first").command(format!(
        "{} -I {} {rule}",
        input.command(Filter),
        input.ruleset.name(base)
    ))
}

/// The rule, or the chain by its policy.
pub(super) fn decider(by: By) -> Place {
    match by {
        By::Rule(rule) => rule.into(),
        By::Policy(chain) => chain.into(),
    }
}
