//! Which rule of a chain the words of a tool mean: those of iptables fit it exactly, those of nft by what both name.

use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::save::bare;

use super::record::Words;

/// The rules of a chain that these words may mean.
pub(super) fn meant(ruleset: &Ruleset<'_>, chain: ChainId, words: &Words) -> Vec<RuleId> {
    let rules = || (0..).zip(ruleset.rules(chain)).map(|(index, rule)| (RuleId { chain, index }, rule));
    let printed =
        |rule: &Rule<'_>| format!("-A {}{}", bare(ruleset.name(chain)), rule.display(|chain| ruleset.name(chain)));
    if words.text.starts_with("-A ") {
        return rules().filter(|(_, rule)| printed(rule) == *words.text).map(|(id, _)| id).collect();
    }
    let may_be =
        |rule: &Rule<'_>| does(ruleset, rule, &words.does) && acts(rule, &words.text) && carries(rule, &words.text);
    let doing = rules().filter(|(_, rule)| may_be(rule));
    if words.text.is_empty() {
        return doing.map(|(id, _)| id).collect();
    }
    let named = literals(&words.text);
    let scored = doing.filter_map(|(id, rule)| Some((score(&named, &literals(&printed(rule)))?, id)));
    let scored: Vec<(i32, RuleId)> = scored.collect();
    let best = scored.iter().map(|(score, _)| *score).max();
    scored.into_iter().filter(|(score, _)| Some(*score) == best).map(|(_, id)| id).collect()
}

/// Does a rule do what nft says of it?
fn does(ruleset: &Ruleset<'_>, rule: &Rule<'_>, verdict: &str) -> bool {
    match (&rule.then, verdict.split_once(' ')) {
        (Then::Jump(chain), Some(("jump", name))) | (Then::Goto(chain), Some(("goto", name))) => {
            ruleset.name(*chain) == name
        }
        (Then::Jump(_) | Then::Goto(_), _) => verdict.is_empty(),
        (Then::Target(_), Some(("jump" | "goto", _))) => false,
        (Then::Target(target), _) => match verdict {
            "return" => target.name() == "RETURN",
            "drop" => matches!(target.name(), "DROP" | "REJECT" | "TPROXY" | "SYNPROXY"),
            "continue" => !matches!(target.name(), "ACCEPT" | "DROP" | "RETURN" | "REJECT"),
            _ => !matches!(target.name(), "DROP" | "RETURN" | "REJECT"),
        },
        (Then::Next, _) => matches!(verdict, "continue" | ""),
        (Then::Unreadable, _) => true,
    }
}

/// Has a rule the target that nft shows?
fn acts(rule: &Rule<'_>, text: &str) -> bool {
    const SHOWN: [(&str, &[&str]); 12] = [
        ("dnat to", &["DNAT", "NETMAP", "REDIRECT"]),
        ("snat to", &["SNAT", "NETMAP"]),
        ("masquerade", &["MASQUERADE"]),
        ("redirect", &["REDIRECT"]),
        ("reject", &["REJECT"]),
        ("notrack", &["CT", "NOTRACK"]),
        ("nftrace set", &["TRACE"]),
        ("ct mark set", &["CONNMARK"]),
        ("meta mark set ct mark", &["CONNMARK"]),
        ("meta mark set", &["MARK", "CONNMARK"]),
        ("dscp set", &["DSCP", "TOS"]),
        ("log", &["LOG", "NFLOG"]),
    ];
    let name = match &rule.then {
        Then::Target(target) => target.name(),
        _ => "",
    };
    // The target stands last, behind what the rule asks for.
    if let Some((_, shown)) = text.rsplit_once("xt target ") {
        return shown.split_whitespace().next().is_some_and(|shown| shown.trim_matches('"') == name);
    }
    let shown = SHOWN.into_iter().find(|(shown, _)| ends_with(text, shown));
    shown.is_none_or(|(_, names)| names.contains(&name))
}

/// Do these words stand where a target does, so that nothing but its own values comes behind them?
fn ends_with(text: &str, shown: &str) -> bool {
    let at = text.rfind(shown);
    let behind = at.and_then(|at| text.get(at + shown.len()..)).map(str::trim_start);
    let is_word = at.is_some_and(|at| at == 0 || text.get(..at).is_some_and(|before| before.ends_with(' ')));
    is_word && behind.is_some_and(|behind| behind.split(' ').count() <= 8 && !behind.contains("jump "))
}

