//! Lines without a table: what `grep` left of a dump, `iptables -S`, and listings.
//!
//! The table is taken, in this order, from `--default-table`; from the command in a transcript (`# iptables -t nat -S`); from
//! the built-in chains whose policies stand together; from what a single rule can only mean (DNAT is in nat, REJECT in
//! filter, and the programs that own a chain put it where they always do); from other rules of the same chain.

use rustc_hash::{FxHashMap, FxHashSet};

use super::document::{Document, RuleAt};
use super::line::Edit;
use super::names::{Hook, Policy, TableName};
use super::notices::{Kind, Notices};
use super::repeats::Repeats;

/// A line that stands in no table.
#[derive(Debug, Clone, Copy)]
pub(super) enum Loose<'t> {
    /// A command line: what follows is another output, of this table if it is known.
    Break(Option<TableName>),
    /// A declared chain.
    Chain { chain: &'t str, policy: Option<Policy>, line: u32 },
    /// A rule.
    Rule { chain: &'t str, at: RuleAt },
    /// What changes earlier rules.
    Edit { edit: Edit<'t>, at: RuleAt },
}

/// Puts `loose` into the tables of `document`; `given` is the table that the user named.
pub(super) fn place<'t>(
    document: &mut Document<'t>,
    loose: &[Loose<'t>],
    given: Option<TableName>,
    notices: &mut Notices,
) {
    document.fragment |= loose.iter().any(|line| matches!(line, Loose::Rule { .. }));
    let mut repeats = Repeats::default();
    for block in blocks(loose) {
        let table = given.or(block.table).or_else(|| by_policies(block.lines)).or_else(|| by_hooks(block.lines));
        let votes = if table.is_none() { votes(document.text, block.lines) } else { Votes::default() };
        let mut last = None;
        for line in block.lines {
            let table = table.unwrap_or_else(|| votes.table(document.text, line, last));
            last = Some(table);
            match *line {
                Loose::Break(_) => repeats.pause(),
                Loose::Chain { chain, policy, line } => {
                    repeats.pause();
                    document.table_mut(table).chain_mut(chain).declare(policy, line);
                }
                Loose::Rule { chain, at } => {
                    if repeats.is_one(table, chain, at.text(document.text)) {
                        notices.count(Kind::Repeated, at.span());
                    } else {
                        document.table_mut(table).chain_mut(chain).rules.push(at);
                    }
                }
                Loose::Edit { edit, at } => {
                    let text = document.text;
                    document.table_mut(table).edit(edit, at, text);
                }
            }
        }
    }
}

/// Lines that one command printed.
struct Block<'l, 't> {
    table: Option<TableName>,
    lines: &'l [Loose<'t>],
}

/// A block ends at a command line, and where chains are declared again after rules. A listing alternates chains and rules,
/// so only a chain seen before, or the first chain of nat or raw after filter's, begins a new one.
fn blocks<'l, 't>(loose: &'l [Loose<'t>]) -> Vec<Block<'l, 't>> {
    let mut blocks = Vec::new();
    let mut table = None;
    let mut start = 0;
    let mut rules = false;
    let mut declared = FxHashSet::default();
    let mut end_at = |end: usize, table: Option<TableName>| {
        if let Some(lines) = loose.get(start..end).filter(|lines| !lines.is_empty()) {
            blocks.push(Block { table, lines });
        }
        start = end;
    };
    for (at, line) in loose.iter().enumerate() {
        match line {
            Loose::Break(hint) => {
                end_at(at, table);
                table = *hint;
                rules = false;
                declared.clear();
            }
            Loose::Chain { policy, chain, .. } => {
                let first_of_nat = policy.is_some() && *chain == Hook::Prerouting.as_str();
                if rules && (first_of_nat || declared.contains(chain)) {
                    end_at(at, table);
                    table = None;
                    rules = false;
                    declared.clear();
                }
                declared.insert(*chain);
            }
            Loose::Rule { .. } | Loose::Edit { .. } => rules = true,
        }
    }
    end_at(loose.len(), table);
    blocks
}

