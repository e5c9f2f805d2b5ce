//! The fans of Services: which entries lead to which chain that draws, and for whom.

use std::collections::BTreeMap;

use crate::kube::{self, Entry, Role, ServiceName, Via};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, RuleId, Ruleset};

use super::weights::Fan;

/// Chains that are passed between an entry and the chain that draws: kube-proxy needs two.
const DEEP: usize = 4;

/// A chain that draws for a Service port, and the ways there.
#[derive(Debug, Clone)]
pub struct ServiceFan {
    /// The Service port, where a comment or a hash tells.
    pub service: Option<ServiceName>,
    /// Its protocol.
    pub protocol: Protocol,
    /// The chain that draws; `None` if nobody serves.
    pub chain: Option<ChainId>,
    /// The ways there.
    pub ways: Vec<Way>,
}

/// A way from an entry to a chain that draws.
#[derive(Debug, Clone)]
pub struct Way {
    /// Where it begins.
    pub entry: Entry,
    /// The rules that ask for something of the packet and send it this way.
    pub when: Vec<RuleId>,
    /// Those that ask for something and send it another way.
    pub unless: Vec<RuleId>,
}

impl ServiceFan {
    /// The fan itself.
    pub fn fan(&self, ruleset: &Ruleset<'_>) -> Option<Fan> {
        self.chain.map(|chain| Fan::of_chain(ruleset, chain))
    }
}

/// Every chain that draws for a Service, by the name of the Service.
pub fn service_fans(ruleset: &Ruleset<'_>) -> Vec<ServiceFan> {
    let mut fans: BTreeMap<(Option<ServiceName>, Protocol, Option<ChainId>), Vec<Way>> = BTreeMap::new();
    let (checks, entries): (Vec<_>, Vec<_>) = kube::entries(ruleset).partition(|entry| entry.via == Via::HealthCheck);
    for entry in entries {
        let mut ways = Vec::new();
        let mut here = Here { ruleset, entry: &entry, when: Vec::new(), unless: Vec::new(), ways: &mut ways };
        match entry.chain {
            Some(chain) => here.follow(chain, DEEP),
            None => here.arrive(None),
        }
        for (chain, way) in ways {
            fans.entry((entry.service.clone(), entry.protocol, chain)).or_default().push(way);
        }
    }
    let fan = |((service, protocol, chain), ways)| ServiceFan { service, protocol, chain, ways };
    let mut fans: Vec<_> = fans.into_iter().map(fan).collect();
    for check in checks {
        add_check(ruleset, &mut fans, check);
    }
    fans
}

/// A health check asks for endpoints of this node, which the chain for local ones draws.
fn add_check(ruleset: &Ruleset<'_>, fans: &mut [ServiceFan], check: Entry) {
    let is_local =
        |fan: &ServiceFan| fan.chain.is_some_and(|chain| matches!(Role::of(ruleset.name(chain)), Some(Role::Local(_))));
    let same = |fan: &&mut ServiceFan| fan.service.is_some() && fan.service == check.service;
    let mut of_service: Vec<_> = fans.iter_mut().filter(same).collect();
    of_service.sort_by_key(|fan| !is_local(fan));
    if let Some(fan) = of_service.into_iter().next() {
        fan.ways.push(Way { entry: check, when: Vec::new(), unless: Vec::new() });
    }
}

/// Somewhere between an entry and the chains that draw.
struct Here<'a, 't> {
    ruleset: &'a Ruleset<'t>,
    entry: &'a Entry,
    when: Vec<RuleId>,
    unless: Vec<RuleId>,
    ways: &'a mut Vec<(Option<ChainId>, Way)>,
}

impl Here<'_, '_> {
    fn arrive(&mut self, chain: Option<ChainId>) {
        let way = Way { entry: self.entry.clone(), when: self.when.clone(), unless: self.unless.clone() };
        self.ways.push((chain, way));
    }

    /// Follows what a chain sends on to others; a chain that draws is the end of the way.
    fn follow(&mut self, chain: ChainId, deep: usize) {
        let balances = |name| matches!(Role::of(name), Some(Role::Cluster(_) | Role::Local(_) | Role::External(_)));
        let before = self.unless.len();
        for (index, rule) in (0..).zip(self.ruleset.rules(chain)) {
            let next = rule.leads_to().filter(|next| deep > 0 && balances(self.ruleset.name(*next)));
            let Some(next) = next else { continue };
            let id = RuleId { chain, index };
            let asks = rule.parts().iter().any(|(part, _)| !part.starts_with("-m comment"));
            if !asks {
                self.follow(next, deep - 1);
                return self.unless.truncate(before);
            }
            self.when.push(id);
            self.follow(next, deep - 1);
            self.when.pop();
            self.unless.push(id);
        }
        let draws = !Fan::of_chain(self.ruleset, chain).endpoints.is_empty();
        let is_end = matches!(Role::of(self.ruleset.name(chain)), Some(Role::Cluster(_) | Role::Local(_)));
        if draws || is_end || self.unless.len() == before {
            self.arrive(Some(chain));
        }
        self.unless.truncate(before);
    }
}
