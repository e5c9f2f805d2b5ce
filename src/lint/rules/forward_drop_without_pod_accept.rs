//! KPT701: FORWARD denies what pods send to each other.

use crate::analyze::{Acceptors, Stance, masquerade_bits, packets};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Net;
use crate::save::Hook;
use crate::save::TableName::{Filter, Nat};

use super::default_drop_incomplete::decider;

pub(super) static LINT: Lint = Lint {
    code: "KPT701",
    name: "forward-drop-without-pod-accept",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole, Need::Table(Filter), Need::Table(Nat)],
    page: include_str!("../../../docs/lints/forward-drop-without-pod-accept.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let pods = input.pods();
    if pods.is_empty() {
        findings.skip("whether pods reach each other: neither the rules nor the facts tell their addresses");
        return;
    }
    if input.ruleset.is_mixed() {
        return;
    }
    let bases = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Forward));
    for base in bases {
        let Stance::Denies(by) = Stance::of(input.ruleset, base) else { continue };
        let acceptors = Acceptors::of(input.ruleset, input.reached_from(base.table, Hook::Forward));
        let is_denied = |pods: &&Net| !acceptors.may_accept(&packets(input.ruleset.family, &between(input, **pods)));
        let Some(pods) = pods.iter().find(is_denied) else { continue };
        let (program, chain) = (input.command(Filter), input.ruleset.name(base));
        findings.add(
            Finding::new(format!("`{chain}` denies what pods at {pods} send to each other: no rule accepts it"))
                .at(decider(by), "denies it")
                .help(
                    "restart the agent of the pod network, which adds its own rules; where it has none, accept the range; a policy of \
                     ACCEPT would open the host to everything else",
                )
                .command(format!("{program} -A {chain} -s {pods} -j ACCEPT"))
                .command(format!("{program} -A {chain} -d {pods} -j ACCEPT")),
        );
    }
}

/// The first packet from one pod to another, which kube-proxy does not mark and which is none of Docker's.
fn between(input: &Input<'_, '_>, pods: Net) -> String {
    let bits = masquerade_bits(input.ruleset).unwrap_or(0x4000);
    format!(
        "-s {pods} -d {pods} ! -i docker0 ! -o docker0 -p tcp -m tcp --dport 8080 -m conntrack --ctstate NEW -m mark --mark 0x0/{bits:#x}"
    )
}
