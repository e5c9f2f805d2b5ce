//! What holds for every chain of a small world: a rule is covered if, and only if, none of its packets reaches it.

mod packets;
mod rules;
mod services;

use proptest::prelude::*;

use crate::logic::Outcome;
use crate::packet::{Context, Host};
use crate::ruleset::{ChainId, Ruleset};
use crate::save::{Family, Hook, TableName, scan};

use super::covered::{Reach, Why};
use super::reading::Reading;
use super::space::Space;
use packets::{Pkt, Walk, nothing, world};
use rules::{CHAINS, Line, Test, any_chains};

fn text(chains: &[Vec<Line>]) -> String {
    let mut text = "*filter\n:X - [0:0]\n:A - [0:0]\n:B - [0:0]\n".to_owned();
    for (name, lines) in CHAINS.iter().zip(chains) {
        text.extend(lines.iter().map(|line| format!("-A {name}{line}\n")));
    }
    text + "COMMIT\n"
}

fn read(text: &str) -> (Ruleset<'_>, ChainId) {
    let ruleset = Ruleset::merged(scan(text, None).0);
    let chain = ruleset.find_any(TableName::Filter, "X").next().unwrap();
    assert!(ruleset.diagnostics().is_empty());
    (ruleset, chain)
}

/// Which rules of the first chain some packet reaches and matches, if some rules are passed over.
fn reached(chains: &[Vec<Line>], world: &[Pkt], skipped: &dyn Fn(usize) -> bool) -> Vec<bool> {
    let mut reached = vec![false; chains[0].len()];
    let walk = Walk { chains, skipped };
    for packet in world {
        walk.reach(packet, &mut reached);
    }
    reached
}

fn claims(text: &str) -> Vec<(usize, Option<Vec<usize>>)> {
    let (ruleset, chain) = read(text);
    let coverage = Reach::new(&ruleset).covered(chain);
    assert_eq!(coverage.undecided, []);
    let numbers = |why| match why {
        Why::Empty => None,
        Why::By(rules) => Some(rules.into_iter().map(|rule| rule.index as usize).collect()),
    };
    coverage.covered.into_iter().map(|covered| (covered.rule.index as usize, numbers(covered.why))).collect()
}

fn holds(space: &Space, packet: &Pkt) -> bool {
    let point = packet.point();
    space.cubes().iter().any(|cube| cube.holds(&point))
}

/// Does a rule match, as kpt's walk asks it?
fn kpt_matches(rule: &crate::ruleset::Rule<'_>, packet: &Pkt) -> Outcome {
    let (packet, host, assumptions) = (packet.packet(), Host::default(), nothing());
    let cx = Context { packet: &packet, host: &host, assumptions: &assumptions, hook: Hook::Forward, line: 1 };
    rule.outcome(&cx)
}

proptest! {
    #[test]
    fn a_rule_is_covered_if_and_only_if_no_packet_reaches_it(chains in any_chains(false)) {
        let world = world(&chains);
        let text = text(&chains);
        let seen = reached(&chains, &world, &|_| false);
        let claims = claims(&text);
        for (at, reached) in seen.iter().enumerate() {
            let covered = claims.iter().any(|(index, _)| *index == at);
            prop_assert_eq!(covered, !reached, "rule {} of\n{}", at + 1, text);
        }
        for (at, by) in &claims {
            let Some(by) = by else {
                prop_assert!(!reached(&chains, &world, &|other| other != *at)[*at]);
                continue;
            };
            let without = |left_out: Option<usize>| {
                let skipped = |other: usize| other < *at && (!by.contains(&other) || Some(other) == left_out);
                reached(&chains, &world, &skipped)[*at]
            };
            prop_assert!(!without(None), "rule {} by {:?} of\n{}", at + 1, by, text);
            for one in by {
                prop_assert!(without(Some(*one)), "rule {} needs no {} of {:?} in\n{}", at + 1, one, by, text);
            }
        }
    }

    #[test]
    fn no_rule_is_covered_that_a_packet_reaches_with_another_mark(chains in any_chains(true)) {
        let text = text(&chains);
        let seen = reached(&chains, &world(&chains), &|_| false);
        for (at, _) in claims(&text) {
            prop_assert!(!seen[at], "rule {} of\n{}", at + 1, text);
        }
    }

    #[test]
    fn a_rule_is_the_set_of_its_packets(chains in any_chains(false)) {
        let text = text(&chains);
        let (ruleset, chain) = read(&text);
        let world = world(&chains);
        for (line, rule) in chains[0].iter().zip(ruleset.rules(chain)) {
            let reading = Reading::of(rule, Family::V4);
            prop_assert_eq!(reading.certain, !line.has(&Test::Limit));
            for packet in &world {
                prop_assert_eq!(holds(&reading.upper, packet), line.matches(packet), "{} and {:?}", line, packet);
                if !packet.fragment && !line.has(&Test::Limit) && !line.has(&Test::Set) && !line.has(&Test::Fragment) {
                    prop_assert_eq!(kpt_matches(rule, packet), line.matches(packet).into(), "{} and {:?}", line, packet);
                }
            }
            let witness = reading.upper.witness(Family::V4);
            prop_assert_eq!(witness.is_some(), !reading.upper.is_empty());
            if let Some(sample) = witness {
                prop_assert!(line.matches(&Pkt::of(&sample)), "{} and {:?}", line, sample);
            }
        }
    }

    #[test]
    fn the_operations_are_those_of_sets(chains in any_chains(false)) {
        let text = text(&chains);
        let (ruleset, chain) = read(&text);
        let spaces: Vec<_> = ruleset.rules(chain).iter().map(|rule| Reading::of(rule, Family::V4).upper).collect();
        let all = world(&chains);
        let world: Vec<_> = all.iter().step_by(all.len() / 300 + 1).collect();
        for pair in spaces.windows(2) {
            let (a, b) = (&pair[0], &pair[1]);
            let (both, rest) = (a.and(b).unwrap(), a.minus(b).unwrap());
            for packet in &world {
                let (in_a, in_b) = (holds(a, packet), holds(b, packet));
                prop_assert_eq!(holds(&both, packet), in_a && in_b);
                prop_assert_eq!(holds(&rest, packet), in_a && !in_b);
            }
            prop_assert_eq!(b.contains(a), Some(rest.is_empty()));
            prop_assert_eq!(a.contains(&both), Some(true));
            prop_assert!(both.and(&rest).unwrap().is_empty());
        }
    }
}
