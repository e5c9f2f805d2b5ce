//! KPT203: endpoints that are drawn and do not translate, and rules that draw nobody.

use std::collections::BTreeSet;

use crate::analyze::{Draw, Fan, may_rewrite, other_fans, takes_all};
use crate::extension::matches::Match;
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::TableName;

/// Jumps that are followed back: kube-proxy needs five.
const DEEP: usize = 12;

pub(super) static LINT: Lint = Lint {
    code: "KPT203",
    name: "endpoint-never-matches",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/endpoint-never-matches.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let endpoints =
        input.chains_of(TableName::Nat).filter(|chain| matches!(input.role(*chain), Some(Role::Endpoint(_))));
    for chain in endpoints.filter(|chain| input.is_reached(*chain)) {
        findings.extend(untranslated(input, chain));
        findings.extend(of_other_protocol(input, chain));
    }
    let services = input
        .chains_of(TableName::Nat)
        .filter(|chain| matches!(input.role(*chain), Some(Role::Cluster(_) | Role::Local(_))));
    let of_services = services.map(|chain| Fan::of_chain(input.ruleset, chain));
    for fan in of_services.chain(other_fans(input.ruleset)) {
        findings.extend(never_drawn(input, &fan));
    }
}

/// An endpoint's chain that has no rule to translate, nor one that leads on.
fn untranslated(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let leads_on = |rule: &Rule<'_>| rule.leads_to().is_some_and(|to| input.role(to) != Some(Role::MarkMasq));
    if input.rules(chain).any(|(_, rule)| may_rewrite(rule) || leads_on(rule)) {
        return None;
    }
    let message = format!(
        "connections that {} sends to `{}` keep their destination and are lost",
        whose(input, chain),
        name(input, chain)
    );
    let finding = Finding::new(message).at(chain, "has no DNAT rule");
    Some(with_caller(input, chain, finding).help(help(input, chain)))
}

/// An endpoint's chain whose rules translate only protocols that nobody sends there.
fn of_other_protocol(input: &Input<'_, '_>, chain: ChainId) -> Option<Finding> {
    let sent = protocols(input, chain, DEEP)?;
    let rewriting: Vec<_> = input.rules(chain).filter(|(_, rule)| may_rewrite(rule)).collect();
    let (first, rule) = *rewriting.first()?;
    let is_other = |(_, rule): &(RuleId, &Rule<'_>)| protocol(rule).is_some_and(|asked| !sent.contains(&asked));
    if sent.is_empty() || !rewriting.iter().all(is_other) || input.rules(chain).any(|(_, rule)| is_unclear(input, rule))
    {
        return None;
    }
    let names: Vec<_> = sent.iter().map(ToString::to_string).collect();
    let sent = names.join(", ");
    let asked = protocol(rule)?;
    let message = format!(
        "{sent} connections that {} sends to `{}` keep their destination and are lost",
        whose(input, chain),
        name(input, chain)
    );
    let finding = Finding::new(message).at(first, format!("translates only {asked}"));
    Some(with_caller(input, chain, finding).help(help(input, chain)))
}

/// May a rule of an endpoint's chain translate elsewhere, or do what nobody knows?
fn is_unclear(input: &Input<'_, '_>, rule: &Rule<'_>) -> bool {
    let unread = matches!(&rule.then, Then::Unreadable | Then::Target(crate::extension::targets::Target::Unread(_)));
    unread || rule.leads_to().is_some_and(|to| input.role(to) != Some(Role::MarkMasq))
}

/// A rule that draws nothing, or comes behind one that takes all.
fn never_drawn(input: &Input<'_, '_>, fan: &Fan) -> Option<Finding> {
    let asks_alike: BTreeSet<_> =
        fan.endpoints.iter().map(|endpoint| input.ruleset.rule(endpoint.rewritten_by).and_then(protocol)).collect();
    let plain = fan.endpoints.iter().all(|endpoint| input.ruleset.rule(endpoint.rewritten_by).is_some_and(is_plain));
    if asks_alike.len() != 1 || !plain {
        return None;
    }
    let never = fan.endpoints.iter().find(|endpoint| endpoint.share.get() <= 0.0)?;
    let id = never.drawn_by;
    let before = fan.endpoints.iter().take_while(|endpoint| endpoint.drawn_by != id);
    let takes = before.into_iter().find(|endpoint| endpoint.draw.share().get() >= 1.0);
    let nothing = never.draw != Draw::All && never.draw.share().get() <= 0.0;
    let to = input
        .ruleset
        .rule(id)
        .and_then(Rule::leads_to)
        .map_or_else(|| "the endpoint".to_owned(), |to| format!("`{}`", name(input, to)));
    let message = format!("{to} gets no connection: `{}` never draws it", name(input, fan.chain));
    let finding = Finding::new(message);
    let finding = match takes {
        Some(first) if !nothing => {
            // What a chain of a Service draws for one protocol says nothing of the rest.
            let whole = |id: RuleId| input.ruleset.rule(id).is_some_and(|rule| takes_all(&without_draw(rule)));
            if input.role(fan.chain).is_some() && !whole(first.drawn_by) {
                return None;
            }
            finding.at(id, "is never reached").at(first.drawn_by, "takes all that comes to it")
        }
        _ if nothing => finding.at(id, "has a chance of 0"),
        _ => return None,
    };
    Some(finding.help(help(input, fan.chain)))
}

fn without_draw<'t>(rule: &Rule<'t>) -> Rule<'t> {
    let matches = rule.matches.iter().filter(|extension| !matches!(extension, Match::Statistic(_)));
    Rule { matches: matches.cloned().collect(), ..rule.clone() }
}

