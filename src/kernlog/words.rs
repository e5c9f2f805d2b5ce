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
    let doing = rules().filter(|(_, rule)| does(ruleset, rule, &words.does));
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

/// The addresses, ports, marks and names in the words of either tool.
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
                word.to_owned()
            }
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
