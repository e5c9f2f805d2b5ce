//! KPT401: a mark for masquerading that nothing sets, or that nothing masquerades.

use crate::analyze::masquerade_bits;
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::TableName;

const HELP: &str = "restart kube-proxy, and kubelet up to 1.26, with one masquerade bit (`iptablesMasqueradeBit`)";

pub(super) static LINT: Lint = Lint {
    code: "KPT401",
    name: "masq-mark-broken",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/masq-mark-broken.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let of_role = |role: Role<'_>| input.chains_of(TableName::Nat).find(|chain| input.role(*chain) == Some(role));
    let has_services = of_role(Role::Services).is_some_and(|chain| input.rules(chain).next().is_some());
    let Some(marking) = of_role(Role::MarkMasq).filter(|_| has_services) else { return };
    if input.rules(marking).any(|(_, rule)| is_unclear(rule)) {
        return findings.skip("the masquerade mark: `KUBE-MARK-MASQ` holds a rule that is not understood");
    }
    let Some(bits) = masquerade_bits(input.ruleset) else {
        let message = "nothing that Services translate is masqueraded: `KUBE-MARK-MASQ` sets no mark";
        return findings.add(Finding::new(message).at(marking, "sets no mark").help(HELP));
    };
    let Some(postrouting) = of_role(Role::Postrouting) else {
        let message = "nothing that Services translate is masqueraded: there is no `KUBE-POSTROUTING`";
        return findings.add(Finding::new(message).at(marking, "marks what should be").help(HELP));
    };
    let message = format!(
        "nothing that Services translate is masqueraded: `KUBE-POSTROUTING` passes over what has the mark {bits:#x}"
    );
    let finding = match end(input, postrouting, Known { bits, others: others(input, [marking, postrouting]) }) {
        End::Masquerade => return,
        End::Rule(rule) => Finding::new(message).at(rule, "lets it go"),
        End::Chain => Finding::new(message).at(postrouting, "has no rule for it"),
    };
    let marks = input.rules(marking).next().map(|(id, _)| id);
    let finding = match marks {
        Some(marks) => finding.at(marks, "sets the mark"),
        None => finding,
    };
    findings.add(finding.help(HELP));
}

/// Where the way of a packet through a chain ends.
enum End {
    /// At a rule that masquerades it, or may.
    Masquerade,
    /// At a rule that does not.
    Rule(RuleId),
    /// At the end of the chain.
    Chain,
}

/// What is known of the mark of a packet that a Service has marked.
#[derive(Clone, Copy)]
struct Known {
    /// The bits that it has.
    bits: u32,
    /// Bits that other rules may have set.
    others: u32,
}

/// The bits that rules outside these chains may set.
fn others(input: &Input<'_, '_>, chains: [ChainId; 2]) -> u32 {
    let rules = input.all_rules().filter(|(id, _)| !chains.contains(&id.chain));
    rules.fold(0, |bits, (_, rule)| match &rule.then {
        Then::Target(Target::Mark(mark)) => bits | mark.set.mask | mark.set.value,
        Then::Unreadable
        | Then::Target(
            Target::ConnMark(_) | Target::Hmark(_) | Target::Set(_) | Target::Tproxy(_) | Target::Unread(_),
        ) => u32::MAX,
        _ => bits,
    })
}

/// Follows what is marked through the chain.
fn end(input: &Input<'_, '_>, chain: ChainId, known: Known) -> End {
    let mut mark = known.bits;
    for (id, rule) in input.rules(chain) {
        match takes(rule, mark, known) {
            Outcome::Always => match &rule.then {
                Then::Target(Target::Mark(set)) => mark = mark & !set.set.mask ^ set.set.value,
                Then::Target(Target::Return(_) | Target::Accept(_) | Target::Drop(_)) => return End::Rule(id),
                Then::Next => {}
                _ => return End::Masquerade,
            },
            Outcome::Depends if is_masquerade(rule) || is_unclear(rule) || rule.leads_to().is_some() => {
                return End::Masquerade;
            }
            Outcome::Never | Outcome::Depends => {}
        }
    }
    End::Chain
}

/// Does the rule take what has this mark?
fn takes(rule: &Rule<'_>, mark: u32, known: Known) -> Outcome {
    let asked = rule.matches.iter().filter(|extension| !matches!(extension, Match::Comment(_)));
    let answers =
        asked.map(|extension| match extension {
            Match::Mark(test) if test.mark.mask & known.others & !known.bits == 0 => {
                if test.mark.fits(mark) == test.not { Outcome::Never } else { Outcome::Always }
            }
            _ => Outcome::Depends,
        });
    let open = if rule.header.is_open() { Outcome::Always } else { Outcome::Depends };
    answers.fold(open, Outcome::min)
}

/// What a rule does with a packet of which only the mark is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    Never,
    Depends,
    Always,
}

const fn is_masquerade(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Masquerade(_) | Target::Snat(_)))
}

const fn is_unclear(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Unreadable | Then::Target(Target::Unread(_)))
}