/// Does a rule that translates ask for no more than a protocol?
fn is_plain(rule: &Rule<'_>) -> bool {
    let plain = |extension: &Match<'_>| match extension {
        Match::Comment(_) => true,
        Match::Recent(recent) => recent.what == crate::extension::matches::What::Set && !recent.not,
        extension => matches!(extension.to_string().trim(), "tcp" | "udp" | "sctp"),
    };
    rule.header.is_open() && rule.matches.iter().all(plain)
}

/// The protocols that are sent to a chain; `None` if that may be any.
fn protocols(input: &Input<'_, '_>, chain: ChainId, deep: usize) -> Option<BTreeSet<Protocol>> {
    let mut sent = BTreeSet::new();
    for caller in input.graph(chain.table)?.callers(chain) {
        match protocol(input.ruleset.rule(caller)?) {
            Some(protocol) => {
                sent.insert(protocol);
            }
            None if deep == 0 || input.rules(caller.chain).next().is_none() => return None,
            None if input.owner(caller.chain).is_none() => return None,
            // Chains that nothing leads to send nothing.
            None => sent.extend(protocols(input, caller.chain, deep - 1)?),
        }
    }
    Some(sent)
}

/// The protocol that a rule asks for, if just one.
fn protocol(rule: &Rule<'_>) -> Option<Protocol> {
    rule.header.protocol.as_ref().filter(|test| !test.not && test.value.0 != 0).map(|test| test.value)
}

fn name<'t>(input: &Input<'_, 't>, chain: ChainId) -> &'t str {
    input.ruleset.name(chain)
}

fn whose(input: &Input<'_, '_>, chain: ChainId) -> String {
    input.service(chain).map_or_else(|| "a Service".to_owned(), |service| format!("Service {service}"))
}

fn with_caller(input: &Input<'_, '_>, chain: ChainId, finding: Finding) -> Finding {
    let caller = input.graph(chain.table).and_then(|graph| graph.callers(chain).next());
    match caller {
        Some(caller) => finding.at(caller, "sends connections there"),
        None => finding,
    }
}

fn help(input: &Input<'_, '_>, chain: ChainId) -> String {
    match input.owner(chain) {
        Some(owner) => format!("restart {owner}, which writes all its rules anew"),
        None => "give each rule the chance that its place needs (`kpt lb-weights` shows the shares)".to_owned(),
    }
}
