//! `kpt.show/1`: rules as they were understood.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::Located;
use crate::report::{Safe, Subject};
use crate::ruleset::{Kind, RuleId, Selection, TableId, Then};
use crate::save::Family;

use super::problem::{Place, Problem};

/// The answer to `kpt show`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Show {
    /// `kpt.show/1`
    schema: Name,
    /// One for each family and backend.
    rulesets: Vec<ShownRuleset>,
    /// What is wrong with the input, or good to know of it.
    problems: Vec<Problem>,
}

/// The name of the format.
#[derive(Debug, Serialize, JsonSchema)]
enum Name {
    #[serde(rename = "kpt.show/1")]
    Show1,
}

/// The tables of one family on one backend.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownRuleset {
    /// 4 or 6.
    family: u8,
    /// `legacy` or `nft`; legacy where the dump does not say it.
    backend: Option<String>,
    tables: Vec<ShownTable>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownTable {
    name: String,
    chains: Vec<ShownChain>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownChain {
    name: String,
    /// Of a built-in chain; `null` for one that a user made.
    policy: Option<String>,
    rules: Vec<ShownRule>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct ShownRule {
    /// 1-based within its chain.
    rule: u32,
    #[serde(flatten)]
    place: Place,
    /// As `iptables-save` prints it behind `-A CHAIN `; `null` if it was not understood.
    text: Option<String>,
}

/// Puts rules and problems into the format.
pub fn show(rulesets: Vec<ShownRuleset>, problems: &[Located<'_>]) -> Show {
    Show { schema: Name::Show1, rulesets, problems: problems.iter().map(Problem::from).collect() }
}

/// Puts a ruleset, or what is selected of it, into the format.
pub fn shown_ruleset(subject: &Subject<'_, '_>, only: Option<&Selection>) -> ShownRuleset {
    let ruleset = subject.ruleset;
    let tables = ruleset.tables().map(|table| shown_table(table, subject, only));
    ShownRuleset {
        family: if ruleset.family == Family::V4 { 4 } else { 6 },
        backend: ruleset.tables().next().map(|table| table.backend.as_str().to_owned()),
        tables: tables.filter(|table| only.is_none() || !table.chains.is_empty()).collect(),
    }
}

fn shown_table(table: TableId, subject: &Subject<'_, '_>, only: Option<&Selection>) -> ShownTable {
    let ruleset = subject.ruleset;
    let selected = |rule: RuleId| only.is_none_or(|only| only.has_rule(rule));
    let chains = ruleset.chains(table).filter(|(id, _)| only.is_none_or(|only| only.has_chain(*id)));
    let shown = chains.map(|(id, chain)| {
        let ids = (0..).map(|index| RuleId { chain: id, index });
        let rules = ids.zip(ruleset.rules(id)).filter(|(rule, _)| selected(*rule)).map(|(rule, read)| {
            let text = Safe(read.display(|id| ruleset.name(id)).to_string().trim_start()).to_string();
            let understood = !matches!(read.then, Then::Unreadable);
            ShownRule { rule: rule.number(), place: subject.place(rule).into(), text: understood.then_some(text) }
        });
        ShownChain {
            name: Safe(chain.name).to_string(),
            policy: match chain.kind {
                Kind::Base { policy, .. } => Some(policy.as_str().to_owned()),
                Kind::User => None,
            },
            rules: rules.collect(),
        }
    });
    ShownTable { name: table.name.as_str().to_owned(), chains: shown.collect() }
}
