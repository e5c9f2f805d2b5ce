//! Session affinity: lists of `recent` that send a client where it was sent before.

use crate::extension::matches::{Match, Recent, What};
use crate::kube::Role;
use crate::ruleset::{ChainId, Rule, Ruleset, Then};

use super::answer::Path;

/// How a Service port remembers its clients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affinity {
    /// For how long after a client's last new connection; `None` without end.
    pub seconds: Option<u32>,
    /// In how many lists.
    pub lists: usize,
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
    let remembered: Vec<_> = ruleset.rules(chain).iter().filter_map(remembers).collect();
    let seconds = remembered.first()?.seconds;
    Some(Affinity { seconds, lists: remembered.len() })
}

/// The list that a rule asks which jumps for remembered clients.
fn remembers<'r, 't>(rule: &'r Rule<'t>) -> Option<&'r Recent<'t>> {
    if !matches!(rule.then, Then::Jump(_) | Then::Goto(_)) {
        return None;
    }
    rule.matches.iter().find_map(|extension| match extension {
        Match::Recent(recent) if matches!(recent.what, What::Check | What::Update) => Some(recent),
        _ => None,
    })
}
