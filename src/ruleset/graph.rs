//! Who jumps where: the chains of one table as a graph.

use petgraph::Direction;
use petgraph::algo::{is_cyclic_directed, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Dfs, EdgeRef, Reversed};

use crate::save::Hook;

use super::chain::Kind;
use super::id::{ChainId, RuleId, TableId};
use super::ruleset::Ruleset;

/// The chains of a table, with an edge for every rule that jumps or goes to another.
#[derive(Debug)]
pub struct ChainGraph {
    table: TableId,
    graph: DiGraph<ChainId, RuleId>,
    /// For each chain, a bit for each hook at which a packet can reach it.
    hooks: Vec<u8>,
}

impl ChainGraph {
    /// Reads every rule of the table.
    pub fn new(ruleset: &Ruleset<'_>, table: TableId) -> Self {
        let mut graph = DiGraph::new();
        let mut bases = Vec::new();
        for (id, chain) in ruleset.chains(table) {
            let node = graph.add_node(id);
            if let Kind::Base { hook, .. } = chain.kind {
                bases.push((node, hook));
            }
        }
        for (chain, _) in ruleset.chains(table) {
            for (index, rule) in (0..).zip(ruleset.rules(chain)) {
                if let Some(to) = rule.leads_to() {
                    graph.add_edge(node(chain), node(to), RuleId { chain, index });
                }
            }
        }
        let mut hooks = vec![0; graph.node_count()];
        for (base, hook) in &bases {
            let mut search = Dfs::new(&graph, *base);
            while let Some(reached) = search.next(&graph) {
                hooks.get_mut(reached.index()).into_iter().for_each(|hooks| *hooks |= bit(*hook));
            }
        }
        Self { table, graph, hooks }
    }

    /// The table.
    pub const fn table(&self) -> TableId {
        self.table
    }

    /// The rules that jump or go to `chain`.
    pub fn callers(&self, chain: ChainId) -> impl Iterator<Item = RuleId> {
        let mut callers: Vec<_> =
            self.graph.edges_directed(node(chain), Direction::Incoming).map(|edge| *edge.weight()).collect();
        callers.sort_unstable();
        callers.into_iter()
    }

    /// The chains that a packet can reach from `chain`, itself included.
    pub fn reach(&self, chain: ChainId) -> Vec<ChainId> {
        let mut reached = Vec::new();
        let mut search = Dfs::new(&self.graph, node(chain));
        while let Some(next) = search.next(&self.graph) {
            reached.extend(self.graph.node_weight(next).copied());
        }
        reached.sort_unstable();
        reached
    }

    /// The chains from which a packet can reach one of `ends`, these included; those of other tables are left out.
    pub fn leading_to(&self, ends: &[ChainId]) -> Vec<ChainId> {
        let backwards = Reversed(&self.graph);
        let mut search = Dfs::empty(backwards);
        let mut found = Vec::new();
        for end in ends.iter().filter(|end| end.table == self.table) {
            search.move_to(node(*end));
            while let Some(next) = search.next(backwards) {
                found.extend(self.graph.node_weight(next).copied());
            }
        }
        found.sort_unstable();
        found
    }

    /// The hooks at which a packet can reach `chain`, directly or by way of other chains.
    pub fn hooks_of(&self, chain: ChainId) -> impl Iterator<Item = Hook> + use<> {
        let hooks = self.hooks.get(chain.index as usize).copied().unwrap_or(0);
        Hook::ALL.into_iter().filter(move |hook| hooks & bit(*hook) != 0)
    }

    /// The chains that a packet can reach from any built-in chain.
    pub fn reached_from_hooks(&self) -> Vec<ChainId> {
        let reached = self.graph.node_weights().zip(&self.hooks).filter(|(_, hooks)| **hooks != 0);
        reached.map(|(chain, _)| *chain).collect()
    }

    /// The rules of one circle for each group of chains that jump to each other; iptables refuses to load any that a
    /// hook reaches.
    pub fn cycles(&self) -> Vec<Vec<RuleId>> {
        if !is_cyclic_directed(&self.graph) {
            return Vec::new();
        }
        let mut cycles: Vec<_> =
            tarjan_scc(&self.graph).into_iter().filter_map(|group| self.cycle_within(&group)).collect();
        cycles.sort_unstable();
        cycles
    }

    /// Follows edges inside `group` until a chain comes up again.
    fn cycle_within(&self, group: &[NodeIndex]) -> Option<Vec<RuleId>> {
        let mut path: Vec<(NodeIndex, RuleId)> = Vec::new();
        let mut at = *group.iter().min()?;
        loop {
            if let Some(start) = path.iter().position(|(seen, _)| *seen == at) {
                return Some(path.drain(start..).map(|(_, rule)| rule).collect());
            }
            let inside = self.graph.edges(at).filter(|edge| group.contains(&edge.target()));
            let edge = inside.min_by_key(|edge| *edge.weight())?;
            path.push((at, *edge.weight()));
            at = edge.target();
        }
    }
}

const fn bit(hook: Hook) -> u8 {
    1 << hook as u8
}

/// A chain's node: they were added in the order of their places.
fn node(chain: ChainId) -> NodeIndex {
    NodeIndex::new(chain.index as usize)
}

#[cfg(test)]
mod tests {
    use crate::save::{Backend, TableName, scan};

    use super::*;

    const FILTER: TableId = TableId::new(Backend::Legacy, TableName::Filter);

    fn graph(text: &str) -> (Ruleset<'_>, ChainGraph) {
        let ruleset = Ruleset::new(scan(text, None).0.swap_remove(0));
        let graph = ChainGraph::new(&ruleset, FILTER);
        (ruleset, graph)
    }

    const LOOP: &str = "*filter\n:INPUT ACCEPT\n:A -\n:B -\n:C -\n:D -\n-A INPUT -j C\n-A A -j C\n-A A -j B\n-A B -j A\n-A D -g D\nCOMMIT\n";

    #[test]
    fn reach_callers_and_cycles() {
        let (ruleset, graph) = graph(LOOP);
        let id = |name| ruleset.find(FILTER, name).unwrap();
        let names = |ids: Vec<ChainId>| ids.into_iter().map(|id| ruleset.name(id)).collect::<Vec<_>>();
        assert_eq!(names(graph.reach(id("A"))), ["A", "B", "C"]);
        assert_eq!(names(graph.leading_to(&[id("C"), id("D")])), ["INPUT", "A", "B", "C", "D"]);
        assert_eq!(names(graph.reached_from_hooks()), ["INPUT", "C"]);
        let lines = |rules: Vec<RuleId>| {
            rules.into_iter().filter_map(|rule| ruleset.rule(rule)).map(|rule| rule.line).collect::<Vec<_>>()
        };
        assert_eq!(lines(graph.callers(id("C")).collect()), [7, 8]);
        assert_eq!(graph.cycles().into_iter().map(lines).collect::<Vec<_>>(), [vec![9, 10], vec![11]]);
    }
}
