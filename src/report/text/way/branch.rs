//! The lines of a visit: the steps that all paths have in common, then one line for each way that they part.

use std::collections::BTreeMap;

use crate::analyze::Path;
use crate::extension::targets::Target;
use crate::logic::Share;
use crate::packet::Rewrite;
use crate::report::text::page::{Page, Piece, piece, plain, yielding};
use crate::report::text::paint::Tone;
use crate::report::text::shares::percent;
use crate::report::{Safe, Subject, words};
use crate::ruleset::{Rule, RuleId, Then};
use crate::source::Place;
use crate::walk::{Action, Step};

use super::visit::{Run, Visit, common, depths, does_something, mattering};

/// Branches shown one by one unless everything is asked for.
const SHOWN: usize = 12;
/// Endpoints that a branch is named by.
const NAMED: usize = 2;

/// Writes visits.
pub(in crate::report::text) struct Writer<'a, 't> {
    pub(in crate::report::text) subject: &'a Subject<'a, 't>,
    pub(in crate::report::text) all: bool,
    /// Paths of the whole world.
    pub(in crate::report::text) paths: usize,
}

impl<'a, 't> Writer<'a, 't> {
    /// Does any path do more there than pass?
    pub(super) fn matters(&self, visit: &Visit<'_>) -> bool {
        visit.runs.iter().any(|run| mattering(run, self.subject).contains(&true))
    }

    /// A visit under its number.
    pub(super) fn visit(&self, page: &mut Page, number: usize, visit: &Visit<'_>) {
        let chain = self.subject.chain_of(visit.table, visit.hook.as_str());
        let mut head = vec![piece(Tone::Strong, format!("{number:<2} {chain}"))];
        if visit.runs.len() < self.paths {
            let share: Share = visit.runs.iter().map(|run| run.path.share).sum();
            head.push(piece(Tone::Faint, format!("  ({} of all)", percent(share))));
        }
        let Some(first) = visit.runs.first() else { return };
        let common = common(&visit.runs);
        let parts = visit.runs.iter().any(|run| run.steps.len() > common);
        let lines = self.common_lines(first, common, parts);
        if let (false, [only]) = (parts, lines.as_slice()) {
            head.push(plain("  "));
            head.extend(only.pieces.iter().cloned());
            page.line_at(&head, &only.place);
            return;
        }
        page.line(&head);
        for line in &lines {
            let mut pieces = vec![plain(format!("   {}", "  ".repeat(line.depth)))];
            pieces.extend(line.pieces.iter().cloned());
            page.line_at(&pieces, &line.place);
        }
        if parts {
            self.branches(page, visit, common);
        }
    }

    /// The common steps that matter, and those that lead to where the paths part.
    fn common_lines(&self, run: &Run<'_>, common: usize, parts: bool) -> Vec<Line> {
        let steps = run.steps;
        let depths = depths(steps);
        let matters = mattering(run, self.subject);
        let parting = depths.get(common).copied().unwrap_or(0);
        let each = steps.iter().zip(&depths).zip(&matters).enumerate().take(common);
        let leads = |at: usize, depth: usize| {
            let later = depths.iter().take(common + 1).skip(at + 1);
            parts && depth < parting && later.min().is_some_and(|later| *later > depth)
        };
        let shown = each.filter(|(at, ((_, depth), matters))| self.all || **matters || leads(*at, **depth));
        shown.map(|(_, ((step, depth), _))| self.line(step, *depth)).collect()
    }

    /// A step on its line.
    pub(in crate::report::text) fn line(&self, step: &Step, depth: usize) -> Line {
        let Some((id, rule)) = self.rule(step) else {
            let place = self.subject.policy_place(step.chain).map(place_words).unwrap_or_default();
            return Line { depth, pieces: vec![plain(policy(step))], place };
        };
        let mut pieces = vec![piece(Tone::Faint, format!("#{:<3}", id.number()))];
        let asks = words::conditions(rule);
        if !asks.is_empty() {
            pieces.push(yielding(asks));
            pieces.push(plain("  "));
        }
        pieces.push(self.effect(step, rule));
        if let Some(chance) = step.chance {
            pieces.push(plain(format!("  ({} of those here)", percent(chance))));
        }
        Line { depth, pieces, place: self.place(id) }
    }

    fn rule(&self, step: &Step) -> Option<(RuleId, &'a Rule<'t>)> {
        Some((step.rule?, self.subject.ruleset.rule(step.rule?)?))
    }

    fn place(&self, id: RuleId) -> String {
        self.subject.place(id).map_or_else(|| "added".into(), place_words)
    }

