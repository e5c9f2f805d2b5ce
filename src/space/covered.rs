//! Which rules of a chain no packet can reach and match, and because of which earlier ones.

use crate::ruleset::{ChainId, Rule, RuleId, Ruleset};

use super::chains::Chains;
use super::change::Changes;
use super::earlier::{Earlier, Left};
use super::fate::Fate;
use super::reading::Reading;
use super::space::Space;

/// A rule that no packet reaches and matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Covered {
    /// The rule.
    pub rule: RuleId,
    /// Why that is.
    pub why: Why,
    /// Others would reach it, but none of them comes to the chain.
    pub elsewhere: bool,
}

/// Why no packet reaches and matches a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// What it asks for contradicts itself.
    Empty,
    /// These earlier rules of its chain take every packet that it could match; without any of them some would be left.
    By(Vec<RuleId>),
}

/// The rules of one chain that no packet reaches and matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// In order.
    pub covered: Vec<Covered>,
    /// Rules of which it would have taken too long to tell.
    pub undecided: Vec<RuleId>,
}

/// It would take too long to tell.
struct Undecided;

/// Asks about the chains of one ruleset; what a chain does to those that call it is worked out once.
#[derive(Debug)]
pub struct Reach<'r, 't> {
    chains: Chains<'r, 't>,
}

impl<'r, 't> Reach<'r, 't> {
    /// Asks about the chains of `ruleset`.
    pub fn new(ruleset: &'r Ruleset<'t>) -> Self {
        Self { chains: Chains::new(ruleset) }
    }

    /// The rules of `chain` that no packet reaches and matches, however it came to the chain.
    pub fn covered(&mut self, chain: ChainId) -> Coverage {
        self.covered_of(chain, None)
    }

    /// The rules of `chain` that no packet reaches and matches, if only those in `arriving` come to it.
    pub fn covered_of(&mut self, chain: ChainId, arriving: Option<&Space>) -> Coverage {
        let mut changed = Changes::NONE;
        let mut coverage = Coverage::default();
        let mut earlier = Earlier::default();
        for (index, rule) in (0..).zip(self.chains.ruleset.rules(chain)) {
            let id = RuleId { chain, index };
            let reading = Reading::of(rule, self.chains.family());
            let mut elsewhere = false;
            let mut why = self.why(&mut earlier, &reading.upper, id);
            if let Some(arriving) = arriving.filter(|_| !matches!(why, Ok(Some(_)))) {
                let here = arriving.clone().each(|cube| Some(cube.forget(changed)));
                let here = here.and(&reading.upper).filter(|here| *here != reading.upper);
                if let Some(here) = here {
                    why =
                        if here.is_empty() { Ok(Some(Why::By(Vec::new()))) } else { self.why(&mut earlier, &here, id) };
                    elsewhere = true;
                }
            }
            if why.is_err() {
                coverage.undecided.push(id);
            }
            let by_it =
                if matches!(why, Ok(Some(_))) { Changes::by_matches(rule) } else { self.chains.changes_of(rule) };
            changed = changed.and(by_it);
            match why.unwrap_or_default() {
                // What no packet matches takes nothing, and its target changes nothing.
                Some(why) => {
                    earlier.changes(index, Changes::by_matches(rule));
                    coverage.covered.push(Covered { rule: id, why, elsewhere });
                }
                None => self.pass(&mut earlier, index, rule, reading),
            }
        }
        coverage
    }

    /// Why none of `wanted` is left where the rule stands. The error says that it would take too long to tell.
    fn why(&mut self, earlier: &mut Earlier, wanted: &Space, id: RuleId) -> Result<Option<Why>, Undecided> {
        if wanted.is_empty() {
            return Ok(Some(Why::Empty));
        }
        match earlier.left_of(wanted, &mut self.chains) {
            Left::Nothing(by) => {
                Ok(Some(Why::By(by.into_iter().map(|index| RuleId { chain: id.chain, index }).collect())))
            }
            Left::Something => Ok(None),
            Left::Undecided => Err(Undecided),
        }
    }

