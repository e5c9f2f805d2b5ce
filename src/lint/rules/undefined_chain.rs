//! KPT004: a jump to a chain that is not there when `iptables-restore` reads the rule.

use std::collections::BTreeMap;

use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Owner, Place, Severity};
use crate::ruleset::{RuleId, TableId, Then};

/// Other rules that jump to the same chain and are pointed at.
const SHOWN: usize = 3;

pub(super) static LINT: Lint = Lint {
    code: "KPT004",
    name: "undefined-chain",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/undefined-chain.md"),
    check,
};

/// Why a name leads nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Why {
    /// Neither a chain nor a target that is known.
    Nothing,
    /// It looks like a target that somebody's own module may bring.
    MaybeTarget,
    /// Its chain has rules but is not declared.
    Undeclared,
    /// Its chain is declared only further down, in this line.
    Below(u32),
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut jumps: BTreeMap<(TableId, &str, Why), Vec<RuleId>> = BTreeMap::new();
    for (id, rule) in input.all_rules() {
        let found = match &rule.then {
            Then::Target(Target::Unread(unread)) if unread.lost.is_none() => {
                let is_bare = unread.words.is_empty();
                Some((&*unread.name, if is_bare { nothing(&unread.name) } else { Why::MaybeTarget }))
            }
            Then::Jump(chain) | Then::Goto(chain) => {
                let line = input.ruleset.chain(*chain).and_then(|chain| chain.line);
                let why = match line {
                    None => Some(Why::Undeclared),
                    Some(line) => (line > rule.line && chain.table == id.chain.table).then_some(Why::Below(line)),
                };
                why.map(|why| (input.ruleset.name(*chain), why))
            }
            _ => None,
        };
        if let Some((name, why)) = found {
            jumps.entry((id.chain.table, name, why)).or_default().push(id);
        }
    }
    for ((table, name, why), rules) in jumps {
        if let Some(finding) = finding(input, table, name, why, &rules) {
            findings.add(finding);
        }
    }
}

/// What a name may be that is no chain: capitals alone are how modules name targets.
fn nothing(name: &str) -> Why {
    let is_target = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    if is_target && Owner::of(name).is_none() { Why::MaybeTarget } else { Why::Nothing }
}

fn finding(input: &Input<'_, '_>, table: TableId, name: &str, why: Why, rules: &[RuleId]) -> Option<Finding> {
    let (first, others) = rules.split_first()?;
    let refuses = format!("iptables-restore refuses the whole `{table}` table");
    let message = match why {
        Why::Nothing => format!("{refuses}: `{name}` is no chain of it and no target"),
        Why::MaybeTarget => {
            format!("{refuses} unless a module brings the target `{name}`, which is not one of iptables")
        }
        Why::Undeclared => format!("{refuses}: the chain `{name}` is used but not declared"),
        Why::Below(_) => format!("{refuses}: the chain `{name}` is declared only below the rule that jumps to it"),
    };
    let finding = Finding::new(message).key(name).at(*first, "jumps to what is not there");
    let finding = if why == Why::MaybeTarget {
        finding.severity(Severity::Warning).confidence(Confidence::Heuristic)
    } else {
        finding
    };
    let finding = match why {
        Why::Below(line) => finding.at(Place::Line(line), "too late"),
        _ => finding,
    };
    let finding = others.iter().take(SHOWN).fold(finding, |finding, rule| finding.at(*rule, "jumps to the same"));
    Some(match (why, Owner::of(name)) {
        (Why::MaybeTarget, _) => finding.help(format!(
            "if `{name}` is meant to be a chain, declare it with `:{name} - [0:0]`; otherwise its module has to be there"
        )),
        (_, Some(owner)) => finding
            .help(format!("`{name}` belongs to {owner}: restart it, so that it makes the chain, or take out the jump"))
            .command(format!("{} -N {name}", input.command(table.name))),
        (_, None) => finding.help(format!("declare it with `:{name} - [0:0]` at the top of the table, or take out the jump")),
    })
}