/// Does a rule ask for the protocol that nft shows?
fn carries(rule: &Rule<'_>, text: &str) -> bool {
    let Some(protocol) = rule.header.protocol.as_ref() else {
        return !text.starts_with("meta l4proto") && !text.contains(" l4proto ");
    };
    let (name, number) = (protocol.value.to_string(), protocol.value.0.to_string());
    text.split([' ', '"']).any(|word| word == name || word == number || name == "ipv6-icmp" && word == "icmpv6")
}

/// What conntrack says of a packet.
const STATES: [&str; 7] = ["NEW", "ESTABLISHED", "RELATED", "INVALID", "UNTRACKED", "SNAT", "DNAT"];

/// The addresses, ports, marks and states in the words of either tool.
fn literals(text: &str) -> Vec<String> {
    let mut literals = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | ',' | '@')) {
        let word = word.trim_matches('"');
        let (word, mask) = word.rsplit_once('/').map_or((word, None), |(word, mask)| (word, Some(mask)));
        let number = word.strip_prefix("0x").map(|hex| u64::from_str_radix(hex.trim_start_matches('0'), 16));
        let shown = match number {
            Some(Ok(number)) => number.to_string(),
            Some(Err(_)) => "0".to_owned(),
            None if word.bytes().next().is_some_and(|byte| byte.is_ascii_digit()) || word.contains("::") => {
                // A range: iptables writes `28:41`, nft `28-41`.
                if is_address(word) { word.to_owned() } else { word.replace(':', "-") }
            }
            None if STATES.iter().any(|state| state.eq_ignore_ascii_case(word)) => word.to_ascii_lowercase(),
            None => continue,
        };
        literals.push(shown);
        literals.extend(
            mask.filter(|mask| !matches!(*mask, "32" | "128"))
                .map(|mask| if mask.len() > 3 { mask.to_owned() } else { format!("/{mask}") }),
        );
    }
    literals
}

/// How well the literals of nft fit those of a rule. Extensions of which nft shows only the name hide some; `None` if nft
/// names an address that the rule does not have.
fn score(named: &[String], printed: &[String]) -> Option<i32> {
    if named.iter().any(|literal| is_address(literal) && !printed.contains(literal)) {
        return None;
    }
    let count = |list: &[String], other: &[String], both: bool| {
        i32::try_from(list.iter().filter(|literal| other.contains(literal) == both).count()).unwrap_or(i32::MAX / 4)
    };
    Some(4 * count(named, printed, true) - 2 * count(named, printed, false) - count(printed, named, false))
}

fn is_address(literal: &str) -> bool {
    literal.contains("::") && literal.len() > 2 || literal.matches('.').count() == 3
}

#[cfg(test)]
mod tests {
    use crate::save::{TableName, scan};

    use super::*;

    fn numbers(rules: &[&str], text: &str, does: &str) -> Vec<u32> {
        let save = format!("*nat\n:X - [0:0]\n:Y - [0:0]\n{}\nCOMMIT\n", rules.join("\n"));
        let ruleset = Ruleset::merged(scan(&save, None).0);
        let chain = ruleset.find_any(TableName::Nat, "X").next().unwrap();
        let words = Words { text: text.into(), does: does.into() };
        meant(&ruleset, chain, &words).into_iter().map(RuleId::number).collect()
    }

    #[test]
    fn nft_names_a_rule_by_what_it_asks_for() {
        let rules = [
            "-A X -d 10.0.0.1/32 -p tcp -m tcp --dport 80 -j Y",
            "-A X -d 10.0.0.1/32 -p tcp -m tcp --dport 81 -j Y",
            "-A X -d 10.0.0.2/32 -p tcp -m tcp --dport 81 -j Y",
            "-A X -j DNAT --to-destination 10.0.0.2:81",
        ];
        assert_eq!(numbers(&rules, "meta l4proto tcp ip daddr 10.0.0.1 tcp dport 81 jump Y", "jump Y"), [2]);
        assert_eq!(numbers(&rules, "dnat to 10.0.0.2:81", "accept"), [4]);
        assert!(numbers(&rules, "ip daddr 10.0.0.9 tcp dport 81 jump Y", "jump Y").is_empty());
        assert!(numbers(&rules, "drop", "drop").is_empty());
        assert_eq!(numbers(&rules, rules[2], ""), [3]);
        assert!(numbers(&rules, "-A X -j Y", "").is_empty());
    }
}
