//! Chains that lead back to themselves, as problems of the input.

use crate::diagnostic::{Code, Diagnostic};
use crate::extension::{Unclear, Verdict};
use crate::ruleset::{ChainGraph, Ruleset, TableId};

use super::answer::Answer;

/// The circles of every table in which the packet ran into one.
pub fn loops(ruleset: &Ruleset<'_>, answer: &Answer) -> Vec<Diagnostic> {
    let paths = answer.worlds.iter().flat_map(|world| &world.paths);
    let looping = paths.filter(|path| matches!(path.verdict, Verdict::Undetermined(Unclear::Loop(_))));
    let mut tables: Vec<TableId> = looping.filter_map(|path| path.steps.last()).map(|step| step.chain.table).collect();
    tables.sort_unstable();
    tables.dedup();
    tables.into_iter().flat_map(|table| in_table(ruleset, table)).collect()
}

fn in_table(ruleset: &Ruleset<'_>, table: TableId) -> impl Iterator<Item = Diagnostic> {
    ChainGraph::new(ruleset, table).cycles().into_iter().map(move |cycle| {
        let names: Vec<_> = cycle.iter().map(|rule| ruleset.name(rule.chain)).collect();
        let circle = names.iter().chain(names.first()).copied().collect::<Vec<_>>().join("` -> `");
        let diagnostic = Diagnostic::new(Code::ChainLoop, format!("`{circle}` is a circle in `{table}`"));
        let rules = cycle.iter().filter_map(|rule| ruleset.rule(*rule));
        rules
            .fold(diagnostic, |diagnostic, rule| diagnostic.at(rule.span, "jumps on"))
            .help("iptables refuses to load this; take out one of the jumps")
    })
}
