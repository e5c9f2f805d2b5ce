//! KPT503: a Service that node ports are asked for before.

use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT503",
    name: "nodeports-not-last",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/nodeports-not-last.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let services = input.chains_of(TableName::Nat).filter(|chain| input.role(*chain) == Some(Role::Services));
    findings.extend(services.filter_map(|chain| behind(input, chain)));
}

/// The first rule that leads to a Service from behind a jump to the node ports. There may be several such jumps, one for each
/// address of the node.
fn behind(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let to = |rule: &Rule<'_>| rule.leads_to().and_then(|to| input.role(to));
    let (jump, _) = input.rules(chain).find(|(_, rule)| to(rule) == Some(Role::NodePorts))?;
    let mut late = input.rules(chain).filter(|(id, rule)| {
        id.index > jump.index && !matches!(to(rule), None | Some(Role::NodePorts | Role::MarkMasq | Role::MarkDrop))
    });
    let (first, rule) = late.next()?;
    let more = match late.count() {
        0 => String::new(),
        more => format!(", and {more} more rules behind it"),
    };
    let whose = rule.leads_to().and_then(|to| input.service(to));
    let whose = whose.map_or_else(|| "what this rule takes".to_owned(), |service| format!("Service {service}"));
    Some(
        Finding::new(format!(
            "a connection to {whose} at an address of this node goes to the Service whose node port is the same, if there is one"
        ))
        .at(first, format!("is asked only behind the node ports{more}"))
        .at(jump, "takes what is for this node")
        .help("kube-proxy writes its jump to the node ports last: restart it, and put rules of your own before `KUBE-SERVICES`"),
    )
}