    fn effect(&self, step: &Step, rule: &Rule<'_>) -> Piece {
        let name = |chain| Safe(self.subject.ruleset.name(chain)).to_string();
        match (&step.action, &rule.then) {
            (Action::Target(Some(Rewrite::Destination { address, port })), _) => {
                piece(Tone::Strong, format!("DNAT to {}", words::endpoint(address, port)))
            }
            (_, Then::Next) => piece(Tone::Faint, "counts"),
            (_, Then::Jump(chain)) => piece(Tone::Name, format!("-j {}", name(*chain))),
            (_, Then::Goto(chain)) => piece(Tone::Name, format!("-g {}", name(*chain))),
            (_, Then::Target(target @ (Target::Drop(_) | Target::Reject(_)))) => {
                piece(Tone::Bad, format!("-j {target}"))
            }
            (_, Then::Target(target)) => piece(Tone::Strong, format!("-j {}", Safe(&target.to_string()))),
            (_, Then::Unreadable) => piece(Tone::Open, "could not be read"),
        }
    }

    /// The same where there is little room.
    fn short_effect(&self, step: &Step, rule: &Rule<'_>) -> Piece {
        match &rule.then {
            Then::Jump(chain) | Then::Goto(chain) => {
                piece(Tone::Name, Safe(self.subject.ruleset.name(*chain)).to_string())
            }
            Then::Target(Target::Mark(_)) => plain("marked"),
            _ => self.effect(step, rule),
        }
    }

    /// What is left of each path after the common part: equal ones are one branch.
    fn branches(&self, page: &mut Page, visit: &Visit<'_>, common: usize) {
        let mut branches: Vec<Vec<&Run<'_>>> = Vec::new();
        let mut places = BTreeMap::new();
        for run in &visit.runs {
            let rest = run.steps.get(common..).unwrap_or_default();
            let key: Vec<_> = rest.iter().map(|step| (step.chain, step.rule)).collect();
            let place = *places.entry(key).or_insert(branches.len());
            match branches.get_mut(place) {
                Some(runs) => runs.push(run),
                None => branches.push(vec![run]),
            }
        }
        let deepest = visit.runs.iter().filter_map(|run| depths(run.steps).get(common).copied()).max().unwrap_or(0);
        // The tree hangs under the rule that leads to where they part.
        let indent = format!("   {}", "  ".repeat(deepest.saturating_sub(1)));
        let shown = if self.all { branches.len() } else { SHOWN.min(branches.len()) };
        // A fan of endpoints needs no names: each branch says where it leads.
        let names = !visit.runs.iter().any(|run| parts_here(run, common));
        for (index, runs) in branches.iter().take(shown).enumerate() {
            let tree = if index + 1 == branches.len() { "└" } else { "├" };
            self.branch(page, &format!("{indent}{tree} "), runs, common, names);
        }
        if shown < branches.len() {
            let more = format!("{} more (--all)", branches.len() - shown);
            page.line(&[plain(format!("{indent}└ ")), piece(Tone::Faint, more)]);
        }
    }

    /// One branch on one line: its share, the rule it parts by, what becomes of it there.
    fn branch(&self, page: &mut Page, tree: &str, runs: &[&Run<'_>], common: usize, names: bool) {
        let Some(run) = runs.first() else { return };
        let share: Share = runs.iter().map(|run| run.path.share).sum();
        let mut pieces = vec![plain(format!("{tree}{:>8} ", percent(share)))];
        if names {
            pieces.push(piece(Tone::Name, format!("{}  ", endpoints(runs))));
        }
        let mut place = String::new();
        let steps = run.steps.get(common..).unwrap_or_default();
        let does = |step: &Step| does_something(step, self.subject);
        for (index, step) in steps.iter().enumerate().filter(|(index, step)| *index == 0 || does(step)) {
            pieces.push(plain(if index == 0 { "" } else { ", " }));
            match self.rule(step) {
                Some((id, rule)) => {
                    if index == 0 {
                        pieces.push(piece(Tone::Faint, format!("#{} ", id.number())));
                    }
                    pieces.push(self.short_effect(step, rule));
                    place = self.place(id);
                }
                None => pieces.push(plain(policy(step))),
            }
        }
        page.line_at(&pieces, &place);
    }
}

/// Do the paths of a nat fan part by the endpoint that they end at?
/// `:12`, or `v4.rules:12`.
fn place_words(place: Place<'_>) -> String {
    Safe(&place.to_string()).to_string()
}

fn parts_here(run: &Run<'_>, common: usize) -> bool {
    run.steps.iter().skip(common).any(|step| matches!(step.action, Action::Target(Some(Rewrite::Destination { .. }))))
}

/// The endpoints that a branch is for.
fn endpoints(runs: &[&Run<'_>]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in runs.iter().map(|run| run.path).map(|path: &Path| words::endpoint(&path.packet.dst, &path.packet.dport))
    {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() <= NAMED { names.join(", ") } else { format!("{} endpoints", names.len()) }
}

/// `policy ACCEPT`
fn policy(step: &Step) -> String {
    match &step.action {
        Action::Policy(policy) => format!("policy {policy}"),
        _ => String::new(),
    }
}

/// A rule on its line.
pub(in crate::report::text) struct Line {
    pub(in crate::report::text) depth: usize,
    pub(in crate::report::text) pieces: Vec<Piece>,
    pub(in crate::report::text) place: String,
}
