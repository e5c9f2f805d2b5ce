//! Which share of connections each endpoint of a fan gets: a chain, or rules of one, that spread connections by chance.
//!
//! The rules are not walked but read: what a client is remembered for and what only marks is passed over, so the shares are
//! those of new clients.

use std::net::IpAddr;

use crate::extension::matches::{Match, Statistic};
use crate::extension::targets::Target;
use crate::logic::{Probability, Share};
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};

use super::affinity::{self, Affinity};

/// Jumps that are followed from a fan to an endpoint: kube-proxy needs three.
const DEEP: usize = 8;

/// A fan and how it spreads what comes to it.
#[derive(Debug, Clone)]
pub struct Fan {
    /// The chain that draws.
    pub chain: ChainId,
    /// In the order in which they are drawn.
    pub endpoints: Vec<Endpoint>,
    /// The part that no rule takes.
    pub unserved: Share,
    /// Where clients are remembered.
    pub affinity: Option<Affinity>,
}

/// An endpoint of a fan.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Where it is; `None` if its rule does not name a single address.
    pub address: Option<IpAddr>,
    /// Its port, if the rule names one.
    pub port: Option<u16>,
    /// The rule that draws it.
    pub drawn_by: RuleId,
    /// The rule that rewrites the destination.
    pub rewritten_by: RuleId,
    /// How it is drawn.
    pub draw: Draw,
    /// Its part of all that comes to the fan.
    pub share: Share,
}

/// How a rule draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Draw {
    /// It takes all that is left.
    All,
    /// `--mode random`
    Random(Probability),
    /// `--mode nth`: one of so many.
    Nth(u32),
}

impl Draw {
    /// The chance at this rule, of what comes to it.
    pub fn share(self) -> Share {
        match self {
            Self::All => Share::ALL,
            Self::Random(probability) => probability.share(),
            Self::Nth(every) => Share::one_of(every),
        }
    }
}

impl Fan {
    /// The fan that a chain is: all its rules but those that remember clients or ask for something of the packet.
    pub fn of_chain(ruleset: &Ruleset<'_>, chain: ChainId) -> Self {
        let rules = (0..).zip(ruleset.rules(chain)).map(|(index, rule)| (RuleId { chain, index }, rule));
        Self { affinity: affinity::of_chain(ruleset, chain), ..Self::of_rules(ruleset, chain, rules) }
    }

    /// The fan that these rules of a chain are.
    fn of_rules<'r, 't: 'r>(
        ruleset: &'r Ruleset<'t>,
        chain: ChainId,
        rules: impl Iterator<Item = (RuleId, &'r Rule<'t>)>,
    ) -> Self {
        let mut left = Share::ALL;
        let mut endpoints = Vec::new();
        for (id, rule) in rules {
            let (Some(draw), Some((rewritten_by, target))) = (draw(rule), rewrite(ruleset, id, rule, DEEP)) else {
                continue;
            };
            let (address, port) = match target {
                Target::Dnat(dnat) => dnat.only(),
                _ => (None, None),
            };
            let share = left * draw.share();
            endpoints.push(Endpoint { address, port, drawn_by: id, rewritten_by, draw, share });
            left = left * draw.share().rest();
        }
        Self { chain, endpoints, unserved: left, affinity: None }
    }

    /// How far the share of an endpoint is from an even one, in parts of that: 0 is even, 1 is twice as much.
    pub fn off(&self, endpoint: &Endpoint) -> f64 {
        let even = Share::one_of(u32::try_from(self.endpoints.len()).unwrap_or(u32::MAX));
        endpoint.share.get() / even.get() - 1.0
    }

    /// Does an endpoint with this address and port stand in it before this one?
    pub fn is_twice(&self, at: usize) -> bool {
        let to = |endpoint: &Endpoint| (endpoint.address, endpoint.port);
        let this = self.endpoints.get(at).map(to).filter(|(address, _)| address.is_some());
        this.is_some_and(|this| self.endpoints.iter().take(at).any(|other| to(other) == this))
    }
}

/// How a rule of a fan draws; `None` for one that remembers clients, or asks for something else of the packet.
fn draw(rule: &Rule<'_>) -> Option<Draw> {
    let mut draw = Draw::All;
    for extension in &rule.matches {
        match extension {
            Match::Statistic(Statistic::Random { not, probability }) => {
                draw = Draw::Random(if *not { probability.not() } else { *probability });
            }
            Match::Statistic(Statistic::Nth { not: false, every, .. }) => draw = Draw::Nth(*every),
            Match::Comment(_) | Match::Unlisted(_) => {}
            Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) if rule.dport().is_none() => {}
            _ => return None,
        }
    }
    rule.header.is_open().then_some(draw)
}

/// The rule that rewrites the destination of all that this one takes, and its target.
fn rewrite<'r, 't>(
    ruleset: &'r Ruleset<'t>,
    id: RuleId,
    rule: &'r Rule<'t>,
    deep: usize,
) -> Option<(RuleId, &'r Target<'t>)> {
    match &rule.then {
        Then::Target(target @ Target::Dnat(_)) => Some((id, target)),
        Then::Target(target @ Target::Unread(unread)) if unread.misprinted => Some((id, target)),
        Then::Jump(chain) | Then::Goto(chain) if deep > 0 => {
            let rules = (0..).zip(ruleset.rules(*chain)).filter(|(_, rule)| rule.header.is_open());
            rules
                .map(|(index, rule)| (RuleId { chain: *chain, index }, rule))
                .find_map(|(id, rule)| rewrite(ruleset, id, rule, deep - 1))
        }
        _ => None,
    }
}
