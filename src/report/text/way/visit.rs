//! What the paths of a world do in one table at one hook, laid side by side.

use crate::analyze::Path;
use crate::extension::Verdict;
use crate::extension::targets::Target;
use crate::report::Subject;
use crate::ruleset::{ChainId, TableId, Then};
use crate::save::{Hook, Policy};
use crate::walk::{Action, Step};

/// One table at one hook.
pub(super) struct Visit<'p> {
    pub(super) hook: Hook,
    pub(super) table: TableId,
    pub(super) runs: Vec<Run<'p>>,
}

/// What one path does there.
pub(super) struct Run<'p> {
    pub(super) path: &'p Path,
    pub(super) steps: &'p [Step],
}

/// Cuts paths where they go from one table to the next.
pub(super) fn visits(paths: &[Path]) -> Vec<Visit<'_>> {
    let mut visits: Vec<Visit<'_>> = Vec::new();
    for path in paths {
        let mut at = 0;
        for steps in path.steps.chunk_by(|a, b| (a.hook, a.chain.table) == (b.hook, b.chain.table)) {
            let Some(first) = steps.first() else { continue };
            let (hook, table) = (first.hook, first.chain.table);
            let same = |visit: &Visit<'_>| (visit.hook, visit.table) == (hook, table);
            match visits.iter().skip(at).position(same) {
                Some(found) => at += found,
                None => visits.insert(at, Visit { hook, table, runs: Vec::new() }),
            }
            visits.iter_mut().skip(at).take(1).for_each(|visit| visit.runs.push(Run { path, steps }));
            at += 1;
        }
    }
    visits
}

/// How many steps all runs have in common.
pub(super) fn common(runs: &[Run<'_>]) -> usize {
    let Some((first, others)) = runs.split_first() else { return 0 };
    let same = |at: usize, step: &Step| {
        others
            .iter()
            .all(|run| run.steps.get(at).is_some_and(|other| (other.chain, other.rule) == (step.chain, step.rule)))
    };
    first.steps.iter().enumerate().take_while(|(at, step)| same(*at, step)).count()
}

/// How deep each step stands: 0 in the built-in chain.
pub(super) fn depths(steps: &[Step]) -> Vec<usize> {
    let mut open: Vec<ChainId> = Vec::new();
    let depth = |step: &Step| {
        match open.iter().position(|chain| *chain == step.chain) {
            Some(depth) => open.truncate(depth + 1),
            None => open.push(step.chain),
        }
        open.len() - 1
    };
    steps.iter().map(depth).collect()
}

/// Which steps do something, or lead to one that does.
pub(super) fn mattering(run: &Run<'_>, subject: &Subject<'_, '_>) -> Vec<bool> {
    let steps = run.steps;
    let depths = depths(steps);
    let mut matters: Vec<bool> = steps.iter().map(|step| does_something(step, subject)).collect();
    if let Some(last) = matters.last_mut().filter(|_| run.is_end()) {
        *last = true;
    }
    // A jump matters if something deeper does before the packet is back at its depth.
    for at in (0..steps.len()).rev() {
        let is_jump = steps.get(at).is_some_and(|step| matches!(step.action, Action::Jump(_) | Action::Goto(_)));
        let depth = depths.get(at).copied().unwrap_or(0);
        let inner = depths.iter().zip(&matters).skip(at + 1).take_while(|(inner, _)| **inner > depth);
        let leads = is_jump && inner.into_iter().any(|(_, matters)| *matters);
        if let Some(matter) = matters.get_mut(at) {
            *matter |= leads;
        }
    }
    matters
}

impl Run<'_> {
    /// Does the path end here without having arrived?
    fn is_end(&self) -> bool {
        let last =
            self.path.steps.last().is_some_and(|last| self.steps.last().is_some_and(|own| std::ptr::eq(last, own)));
        last && self.path.verdict != Verdict::Accept
    }
}

/// Does a step change the packet or decide?
pub(in crate::report::text) fn does_something(step: &Step, subject: &Subject<'_, '_>) -> bool {
    match &step.action {
        Action::Jump(_) | Action::Goto(_) | Action::Next => false,
        Action::Policy(policy) => *policy == Policy::Drop,
        Action::Target(Some(_)) => true,
        Action::Target(None) => {
            let rule = step.rule.and_then(|rule| subject.ruleset.rule(rule));
            !matches!(rule.map(|rule| &rule.then), Some(Then::Target(Target::Return(_))))
        }
    }
}
