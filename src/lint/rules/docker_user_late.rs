//! KPT505: DOCKER-USER is asked after Docker has let packets through.

use crate::analyze::{Lets, lets};
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::Filter;

pub(super) static LINT: Lint = Lint {
    code: "KPT505",
    name: "docker-user-late",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(Filter)],
    page: include_str!("../../../docs/lints/docker-user-late.md"),
    check,
};

/// The chain that Docker leaves to people.
const USER: &str = "DOCKER-USER";

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for user in input.ruleset.find_any(Filter, USER).filter(|user| denies(input, *user)) {
        let Some(jump) = jump(input, user) else { continue };
        let lets = lets(input.ruleset, jump);
        findings.extend(lets.iter().find(|lets| is_of_docker(input, lets)).and_then(|lets| finding(input, jump, lets)));
    }
}

/// Does it, or a chain that it leads to, deny anything?
fn denies(input: &Input<'_, '_>, user: ChainId) -> bool {
    let reached = input.graph(user.table).map(|graph| graph.reach(user)).unwrap_or_default();
    let mut rules = reached.into_iter().flat_map(|chain| input.ruleset.rules(chain));
    rules.any(|rule| matches!(rule.then, Then::Target(Target::Drop(_) | Target::Reject(_))))
}

/// The first rule of FORWARD that leads there.
fn jump(input: &Input<'_, '_>, user: ChainId) -> Option<RuleId> {
    let base = input.ruleset.base(user.table, Hook::Forward)?;
    input.rules(base).find(|(_, rule)| rule.leads_to() == Some(user)).map(|(id, _)| id)
}

/// Is it by way of a chain of Docker, or a rule for one of its bridges?
fn is_of_docker(input: &Input<'_, '_>, lets: &Lets) -> bool {
    let Some(rule) = lets.front().and_then(|front| input.ruleset.rule(front)) else { return false };
    let by_chain = rule.leads_to().and_then(|chain| input.owner(chain)).is_some_and(|owner| owner.as_str() == "Docker");
    let tests = [&rule.header.input, &rule.header.output].into_iter().filter_map(|test| test.as_deref());
    let names: Vec<_> = tests.filter(|test| !test.not).filter_map(|test| test.value.only()).collect();
    by_chain || names.iter().any(|name| *name == "docker0" || name.starts_with("br-"))
}

fn finding(input: &Input<'_, '_>, jump: RuleId, lets: &Lets) -> Option<Finding> {
    let (front, rule) = (lets.front()?, lets.rule()?);
    let message = format!(
        "rule {} of `FORWARD` lets connections to containers through before `{USER}` can deny them",
        front.number()
    );
    let finding = Finding::new(message).at(jump, format!("`{USER}` is asked only here")).at(front, "comes before it");
    let finding = if rule == front { finding } else { finding.at(rule, "lets them through") };
    let (program, words) = (input.command(Filter), input.words(jump));
    Some(
        finding
            .help("put the jump first; Docker does so itself when it is restarted")
            .command(format!("{program} -D FORWARD {}", jump.number()))
            .command(format!("{program} -I FORWARD {words}")),
    )
}
