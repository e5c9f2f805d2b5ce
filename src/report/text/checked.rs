//! Whether everything in a dump was understood.

use crate::ruleset::Ruleset;

/// One line: what there is, and how many problems it has.
pub fn checked(rulesets: &[Ruleset<'_>], problems: usize) -> String {
    let tables = || rulesets.iter().flat_map(|ruleset| ruleset.tables().map(move |table| (ruleset, table)));
    let chains = || tables().flat_map(|(ruleset, table)| ruleset.chains(table).map(move |(id, _)| (ruleset, id)));
    let rules: usize = chains().map(|(ruleset, chain)| ruleset.rules(chain).len()).sum();
    let count = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    let all = [count(tables().count(), "table"), count(chains().count(), "chain"), count(rules, "rule")].join(", ");
    match problems {
        0 => format!("understood: {all}\n"),
        _ => format!("not all understood: {all}, {}\n", count(problems, "problem")),
    }
}