/// The table that has exactly these built-in chains.
fn by_policies(lines: &[Loose<'_>]) -> Option<TableName> {
    let built_in: Vec<_> = lines
        .iter()
        .filter_map(|line| match line {
            Loose::Chain { chain, policy: Some(_), .. } => Some(*chain),
            _ => None,
        })
        .collect();
    let has = |hook: Hook| built_in.contains(&hook.as_str());
    match (has(Hook::Prerouting), has(Hook::Forward), has(Hook::Postrouting)) {
        (true, true, _) => Some(TableName::Mangle),
        (_, _, true) => Some(TableName::Nat),
        (true, _, _) => Some(TableName::Raw),
        (_, true, _) => Some(TableName::Filter),
        _ => None,
    }
}

/// The table of lines that are a whole table without its head, which declares every chain before the first rule: it has
/// all the built-in chains that they use.
fn by_hooks(lines: &[Loose<'_>]) -> Option<TableName> {
    let declared = lines.iter().take_while(|line| matches!(line, Loose::Chain { .. })).count();
    let (head, rules) = lines.split_at_checked(declared)?;
    let names: FxHashSet<&str> = head.iter().filter_map(declared_name).collect();
    let hook = |name: &str| Hook::ALL.into_iter().find(|hook| hook.as_str() == name);
    let mut used = Vec::new();
    for line in rules {
        match line {
            Loose::Rule { chain, .. } if names.contains(chain) => {}
            Loose::Rule { chain, .. } => used.push(hook(chain)?),
            _ => return None,
        }
    }
    let has_all = |table: &TableName| !head.is_empty() && used.iter().all(|hook| table.hooks().contains(hook));
    [TableName::Nat, TableName::Filter, TableName::Mangle].into_iter().find(has_all)
}

const fn declared_name<'t>(line: &Loose<'t>) -> Option<&'t str> {
    match line {
        Loose::Chain { chain, .. } => Some(chain),
        _ => None,
    }
}

/// Chain names and the table that the rules around them speak for.
#[derive(Default)]
struct Votes<'t>(FxHashMap<&'t str, TableName>);

fn votes<'t>(text: &'t str, lines: &[Loose<'t>]) -> Votes<'t> {
    let mut votes = FxHashMap::default();
    for line in lines {
        if let Loose::Rule { chain, at, .. } = line {
            let target = target(at.text(text));
            if let Some(table) = of_rule(chain, target) {
                votes.entry(*chain).or_insert(table);
                votes.entry(target).or_insert(table);
            }
        }
    }
    Votes(votes)
}

impl Votes<'_> {
    fn table(&self, text: &str, line: &Loose<'_>, last: Option<TableName>) -> TableName {
        let own = match line {
            Loose::Break(_) | Loose::Edit { edit: Edit::Remove(_) | Edit::Zero, .. } => None,
            Loose::Chain { chain, .. }
            | Loose::Edit {
                edit:
                    Edit::Flush(chain)
                    | Edit::Delete { chain, .. }
                    | Edit::Replace { chain, .. }
                    | Edit::Insert { chain, .. },
                ..
            } => of_chain(chain).or_else(|| self.0.get(chain).copied()),
            Loose::Rule { chain, at, .. } => {
                let target = target(at.text(text));
                of_rule(chain, target).or_else(|| self.0.get(chain).or_else(|| self.0.get(target)).copied())
            }
        };
        own.or(last).unwrap_or(TableName::Filter)
    }
}

/// The word after `-j` or `-g`, or the target column of a listing's row.
fn target(line: &str) -> &str {
    let mut words = line.split_ascii_whitespace();
    if line.trim_ascii_start().starts_with(['-', '[']) {
        return words.find(|word| matches!(*word, "-j" | "-g")).and_then(|_| words.next()).unwrap_or("");
    }
    words.find(|word| !word.starts_with(|c: char| c.is_ascii_digit())).unwrap_or("")
}

/// The only table in which `chain` can hold a rule with this target, if there is only one.
fn of_rule(chain: &str, target: &str) -> Option<TableName> {
    let by_target = match target {
        "DNAT" | "SNAT" | "MASQUERADE" | "REDIRECT" | "NETMAP" => Some(TableName::Nat),
        "REJECT" => Some(TableName::Filter),
        "DROP" if !chain.starts_with("PRE") => Some(TableName::Filter),
        "ACCEPT" if chain == "KUBE-NODEPORTS" => Some(TableName::Filter),
        "CT" | "NOTRACK" => Some(TableName::Raw),
        "TCPMSS" | "TTL" | "HL" | "DSCP" | "TOS" | "CHECKSUM" | "TPROXY" => Some(TableName::Mangle),
        _ => of_chain(target),
    };
    by_target.or_else(|| of_chain(chain))
}

