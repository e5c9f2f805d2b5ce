//! Which share of connections each endpoint of a fan gets: a chain, or rules of one, that spread connections by chance.
//!
//! The rules are not walked but read: what a client is remembered for and what only marks is passed over, so the shares are
//! those of new clients.

use std::net::IpAddr;

use crate::extension::matches::{Match, Statistic};
use crate::extension::targets::Target;
use crate::kube::{self, Role};
use crate::logic::{Probability, Share};
use crate::ruleset::{ChainId, Rule, RuleId, Ruleset, Then};
use crate::save::TableName;

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
    /// `--mode nth`: one of so many, or all but one.
    Nth {
        /// All but one.
        not: bool,
        /// Of how many.
        every: u32,
    },
}

impl Draw {
    /// The chance at this rule, of what comes to it.
    pub fn share(self) -> Share {
        match self {
            Self::All => Share::ALL,
            Self::Random(probability) => probability.share(),
            Self::Nth { not: false, every } => Share::one_of(every),
            Self::Nth { not: true, every } => Share::one_of(every).rest(),
        }
    }
}

impl Fan {
    /// The fan that a chain is: all its rules but those that remember clients or ask for something of the packet.
    pub fn of_chain(ruleset: &Ruleset<'_>, chain: ChainId) -> Self {
        let plain = rules_of(ruleset, chain).filter(|(_, rule)| is_plain(rule));
        Self { affinity: affinity::of_chain(ruleset, chain), ..Self::of_rules(ruleset, chain, plain) }
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
            let Some((rewritten_by, target)) = rewrite(ruleset, id, rule, DEEP) else { continue };
            let draw = draw(rule);
            let found = || {
                let rewrites = ruleset.rule(rewritten_by)?;
                kube::recovered(ruleset, rewritten_by.chain, rewrites, kube::endpoint_said(rule))
            };
            let (address, port) = match target {
                Target::Dnat(dnat) => dnat.only(),
                _ => found().map_or((None, None), |found| (Some(found.address), Some(found.port))),
            };
            let share = left * draw.share();
            endpoints.push(Endpoint { address, port, drawn_by: id, rewritten_by, draw, share });
            left = left * draw.share().rest();
        }
        Self { chain, endpoints, unserved: left, affinity: None }
    }

    /// The shares of its endpoints, in order.
    pub fn shares(&self) -> Vec<Share> {
        self.endpoints.iter().map(|endpoint| endpoint.share).collect()
    }

    /// How far the share of an endpoint is from an even one, in parts of that: 0 is even, 1 is twice as much.
    pub fn off(&self, endpoint: &Endpoint) -> f64 {
        endpoint.share.get() / self.even().get() - 1.0
    }

    /// What each endpoint would get of an even spread.
    pub fn even(&self) -> Share {
        Share::one_of(u32::try_from(self.endpoints.len()).unwrap_or(u32::MAX))
    }

    /// Does an endpoint with this address and port stand in it before this one?
    pub fn is_twice(&self, at: usize) -> bool {
        let to = |endpoint: &Endpoint| (endpoint.address, endpoint.port);
        let this = self.endpoints.get(at).map(to).filter(|(address, _)| address.is_some());
        this.is_some_and(|this| self.endpoints.iter().take(at).any(|other| to(other) == this))
    }
}

impl Fan {
    /// With how many decimals its chances were written, if that alone keeps its shares from being even: each rule draws
    /// one of those that are left.
    pub fn rounding(&self) -> Option<Decimals> {
        let left = (1..=self.endpoints.len()).rev();
        let draws = || self.endpoints.iter().zip(left.clone()).filter(|(_, left)| *left > 1);
        let written = |decimals: Decimals| {
            draws().all(|(endpoint, left)| {
                #[expect(clippy::cast_precision_loss, reason = "a number of endpoints")]
                let chance = 1.0 / left as f64;
                let text = format!("{chance:.*}", decimals as usize);
                Probability::parse(&text).is_some_and(|wanted| endpoint.draw == Draw::Random(wanted))
            })
        };
        let rounds = draws().any(|(_, left)| !left.is_power_of_two());
        let all = [Decimals::Five, Decimals::Ten];
        all.into_iter().find(|decimals| rounds && written(*decimals))
    }
}

/// How many decimals kube-proxy gives a chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimals {
    /// Up to 1.16.
    Five = 5,
    /// Since 1.17.
    Ten = 10,
}

/// The fans of the nat tables that are no Service's: rules that stand one behind the other, ask for the same and draw.
pub fn other_fans<'r>(ruleset: &'r Ruleset<'_>) -> impl Iterator<Item = Fan> + 'r {
    let tables = ruleset.tables_named(TableName::Nat);
    let chains = tables.flat_map(|table| ruleset.chains(table)).filter(|(_, chain)| Role::of(chain.name).is_none());
    chains.flat_map(|(chain, _)| {
        let rules: Vec<_> =
            rules_of(ruleset, chain).filter(|(id, rule)| rewrite(ruleset, *id, rule, DEEP).is_some()).collect();
        let draws = |rules: &[(RuleId, &Rule<'_>)]| rules.iter().any(|(_, rule)| draw(rule) != Draw::All);
        let fans = rules.chunk_by(|(_, one), (_, other)| asked(one) == asked(other)).filter(|rules| draws(rules));
        fans.map(|rules| Fan::of_rules(ruleset, chain, rules.iter().copied())).collect::<Vec<_>>()
    })
}

fn rules_of<'r, 't>(ruleset: &'r Ruleset<'t>, chain: ChainId) -> impl Iterator<Item = (RuleId, &'r Rule<'t>)> {
    (0..).zip(ruleset.rules(chain)).map(move |(index, rule)| (RuleId { chain, index }, rule))
}

/// What a rule asks for besides its draw.
fn asked(rule: &Rule<'_>) -> Vec<String> {
    let parts = rule.parts().into_iter().map(|(part, _)| part);
    parts.filter(|part| !part.starts_with("-m statistic") && !part.starts_with("-m comment")).collect()
}

/// Does a rule of a Service's chain take whoever comes, remembered or not?
fn is_plain(rule: &Rule<'_>) -> bool {
    let is_plain = |extension: &Match<'_>| match extension {
        Match::Statistic(_) | Match::Comment(_) | Match::Unlisted(_) => true,
        Match::Tcp(_) | Match::Udp(_) | Match::Sctp(_) => rule.dport().is_none(),
        _ => false,
    };
    rule.header.is_open() && rule.matches.iter().all(is_plain)
}

/// How a rule draws.
fn draw(rule: &Rule<'_>) -> Draw {
    let draw = |extension: &Match<'_>| match *extension {
        Match::Statistic(Statistic::Random { not, probability }) => {
            Some(Draw::Random(if not { probability.not() } else { probability }))
        }
        Match::Statistic(Statistic::Nth { not, every, .. }) => Some(Draw::Nth { not, every }),
        _ => None,
    };
    rule.matches.iter().find_map(draw).unwrap_or(Draw::All)
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
        Then::Target(target @ Target::Unread(unread)) if unread.lost.is_some() => Some((id, target)),
        Then::Jump(chain) | Then::Goto(chain) if deep > 0 => {
            let rules = (0..).zip(ruleset.rules(*chain)).filter(|(_, rule)| rule.header.is_open());
            rules
                .map(|(index, rule)| (RuleId { chain: *chain, index }, rule))
                .find_map(|(id, rule)| rewrite(ruleset, id, rule, deep - 1))
        }
        _ => None,
    }
}
