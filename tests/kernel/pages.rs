//! The rulesets of the pages of the lints: iptables loads them, except where a lint says that it does not.

use std::collections::BTreeMap;

use kpt::lint::{ALL, Case, Lint, Page};
use libtest_mimic::{Failed, Trial};

use crate::namespace::{inside, run};
use crate::shown::sets;

/// The lints that say of a ruleset that iptables refuses it, or some versions of it.
const REFUSED: [&str; 5] = ["KPT002", "KPT003", "KPT004", "KPT005", "KPT006"];
const TOOLS: [&str; 4] = ["iptables-legacy", "iptables-nft", "ip6tables-legacy", "ip6tables-nft"];

/// A trial for each page.
pub(crate) fn trials() -> Vec<Trial> {
    let trial =
        |lint: &&'static Lint| Trial::test(format!("page: {}", lint.name), || judge(lint).map_err(Failed::from));
    ALL.iter().map(trial).collect()
}

fn judge(lint: &'static Lint) -> Result<(), String> {
    let page = Page::read(lint.page).map_err(|error| error.to_string())?;
    page.cases.iter().filter(|case| !case.fragment).try_for_each(|case| judge_case(lint, case))
}

/// A ruleset of either family loads with both backends; one that has to be refused is, by some of the tools.
fn judge_case(lint: &Lint, case: &Case<'_>) -> Result<(), String> {
    let results: BTreeMap<_, _> = inside(|| {
        sets(case.rules)
            .into_iter()
            .try_for_each(|(set, kind)| run(&format!("ipset create {set} {kind}"), "").map(drop))?;
        Ok::<_, String>(TOOLS.map(|tool| (tool, run(&format!("{tool}-restore"), case.rules))).into())
    })?;
    let loads = |family: [&str; 2]| family.iter().all(|tool| results[tool].is_ok());
    let (v4, v6) = (loads([TOOLS[0], TOOLS[1]]), loads([TOOLS[2], TOOLS[3]]));
    if v4 || v6 || case.bad && REFUSED.contains(&lint.code) {
        return Ok(());
    }
    let said: Vec<_> = results.into_values().filter_map(Result::err).collect();
    Err(said.join("\n"))
}
