//! The rules that make a Service.

use std::collections::BTreeMap;

use crate::ruleset::{ChainGraph, Rule, RuleId, Ruleset, Selection, TableId};

use super::comment::read_comment;
use super::entry::{entries, entry_chains};
use super::name::ServiceName;

/// The rules that take in the traffic of a Service, and every chain that they lead to.
pub fn rules_of(ruleset: &Ruleset<'_>, asked: &ServiceName) -> Selection {
    let mut selection = Selection::default();
    let mut graphs: BTreeMap<TableId, ChainGraph> = BTreeMap::new();
    let meant = |service: &ServiceName| service.is_meant_by(asked);
    for chain in entry_chains(ruleset) {
        let named =
            |rule: &Rule<'_>| rule.comments().find_map(read_comment).is_some_and(|(service, _)| meant(&service));
        let rules = (0..).zip(ruleset.rules(chain)).filter(|(_, rule)| named(rule));
        rules.for_each(|(index, _)| selection.add_rule(RuleId { chain, index }));
    }
    for entry in entries(ruleset).filter(|entry| entry.service.as_ref().is_some_and(meant)) {
        selection.add_rule(entry.rule);
        let Some(chain) = entry.chain else { continue };
        let graph = graphs.entry(chain.table).or_insert_with(|| ChainGraph::new(ruleset, chain.table));
        graph.reach(chain).into_iter().for_each(|chain| selection.add_chain(chain));
    }
    selection
}
