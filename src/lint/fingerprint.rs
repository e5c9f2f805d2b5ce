//! What a finding is known by from one dump to the next: not by its line, and not by the pods of the day.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::extension::matches::Match;
use crate::kube::Role;
use crate::ruleset::{ChainId, Rule, RuleId};
use crate::save::Family;

use super::input::Input;
use super::meta::Lint;

/// A SHA-256 over code, family, table, chain, the words of the rule and a key of the lint's own. Hashes of Services are replaced by
/// their names; chains and addresses of endpoints, and chances, which change with their number, are left out.
pub(super) fn fingerprint(
    lint: &Lint,
    input: &Input<'_, '_>,
    rule: Option<RuleId>,
    chain: Option<ChainId>,
    named: Option<&str>,
    key: &str,
) -> String {
    let table = chain.map(|chain| chain.table.name.as_str());
    let name = chain.map(|chain| lasting_name(input, chain));
    let words = rule.map(|rule| lasting_words(input, rule)).unwrap_or_default();
    let family = if input.ruleset.family == Family::V6 { "v6" } else { "" };
    let name = name.as_deref().or(named).unwrap_or_default();
    hashed(&[lint.code, family, table.unwrap_or_default(), name, &words, key])
}

/// The same for what stands in no input.
pub(super) fn fingerprint_of(lint: &Lint, key: &str) -> String {
    hashed(&[lint.code, key])
}

fn hashed(parts: &[&str]) -> String {
    let hash = parts.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part).chain_update("\n"));
    HEXLOWER.encode(&hash.finalize())
}

/// The name of a chain, with the name of the Service in place of its hash.
fn lasting_name(input: &Input<'_, '_>, chain: ChainId) -> String {
    let name = input.ruleset.name(chain);
    let Some(role) = input.role(chain) else { return name.to_owned() };
    let service = || input.service(chain).map(ToString::to_string);
    match role {
        Role::Endpoint(hash) => name.replace(hash, &service().unwrap_or_default()),
        Role::Cluster(hash) | Role::Local(hash) | Role::External(hash) => {
            name.replace(hash, service().as_deref().unwrap_or(hash))
        }
        _ => name.to_owned(),
    }
}

/// The words of a rule, less what changes when pods do: in chains that balance, endpoints and chances.
fn lasting_words(input: &Input<'_, '_>, id: RuleId) -> String {
    let Some(rule) = input.ruleset.rule(id) else { return String::new() };
    let balances =
        |role: Role<'_>| matches!(role, Role::Cluster(_) | Role::Local(_) | Role::External(_) | Role::Endpoint(_));
    let role = input.role(id.chain).filter(|role| balances(*role));
    let next = rule.leads_to().map(|to| (input.ruleset.name(to), lasting_name(input, to)));
    let is_drawn = |extension: &Match<'_>| role.is_some() && matches!(extension, Match::Statistic(_));
    let matches = rule.matches.iter().filter(|extension| !is_drawn(extension)).cloned().collect();
    let words = Rule { matches, ..rule.clone() }.display(|id| input.ruleset.name(id)).to_string();
    let mut lasting = String::new();
    let mut before = "";
    for word in words.split(' ') {
        let changes = match before {
            "--to-destination" | "->" => role.is_some(),
            "-s" | "-d" => matches!(role, Some(Role::Endpoint(_))),
            _ => word.starts_with("KUBE-SEP-"),
        };
        let named = next.as_ref().filter(|(name, _)| *name == word).map_or(word, |(_, lasting)| lasting);
        lasting.extend([" ", if changes { "*" } else { named }]);
        before = word;
    }
    lasting
}

#[cfg(test)]
mod tests {
    use crate::lint::{Facts, named};
    use crate::ruleset::Ruleset;
    use crate::save::scan;
    use crate::source::Source;

    use super::*;

    /// The fingerprint of the first rule of the last chain.
    fn of(rules: &str) -> String {
        let text = format!(
            "*nat\n:KUBE-SERVICES - [0:0]\n:KUBE-SVC-AAAAAAAAAAAAAAAA - [0:0]\n:KUBE-SEP-BBBBBBBBBBBBBBBB - [0:0]\n\
             -A KUBE-SERVICES -d 10.96.0.1/32 -p tcp -m comment --comment \"a/web cluster IP\" -m tcp --dport 80 \
             -j KUBE-SVC-AAAAAAAAAAAAAAAA\n{rules}COMMIT\n"
        );
        let source = Source::new("x", text.into_bytes());
        let ruleset = Ruleset::new(scan(source.text(), None).0.swap_remove(0));
        let facts = Facts::default();
        let input = Input::new(&ruleset, &source, &facts);
        let rule = input.all_rules().nth(1).map(|(id, _)| id).unwrap();
        fingerprint(named("KPT202").unwrap(), &input, Some(rule), Some(rule.chain), None, "")
    }

    #[test]
    fn pods_come_and_go() {
        let svc = |rest: &str| of(&format!("-A KUBE-SVC-AAAAAAAAAAAAAAAA {rest}\n"));
        let drawn = "-m comment --comment \"a/web -> 10.0.0.1:80\" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-B";
        let other = "-m comment --comment \"a/web -> 10.0.0.2:80\" -j KUBE-SEP-C";
        assert_eq!(svc(drawn), svc(other));
        assert_ne!(svc(drawn), svc("-j MARK --set-xmark 0x1/0x1"));
        let endpoint = |address: &str| {
            of(&format!(
                "-A KUBE-SEP-BBBBBBBBBBBBBBBB -s {address}/32 -m comment --comment a/web -j DNAT --to-destination {address}:80\n"
            ))
        };
        assert_eq!(endpoint("10.0.0.1"), endpoint("10.0.0.2"));
    }
}
