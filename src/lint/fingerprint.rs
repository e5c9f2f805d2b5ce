//! What a finding is known by from one dump to the next: not by its line, and not by the pods of the day.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::kube::Role;
use crate::ruleset::{ChainId, RuleId};

use super::input::Input;
use super::meta::Lint;

/// A SHA-256 over code, table, chain, the words of the rule and a key of the lint's own. Hashes of Services are replaced by
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
    hashed(&[lint.code, table.unwrap_or_default(), name.as_deref().or(named).unwrap_or_default(), &words, key])
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

/// The words of a rule, less what changes when pods do.
fn lasting_words(input: &Input<'_, '_>, id: RuleId) -> String {
    let Some(rule) = input.ruleset.rule(id) else { return String::new() };
    let words = rule.display(|id| input.ruleset.name(id)).to_string();
    let Some(role) = input.role(id.chain) else { return words };
    let balances = matches!(role, Role::Cluster(_) | Role::Local(_) | Role::External(_) | Role::Endpoint(_));
    let is_endpoint = matches!(role, Role::Endpoint(_));
    let mut lasting = String::new();
    let mut before = "";
    for word in words.split(' ') {
        let changes = match before {
            "--probability" | "--to-destination" => balances,
            "-s" | "-d" => is_endpoint,
            _ => word.starts_with("KUBE-SEP-") || balances && word.contains("->"),
        };
        let own = rule.leads_to().filter(|to| input.ruleset.name(*to) == word);
        let shown =
            if changes { "*".to_owned() } else { own.map_or_else(|| word.to_owned(), |to| lasting_name(input, to)) };
        lasting.extend([" ", &shown]);
        before = word;
    }
    lasting
}
