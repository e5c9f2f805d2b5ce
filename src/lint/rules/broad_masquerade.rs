//! KPT407: whatever is forwarded loses its source, wherever it goes.

use std::collections::BTreeSet;

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::Hook;
use crate::save::TableName::Nat;

pub(super) static LINT: Lint = Lint {
    code: "KPT407",
    name: "broad-masquerade",
    severity: Severity::Warning,
    confidence: Confidence::Heuristic,
    needs: &[Need::Table(Nat)],
    page: include_str!("../../../docs/lints/broad-masquerade.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for table in input.ruleset.tables_named(Nat) {
        let Some(base) = input.ruleset.base(table, Hook::Postrouting) else { continue };
        let mut search = Search { input, seen: BTreeSet::from([base]), found: Vec::new() };
        search.chain(base);
        findings.extend(search.found.into_iter().map(|rule| finding(input, rule)));
    }
}

/// Follows what every packet follows that leaves by a network.
struct Search<'i, 'a, 't> {
    input: &'i Input<'a, 't>,
    seen: BTreeSet<ChainId>,
    found: Vec<RuleId>,
}

impl Search<'_, '_, '_> {
    /// Goes through a chain, up to the first rule that lets something go as it is or takes what is left.
    fn chain(&mut self, chain: ChainId) {
        for (id, rule) in self.input.rules(chain) {
            let all = takes_all(rule);
            match &rule.then {
                Then::Unreadable | Then::Target(Target::Accept(_) | Target::Return(_)) => return,
                Then::Target(Target::Masquerade(_) | Target::Snat(_)) if all => return self.found.push(id),
                Then::Jump(to) if self.accepts(*to) => return,
                Then::Jump(to) | Then::Goto(to) if all => {
                    let before = self.found.len();
                    if self.seen.insert(*to) {
                        self.chain(*to);
                    }
                    if self.found.len() > before || matches!(rule.then, Then::Goto(_)) {
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    /// May a rule of the chain, or of one that it leads to, let packets go as they are?
    fn accepts(&self, chain: ChainId) -> bool {
        let reached = self.input.graph(chain.table).map(|graph| graph.reach(chain)).unwrap_or_default();
        let accepts = |rule: &Rule<'_>| matches!(rule.then, Then::Unreadable | Then::Target(Target::Accept(_)));
        reached.into_iter().flat_map(|chain| self.input.ruleset.rules(chain)).any(accepts)
    }
}

/// Does it ask for nothing, or for no more than that packets do not leave by `lo`?
fn takes_all(rule: &Rule<'_>) -> bool {
    let header = &rule.header;
    let anywhere = header.output.as_deref().is_none_or(|test| test.not && test.value.only() == Some("lo"));
    let nothing_else =
        [header.src.is_none(), header.dst.is_none(), header.protocol.is_none(), header.fragment.is_none()];
    anywhere
        && nothing_else.into_iter().all(|yes| yes)
        && rule.matches.iter().all(|extension| matches!(extension, Match::Comment(_)))
}

fn finding(input: &Input<'_, '_>, rule: RuleId) -> Finding {
    let snat = input.ruleset.rule(rule).is_some_and(|rule| matches!(rule.then, Then::Target(Target::Snat(_))));
    let source = if snat { "the same source" } else { "this host for a source" };
    let message = format!("whatever leaves has {source}, also what goes from one network behind this host to another");
    Finding::new(message)
        .at(rule, "asks for no interface, no source and no destination")
        .help("name the sources and the interface that leads out: `-s 192.168.44.0/24 -o eth0`")
}