    /// The packets that a rule certainly keeps from the rest of the table.
    pub fn taken_by(&mut self, rule: &Rule<'_>) -> Space {
        let lower = Reading::of(rule, self.chains.family()).lower();
        match Fate::of(rule) {
            Fate::Ends => lower,
            Fate::Calls(chain) | Fate::Goes(chain) => lower.and(&self.chains.finished_by(chain)).unwrap_or_default(),
            Fate::Leaves | Fate::Continues | Fate::Unknown => Space::none(),
        }
    }

    /// What a rule may change of packets that go on to the next one, by itself or by the chain that it calls.
    pub(super) fn changes_of(&mut self, rule: &Rule<'_>) -> Changes {
        self.chains.changes_of(rule)
    }

    /// Goes on to the next rule.
    fn pass(&mut self, earlier: &mut Earlier, index: u32, rule: &Rule<'_>, reading: Reading) {
        let chain = match Fate::of(rule) {
            Fate::Ends | Fate::Leaves | Fate::Goes(_) => Some(None),
            Fate::Calls(chain) => Some(Some(chain)),
            Fate::Continues | Fate::Unknown => None,
        };
        if let Some(chain) = chain.filter(|_| reading.certain) {
            earlier.takes(index, reading.upper, chain);
        }
        earlier.changes(index, self.chains.changes_of(rule));
    }
}

