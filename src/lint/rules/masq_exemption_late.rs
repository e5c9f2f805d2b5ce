//! KPT408: an exemption from masquerading behind the rule that masquerades.

use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{AddressTest, ChainId, Rule, RuleId, Test, Then};
use crate::save::Hook;
use crate::save::TableName::Nat;
use crate::space::{Axis, Bits, Cube, Reading, Space};

pub(super) static LINT: Lint = Lint {
    code: "KPT408",
    name: "masq-exemption-late",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/masq-exemption-late.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for table in input.ruleset.tables_named(Nat) {
        for chain in input.reached_from(table, Hook::Postrouting) {
            in_chain(input, chain, findings);
        }
    }
}

fn in_chain(input: &Input<'_, '_>, chain: ChainId, findings: &mut Findings<'_, '_, '_>) {
    let mut takers: Vec<(RuleId, Space)> = Vec::new();
    for (id, rule) in input.rules(chain) {
        if rewrites(rule) {
            let matched = Reading::of(rule, input.ruleset.family).lower();
            if matched.cubes().iter().all(asks_addresses) {
                takers.push((id, matched));
            }
        } else if let Some((src, dst)) = exemption(rule) {
            let spared = Reading::of(rule, input.ruleset.family).upper;
            let taker = takers.iter().find(|(_, taken)| taken.overlaps(&spared));
            findings.extend(taker.map(|(taker, _)| finding(input, id, *taker, src, dst)));
        }
    }
}

fn rewrites(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Masquerade(_) | Target::Snat(_) | Target::NetMap(_)))
}

/// Does it ask for nothing but addresses? What asks for an interface or a mark may be apart from the exemption in practice.
fn asks_addresses(cube: &Cube) -> bool {
    let addresses = |axis: &Axis| matches!(axis, Axis::Src | Axis::Dst);
    cube.tests().is_empty() && cube.mark() == Bits::default() && cube.within().iter().all(|(axis, _)| addresses(axis))
}

/// The addresses between which a rule lets packets go as they are.
fn exemption<'r>(rule: &'r Rule<'_>) -> Option<(&'r AddressTest<'r>, &'r AddressTest<'r>)> {
    let lets_go = matches!(rule.then, Then::Target(Target::Accept(_) | Target::Return(_)));
    match (rule.header.src.as_deref(), rule.header.dst.as_deref()) {
        (Some(Test { not: false, value: src }), Some(Test { not: false, value: dst })) if lets_go => Some((src, dst)),
        _ => None,
    }
}

fn finding(
    input: &Input<'_, '_>,
    late: RuleId,
    taker: RuleId,
    src: &AddressTest<'_>,
    dst: &AddressTest<'_>,
) -> Finding {
    let chain = input.ruleset.name(late.chain);
    let program = input.command(Nat);
    let message = format!("packets from {src} to {dst} get another source, although `{chain}` means to spare them");
    Finding::new(message)
        .at(late, "spares them, and comes too late")
        .at(taker, "masquerades them before")
        .help("put the exemption in front: restart the agent that wrote it, or move it")
        .command(format!("{program} -D {chain} {}", late.number()))
        .command(format!("{program} -I {chain} {} {}", taker.number(), input.words(late)))
}
