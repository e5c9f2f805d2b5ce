//! KPT201: a chain that balances and whose last rule leaves some connections to nobody.

use crate::analyze::{Fan, other_fans};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::TableName;

pub(super) static LINT: Lint = Lint {
    code: "KPT201",
    name: "lb-missing-final-endpoint",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/lb-missing-final-endpoint.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let services = input
        .chains_of(TableName::Nat)
        .filter(|chain| matches!(input.role(*chain), Some(Role::Cluster(_) | Role::Local(_))));
    let of_services = services.map(|chain| Fan::of_chain(input.ruleset, chain));
    for fan in of_services.chain(other_fans(input.ruleset)) {
        if fan.unserved.get() > 0.0 && !is_caught(input, &fan) {
            findings.extend(finding(input, &fan));
        }
    }
}

fn finding(input: &Input<'_, '_>, fan: &Fan) -> Option<Finding> {
    let last = fan.endpoints.last()?.drawn_by;
    let chain = input.ruleset.name(fan.chain);
    let left = fan.unserved.get() * 100.0;
    let to = input.service(fan.chain).map_or_else(|| format!("`{chain}`"), ToString::to_string);
    let finding = Finding::new(format!("{left:.2} % of new connections to {to} are sent to no endpoint"))
        .at(last, format!("the last rule that draws leaves {left:.2} % of all to nobody"));
    Some(match input.owner(fan.chain) {
        Some(owner) => finding.help(format!("restart {owner}, which writes all its rules anew")),
        None => finding
            .help("take the statistic match out of the last rule, so that it takes all that is left")
            .command(without_draw(input, last)),
    })
}

/// The command that lets a rule take all that comes to it.
fn without_draw(input: &Input<'_, '_>, id: RuleId) -> String {
    let rule = input.ruleset.rule(id).map(|rule| {
        let matches = rule.matches.iter().filter(|extension| !matches!(extension, Match::Statistic(_)));
        Rule { matches: matches.cloned().collect(), ..rule.clone() }
    });
    let words = rule.map(|rule| rule.display(|chain| input.ruleset.name(chain)).to_string()).unwrap_or_default();
    format!("{} -R {} {}{words}", input.command(id.chain.table.name), input.ruleset.name(id.chain), id.number())
}

/// Does another rule translate the rest: a later one of the chain, or one behind each jump to it?
fn is_caught(input: &Input<'_, '_>, fan: &Fan) -> bool {
    let Some(last) = fan.endpoints.last().map(|endpoint| endpoint.drawn_by) else { return true };
    if rewrites_later(input, last) {
        return true;
    }
    let callers: Vec<_> =
        input.graph(fan.chain.table).map(|graph| graph.callers(fan.chain).collect()).unwrap_or_default();
    let is_own = input.role(fan.chain).is_some();
    !is_own && !callers.is_empty() && callers.iter().all(|caller| rewrites_later(input, *caller))
}

/// Is there a rule behind this one in its chain that may give packets a new destination?
fn rewrites_later(input: &Input<'_, '_>, rule: RuleId) -> bool {
    let later = input.rules(rule.chain).filter(|(id, _)| id.index > rule.index);
    later.into_iter().any(|(_, rule)| rewrites(input, rule))
}

fn rewrites(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    let is_rewrite = |rule: &Rule<'_>| match &rule.then {
        Then::Target(target) => {
            matches!(target, Target::Dnat(_) | Target::Redirect(_) | Target::NetMap(_) | Target::Unread(_))
        }
        Then::Unreadable => true,
        _ => false,
    };
    let reached = rule.leads_to().and_then(|chain| Some(input.graph(chain.table)?.reach(chain))).unwrap_or_default();
    is_rewrite(rule) || reached.into_iter().flat_map(|chain| input.ruleset.rules(chain)).any(is_rewrite)
}