/// The packets that may match a rule: no other does.
pub fn may_match(ruleset: &Ruleset<'_>, rule: RuleId) -> Option<Space> {
    ruleset.rule(rule).map(|rule| Reading::of(rule, ruleset.family).upper)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::save::{TableName, scan};

    /// What covers each rule of the chain X, by number from 1; 0 stands for a contradiction.
    fn covered(rules: &str) -> Vec<(u32, Vec<u32>)> {
        let text = format!("*mangle\n:X - [0:0]\n:A - [0:0]\n:B - [0:0]\n{}\nCOMMIT\n", rules.replace(" / ", "\n"));
        let ruleset = Ruleset::merged(scan(&text, None).0);
        let chain = ruleset.find_any(TableName::Mangle, "X").next().unwrap();
        let coverage = Reach::new(&ruleset).covered(chain);
        assert_eq!(coverage.undecided, []);
        let by = |why| match why {
            Why::Empty => vec![0],
            Why::By(rules) => rules.into_iter().map(RuleId::number).collect(),
        };
        coverage.covered.into_iter().map(|covered| (covered.rule.number(), by(covered.why))).collect()
    }

    #[test]
    fn one_rule_or_several_take_everything() {
        for (rules, wanted) in [
            ("-A X -j REJECT / -A X -s 10.1.0.0/16 -j ACCEPT", vec![(2, vec![1])]),
            ("-A X -s 10.1.0.0/16 -j ACCEPT / -A X -j REJECT", vec![]),
            ("-A X -p tcp -j DROP / -A X ! -p tcp -j ACCEPT / -A X -s 1.2.3.4/32 -j LOG", vec![(3, vec![1, 2])]),
            (
                "-A X -s 0.0.0.0/1 -j DROP / -A X -i lo -j DROP / -A X -s 128.0.0.0/1 -j DROP / -A X",
                vec![(4, vec![1, 3])],
            ),
            ("-A X -j A / -A A -p udp -j DROP / -A X -p udp -j ACCEPT / -A X -p tcp -j ACCEPT", vec![(2, vec![1])]),
            (
                "-A X -j A / -A A -i lo -j RETURN / -A A -j DROP / -A X -i eth0 -j DROP / -A X -i l+ -j DROP",
                vec![(2, vec![1])],
            ),
            ("-A X -g A / -A X -j DROP", vec![(2, vec![1])]),
            (
                "-A X -j A / -A A -g B / -A B -i lo -j DROP / -A A -j DROP / -A X -i lo -j DROP / -A X -j DROP",
                vec![(2, vec![1])],
            ),
            ("-A X -j LOG / -A X -j DROP / -A X -j DROP / -A X -j DROP", vec![(3, vec![2]), (4, vec![2])]),
            (
                "-A X -j A / -A A -m limit --limit 1/sec -g B / -A A -j B / -A B -j DROP / -A X -j DROP",
                vec![(2, vec![1])],
            ),
        ] {
            assert_eq!(covered(rules), wanted, "{rules}");
        }
    }

    #[test]
    fn what_contradicts_itself_matches_nothing() {
        for rule in [
            "-p tcp -m tcp --dport 90:80",
            "-s 10.0.0.0/8 -m iprange --src-range 11.0.0.1-11.0.0.9",
            "-m mark --mark 0x3/0x1",
            "-m conntrack --ctstate NEW -m conntrack --ctstate ESTABLISHED",
            "-m set --match-set A src -m set ! --match-set A src",
            "! -i +",
        ] {
            assert_eq!(covered(&format!("-A X {rule} -j DROP")), [(1, vec![0])], "{rule}");
        }
    }

    #[test]
    fn the_same_words_have_the_same_answer_unless_they_count() {
        for (words, covers) in [
            ("-m set --match-set A src", true),
            ("-m addrtype --dst-type LOCAL", true),
            ("-m comment --comment A", true),
            ("-m conntrack --ctstate NEW --ctorigdst 10.0.0.1", true),
            ("-m set --match-set A src --packets-gt 9", false),
            ("-m limit --limit 1/sec", false),
            ("-m recent --name A --set --rsource", false),
            ("-m statistic --mode random --probability 0.5", false),
            ("-m nfacct --nfacct-name A", false),
            ("-m nobody-knows", false),
        ] {
            let rules = format!("-A X {words} -j DROP / -A X -p tcp {words} -j ACCEPT");
            assert_eq!(!covered(&rules).is_empty(), covers, "{words}");
        }
        let either = "-A X -m set --match-set A src -j DROP / -A X -m set ! --match-set A src -j DROP / -A X -j DROP";
        assert_eq!(covered(either), [(3, vec![1, 2])]);
    }

    #[test]
    fn what_was_changed_is_not_compared() {
        let around = |change: &str, test: &str| {
            let rules = format!(
                "-A X {test} -j ACCEPT / -A X -i lo {change} / -A X {test} -j ACCEPT / -A A -j MARK --set-xmark 0x1/0x1"
            );
            !covered(&rules).is_empty()
        };
        assert!(!around("-j MARK --set-xmark 0x1/0x1", "-m mark --mark 0x1/0x1"));
        assert!(around("-j MARK --set-xmark 0x1/0x1", "-m mark --mark 0x2/0x2"));
        assert!(around("-j MARK --set-xmark 0x1/0x1", "-p tcp"));
        assert!(!around("-j A", "-m mark --mark 0x1/0x1"));
        assert!(!around("-j CONNMARK --restore-mark", "-m mark --mark 0x2/0x2"));
        assert!(!around("-m socket --restore-skmark -j ACCEPT", "-m mark --mark 0x2/0x2"));
        assert!(!around("-j DSCP --set-dscp 0x01", "-m dscp --dscp 0x01"));
        assert!(!around("-j NOBODYKNOWS", "-p tcp"));
    }

    #[test]
    fn later_fragments_and_other_protocols_pass_a_test_of_ports() {
        let all = "-A X -p tcp -m tcp --dport 0:65535 -j DROP";
        assert_eq!(covered(&format!("{all} / -A X -p tcp -j DROP")), []);
        assert_eq!(covered(&format!("{all} / -A X -p tcp ! -f -j DROP")), [(2, vec![1])]);
        let either = "-A X -p tcp -m multiport --ports 80 -j DROP";
        assert_eq!(covered(&format!("{either} / -A X -p tcp -m tcp --sport 80 -j DROP")), [(2, vec![1])]);
    }
}
