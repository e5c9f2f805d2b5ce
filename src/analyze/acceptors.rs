//! Whether some rule may let a kind of packets through: the question behind a chain that denies the rest.

use crate::extension::targets::Target;
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::save::{Family, scan};
use crate::space::{Fate, Reading, Space, may_match};

/// The rules of some chains that accept packets, or may.
#[derive(Debug)]
pub struct Acceptors {
    matched: Vec<Space>,
}

impl Acceptors {
    /// Those of `chains`. A rule that is not understood may accept anything that it may match.
    pub fn of(ruleset: &Ruleset<'_>, chains: impl IntoIterator<Item = ChainId>) -> Self {
        Self::among(ruleset.family, chains.into_iter().flat_map(|chain| ruleset.rules(chain)))
    }

    /// Those of `rules`.
    pub fn among<'r, 't: 'r>(family: Family, rules: impl IntoIterator<Item = &'r Rule<'t>>) -> Self {
        let may_accept = |rule: &&Rule<'_>| match &rule.then {
            Then::Target(Target::Drop(_) | Target::Reject(_)) => false,
            _ => matches!(Fate::of(rule), Fate::Ends | Fate::Unknown),
        };
        let accepting = rules.into_iter().filter(may_accept);
        Self { matched: accepting.map(|rule| Reading::of(rule, family).upper).collect() }
    }

    /// May one of them accept some of these packets? Where several ask on the way, each is looked at alone.
    pub fn may_accept(&self, packets: &Space) -> bool {
        self.matched.iter().any(|own| own.overlaps(packets))
    }
}

/// The packets that a rule with these words matches; none if iptables would not take them.
pub fn packets(family: Family, words: &str) -> Space {
    let text = format!("*filter\n-A FORWARD {words}\nCOMMIT\n");
    let (mut documents, _) = scan(&text, None);
    for document in &mut documents {
        document.family = Some(family);
    }
    let ruleset = Ruleset::merged(documents);
    let rule =
        ruleset.tables().flat_map(|table| ruleset.chains(table)).map(|(chain, _)| RuleId { chain, index: 0 }).next();
    rule.and_then(|rule| may_match(&ruleset, rule)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::save::TableName;

    use super::*;

    #[test]
    fn who_may_accept_what() {
        let text = "*filter\n:INPUT DROP\n:X -\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j X\n\
            -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n-A INPUT -j LOG\n-A INPUT -p udp -j DROP\nCOMMIT\n";
        let ruleset = Ruleset::merged(scan(text, None).0);
        let acceptors = Acceptors::of(&ruleset, ruleset.find_any(TableName::Filter, "INPUT"));
        for (words, may) in [
            ("-i lo -p udp", true),
            ("-i eth0 -p tcp -m conntrack --ctstate NEW", false),
            ("-i eth0 -p tcp -m conntrack --ctstate NEW,ESTABLISHED", true),
            ("-p tcp -m conntrack --ctstate UNTRACKED ! -i lo", false),
        ] {
            assert_eq!(acceptors.may_accept(&packets(Family::V4, words)), may, "{words}");
        }
        assert!(packets(Family::V4, "-p tcp --nonsense").is_all(), "what is not understood may be anything");
    }
}