/// The only table in which a chain of this name is ever made, if there is only one.
fn of_chain(chain: &str) -> Option<TableName> {
    const NAT: [&str; 17] = [
        "PREROUTING",
        "POSTROUTING",
        "KUBE-SVC-",
        "KUBE-SEP-",
        "KUBE-SVL-",
        "KUBE-EXT-",
        "KUBE-FW-",
        "KUBE-XLB-",
        "KUBE-MARK-",
        "KUBE-POSTROUTING",
        "KUBE-PORTALS-",
        "KUBE-LOAD-BALANCER",
        "CNI-",
        "FLANNEL-POSTRTG",
        "IP-MASQ",
        "AWS-SNAT-",
        "DOCKER_POSTROUTING",
    ];
    const FILTER: [&str; 15] = [
        "INPUT",
        "FORWARD",
        "KUBE-FORWARD",
        "KUBE-EXTERNAL-SERVICES",
        "KUBE-PROXY-FIREWALL",
        "KUBE-ROUTER-",
        "KUBE-POD-FW-",
        "KUBE-NWPLCY-",
        "KUBE-IPVS-FILTER",
        "KUBE-SOURCE-RANGES-FIREWALL",
        "FLANNEL-FWD",
        "DOCKER-ISOLATION-",
        "DOCKER-USER",
        "WEAVE-NPC",
        "ufw-",
    ];
    let one_of = |names: &[&str]| names.iter().any(|name| chain.starts_with(name));
    if one_of(&NAT) {
        Some(TableName::Nat)
    } else if one_of(&FILTER) {
        Some(TableName::Filter)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan;
    use super::*;

    fn chains(text: &str) -> Vec<(TableName, Vec<&str>)> {
        let (documents, diagnostics) = scan(text, None);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let tables = documents.iter().flat_map(|document| &document.tables);
        tables.map(|table| (table.name, table.chains.iter().map(|chain| chain.name).collect())).collect()
    }

    #[test]
    fn a_grep_of_a_service() {
        let text = "-A KUBE-NODEPORTS -p tcp -m tcp --dport 31701 -j ACCEPT\n\
                    -A KUBE-SERVICES -d 10.0.0.1/32 -j KUBE-SVC-X\n\
                    -A KUBE-SERVICES -d 10.0.0.2/32 -j REJECT\n\
                    -A KUBE-NODEPORTS -p tcp -m tcp --dport 31702 -j KUBE-EXT-X\n\
                    -A KUBE-SVC-X -m comment --comment x\n";
        assert_eq!(
            chains(text),
            [
                (TableName::Filter, vec!["KUBE-NODEPORTS", "KUBE-SERVICES"]),
                (TableName::Nat, vec!["KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-SVC-X"]),
            ]
        );
    }

    #[test]
    fn two_outputs_of_dash_s() {
        let text = "-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT\n-N X\n-A FORWARD -j X\n\
                    -P PREROUTING ACCEPT\n-P INPUT ACCEPT\n-P OUTPUT ACCEPT\n-P POSTROUTING ACCEPT\n-N Y\n-A Y -j RETURN\n";
        assert_eq!(
            chains(text),
            [
                (TableName::Filter, vec!["INPUT", "FORWARD", "OUTPUT", "X"]),
                (TableName::Nat, vec!["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING", "Y"]),
            ]
        );
    }

    #[test]
    fn tables_without_their_heads() {
        let text = ":a - [0:0]\n:b - [0:0]\n-A PREROUTING -j a\n-A FORWARD -j b\n-A a -j MARK --set-mark 1\n\
                    :a - [0:0]\n-A PREROUTING -j a\n-A POSTROUTING -j ACCEPT\n";
        assert_eq!(
            chains(text),
            [
                (TableName::Mangle, vec!["a", "b", "PREROUTING", "FORWARD"]),
                (TableName::Nat, vec!["a", "PREROUTING", "POSTROUTING"]),
            ]
        );
    }

    #[test]
    fn a_transcript_says_the_table() {
        let text = "# iptables -t raw -S\n-A X -j RETURN\nroot@node:~# iptables -S\n-A Y -j RETURN\n";
        assert_eq!(chains(text), [(TableName::Raw, vec!["X"]), (TableName::Filter, vec!["Y"])]);
    }

    #[test]
    fn a_listing() {
        let text = "Chain PREROUTING (policy ACCEPT)\ntarget     prot opt source               destination\n\
                    X          all  --  0.0.0.0/0            0.0.0.0/0\n\nChain POSTROUTING (policy ACCEPT)\n\
                    target     prot opt source               destination\n\nChain X (1 references)\n";
        assert_eq!(chains(text), [(TableName::Nat, vec!["PREROUTING", "POSTROUTING", "X"])]);
    }

    #[test]
    fn the_given_table_wins() {
        let (documents, _) = scan("-A X -j DNAT\n", Some(TableName::Mangle));
        assert_eq!(documents[0].tables[0].name, TableName::Mangle);
    }
}
