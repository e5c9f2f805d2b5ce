//! Session affinity: lists of `recent` that send a client where it was sent before.

use crate::extension::matches::{Match, Recent, What};
use crate::kube::Role;
use crate::ruleset::{ChainId, Rule, Ruleset, Then};

use super::answer::Path;

/// How a Service port remembers its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affinity {
    /// The chain that asks its lists.
    pub chain: ChainId,
    /// For how long after a client's last new connection; `None` without end.
    pub seconds: Option<u32>,
    /// In how many lists.
    pub lists: usize,
    /// Lists that note whom they send on.
    pub noted: usize,
}

/// The affinity of the balancing chain that these paths came through.
pub(super) fn of_paths(ruleset: &Ruleset<'_>, paths: &[Path]) -> Option<Affinity> {
    let steps = paths.iter().flat_map(|path| &path.steps);
    let balances = |chain: &ChainId| {
        matches!(Role::of(ruleset.name(*chain)), Some(Role::Cluster(_) | Role::Local(_) | Role::External(_)))
    };
    let mut chains: Vec<_> = steps.map(|step| step.chain).filter(balances).collect();
    chains.sort_unstable();
    chains.dedup();
    chains.into_iter().find_map(|chain| of_chain(ruleset, chain))
}

pub(super) fn of_chain(ruleset: &Ruleset<'_>, chain: ChainId) -> Option<Affinity> {
    let asking: Vec<_> = ruleset.rules(chain).iter().filter_map(asks).collect();
    let (first, _) = asking.first()?;
    let noted = asking.iter().filter(|(recent, to)| recent.what == What::Update || notes(ruleset, *to, recent)).count();
    Some(Affinity { chain, seconds: first.seconds, lists: asking.len(), noted })
}

/// The list that a rule asks which jumps for remembered clients, and where it jumps.
fn asks<'r, 't>(rule: &'r Rule<'t>) -> Option<(&'r Recent<'t>, ChainId)> {
    let (Then::Jump(to) | Then::Goto(to)) = rule.then else { return None };
    let lists = recents(rule).find(|recent| matches!(recent.what, What::Check | What::Update));
    lists.map(|recent| (recent, to))
}

/// Does a rule of the chain note clients in this list?
fn notes(ruleset: &Ruleset<'_>, chain: ChainId, list: &Recent<'_>) -> bool {
    let mut recents = ruleset.rules(chain).iter().flat_map(recents);
    recents.any(|recent| recent.what == What::Set && recent.name == list.name)
}

fn recents<'r, 't>(rule: &'r Rule<'t>) -> impl Iterator<Item = &'r Recent<'t>> {
    rule.matches.iter().filter_map(|extension| match extension {
        Match::Recent(recent) => Some(&**recent),
        _ => None,
    })
}
