//! KPT903: rules that somebody wrote to find something out, and left.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::TableName::Raw;

pub(super) static LINT: Lint = Lint {
    code: "KPT903",
    name: "debug-leftover",
    severity: Severity::Info,
    confidence: Confidence::Heuristic,
    needs: &[],
    page: include_str!("../../../docs/lints/debug-leftover.md"),
    check,
};

/// A chain with more rules that only count is there to count.
const ACCOUNTING: usize = 3;

/// Words of a prefix that say what it is for.
const WORDS: [&str; 6] = ["test", "testing", "debug", "dbg", "trace", "tracing"];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for chain in input.chains().filter(|chain| input.owner(*chain).is_none()) {
        let idle = input.ruleset.rules(chain).iter().filter(|rule| is_idle(rule)).count();
        for (id, rule) in input.rules(chain).filter(|(_, rule)| idle <= ACCOUNTING || !is_idle(rule)) {
            findings.extend(leftover(id, rule).map(|what| finding(input, id, &what)));
        }
    }
}

/// What makes a rule look as if it had been left.
fn leftover(id: RuleId, rule: &Rule<'_>) -> Option<String> {
    match &rule.then {
        Then::Target(Target::Trace(_)) if id.chain.table.name == Raw => {
            Some("packets are still traced, which costs time and fills a log".to_owned())
        }
        Then::Target(Target::Log(log)) => {
            let prefix = log.prefix.as_deref().filter(|prefix| is_debug(prefix))?;
            Some(format!("packets are still logged as `{}`", prefix.trim_end_matches([' ', ':'])))
        }
        _ if is_idle(rule) => Some("a rule without a target only counts".to_owned()),
        _ => None,
    }
}

fn is_debug(prefix: &str) -> bool {
    prefix.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| WORDS.contains(&&*word.to_ascii_lowercase()))
}

/// Does a rule without a target do nothing at all? One with a comment counts on purpose, and matches that write something
/// down, or count themselves, do something. A listing does not tell a target that it cannot name.
fn is_idle(rule: &Rule<'_>) -> bool {
    let plain = |extension: &Match<'_>| {
        matches!(
            extension,
            Match::Tcp(_)
                | Match::Udp(_)
                | Match::Icmp(_)
                | Match::Icmp6(_)
                | Match::Multiport(_)
                | Match::Conntrack(_)
                | Match::State(_)
        )
    };
    matches!(rule.then, Then::Next) && rule.matches.iter().all(plain)
}

fn finding(input: &Input<'_, '_>, id: RuleId, what: &str) -> Finding {
    let (table, chain) = (input.command(id.chain.table.name), input.ruleset.name(id.chain));
    Finding::new(format!("{what}; it looks as if `{chain}` kept it from a search for an error"))
        .at(id, "is it still wanted?")
        .help("delete it if nobody looks at what it tells; a comment says that it is meant")
        .command(format!("{table} -D {chain} {}", input.words(id)))
}
