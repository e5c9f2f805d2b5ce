//! The way of the packet, table by table; where it parts, a branch for each part.

use crate::analyze::{Answer, Path};
use crate::extension::targets::Target;
use crate::logic::Share;
use crate::report::{Safe, Subject, words};
use crate::ruleset::{Rule, Then};
use crate::save::{Hook, TableName};
use crate::walk::{Action, Step};

use super::Detail;
use super::endpoints::percent;
use super::page::{Page, Piece, piece, plain};
use super::paint::Tone;

/// Branches shown one by one unless everything is asked for.
const SHOWN: usize = 12;

/// What paths do in one table at one hook.
struct Visit<'p> {
    hook: Hook,
    table: TableName,
    runs: Vec<Run<'p>>,
}

/// What one path does there.
struct Run<'p> {
    path: &'p Path,
    steps: &'p [Step],
}

/// The way in the default world.
pub(super) fn write(page: &mut Page, answer: &Answer, subject: &Subject<'_, '_>, detail: Detail) {
    let Some(world) = answer.worlds.first() else { return };
    let visits = visits(&world.paths);
    if visits.is_empty() {
        return;
    }
    page.gap();
    page.line_at(&[piece(Tone::Strong, "way")], &Safe(subject.source.name()).to_string());
    let writer = Writer { subject, all: detail == Detail::All, paths: world.paths.len() };
    let mut number = 0;
    let mut untouched = Vec::new();
    for visit in &visits {
        if !writer.all && writer.is_untouched(visit) {
            untouched.push(format!("{} {}", visit.table, visit.hook));
            continue;
        }
        number += 1;
        writer.visit(page, number, visit);
    }
    if !untouched.is_empty() {
        page.line(&[piece(Tone::Faint, format!("   nothing matched in {} (policy ACCEPT)", untouched.join(", ")))]);
    }
    if let Some(reply) = reply(answer, &world.paths) {
        page.line(&[piece(Tone::Strong, "reply"), plain(format!("  {reply}"))]);
    }
}

/// Cuts paths where they go from one table to the next, and lays those of one table side by side.
fn visits(paths: &[Path]) -> Vec<Visit<'_>> {
    let mut visits: Vec<Visit<'_>> = Vec::new();
    for path in paths {
        let mut at = 0;
        for steps in path.steps.chunk_by(|a, b| (a.hook, a.chain.table) == (b.hook, b.chain.table)) {
            let Some(first) = steps.first() else { continue };
            let key = (first.hook, first.chain.table);
            let found = visits.iter().skip(at).position(|visit| (visit.hook, visit.table) == key);
            at = found.map_or(at, |found| at + found);
            if found.is_none() {
                visits.insert(at, Visit { hook: key.0, table: key.1, runs: Vec::new() });
            }
            if let Some(visit) = visits.get_mut(at) {
                visit.runs.push(Run { path, steps });
            }
            at += 1;
        }
    }
    visits
}

struct Writer<'a, 't> {
    subject: &'a Subject<'a, 't>,
    all: bool,
    /// Paths of the whole world.
    paths: usize,
}

impl Writer<'_, '_> {
    /// Did no path do more there than pass?
    fn is_untouched(&self, visit: &Visit<'_>) -> bool {
        visit.runs.len() == self.paths
            && visit.runs.iter().all(|run| run.steps.iter().enumerate().all(|(at, _)| !self.matters(run.steps, at)))
    }

    /// Does a step do something, or lead to one that does?
    fn matters(&self, steps: &[Step], at: usize) -> bool {
        let Some(step) = steps.get(at) else { return false };
        match &step.action {
            Action::Jump(chain) | Action::Goto(chain) => {
                let inner = steps.iter().enumerate().skip(at + 1);
                let mut inner = inner.take_while(|(_, inner)| inner.chain != step.chain && inner.rule.is_some());
                inner.any(|(place, inner)| {
                    (inner.chain == *chain || !matches!(inner.action, Action::Next)) && self.matters(steps, place)
                })
            }
            Action::Policy(policy) => *policy == crate::save::Policy::Drop,
            Action::Target(Some(_)) => true,
            Action::Target(None) => {
                let rule = step.rule.and_then(|rule| self.subject.ruleset.rule(rule));
                !matches!(rule.map(|rule| &rule.then), Some(Then::Target(Target::Return(_))))
            }
            Action::Next => false,
        }
    }

    fn visit(&self, page: &mut Page, number: usize, visit: &Visit<'_>) {
        let share: Share = visit.runs.iter().map(|run| run.path.share).sum();
        let part = if visit.runs.len() < self.paths { format!("  ({} of all)", percent(share)) } else { String::new() };
        let head =
            [piece(Tone::Strong, format!("{number:<2} {} {}", visit.table, visit.hook)), piece(Tone::Faint, part)];
        let steps: Vec<_> = visit.runs.iter().map(|run| run.steps).collect();
        let common = common_length(&steps);
        let lines = self.lines(steps.first().copied().unwrap_or_default(), 0..common);
        if let ([only], true) = (lines.as_slice(), steps.iter().all(|steps| steps.len() == common)) {
            let mut pieces = head.to_vec();
            pieces.push(plain("  "));
            pieces.extend(only.pieces.iter().cloned());
            page.line_at(&pieces, &only.place);
            return;
        }
        page.line(&head);
        for line in &lines {
            line.write(page);
        }
        self.branches(page, visit, common);
    }

    /// The steps that matter, each on its line, set in by how deep it stands.
    fn lines(&self, steps: &[Step], range: std::ops::Range<usize>) -> Vec<Line> {
        let mut open: Vec<crate::ruleset::ChainId> = Vec::new();
        let mut lines = Vec::new();
        for (at, step) in steps.iter().enumerate().take(range.end) {
            if let Some(depth) = open.iter().position(|chain| *chain == step.chain) {
                open.truncate(depth + 1);
            } else {
                open.push(step.chain);
            }
            // A branch that goes on below the common part keeps the jumps that lead to it.
            let leads_on = range.end < steps.len() && matches!(step.action, Action::Jump(_) | Action::Goto(_));
            if range.contains(&at) && (self.all || leads_on || self.matters(steps, at)) {
                lines.push(self.line(step, open.len()));
            }
        }
        lines
    }

    fn line(&self, step: &Step, depth: usize) -> Line {
        let indent = "  ".repeat(depth);
        let Some(rule) = step.rule.and_then(|id| Some((id, self.subject.ruleset.rule(id)?))) else {
            let Action::Policy(policy) = &step.action else { return Line::default() };
            let place = self.subject.policy_line(step.chain).map_or_else(String::new, |line| format!(":{line}"));
            return Line { indent, pieces: vec![plain(format!("policy {policy}"))], place };
        };
        let (id, rule) = rule;
        let mut pieces = vec![piece(Tone::Faint, format!("#{:<3}", id.number()))];
        let asks = conditions(rule);
        if !asks.is_empty() {
            pieces.push(plain(format!("{asks}  ")));
        }
        pieces.push(self.effect(rule));
        if let Some(chance) = step.chance {
            pieces.push(plain(format!("  ({} of those here)", percent(chance))));
        }
        Line { indent, pieces, place: self.place(id) }
    }

    fn place(&self, id: crate::ruleset::RuleId) -> String {
        self.subject.line(id).map_or_else(|| "added".into(), |line| format!(":{line}"))
    }

    fn effect(&self, rule: &Rule<'_>) -> Piece {
        let name = |chain| Safe(self.subject.ruleset.name(chain)).to_string();
        match &rule.then {
            Then::Next => piece(Tone::Faint, "counts"),
            Then::Jump(chain) => piece(Tone::Name, format!("-j {}", name(*chain))),
            Then::Goto(chain) => piece(Tone::Name, format!("-g {}", name(*chain))),
            Then::Target(target @ (Target::Drop(_) | Target::Reject(_))) => piece(Tone::Bad, format!("-j {target}")),
            Then::Target(target) => piece(Tone::Strong, format!("-j {}", Safe(&target.to_string()))),
            Then::Unreadable => piece(Tone::Open, "could not be read"),
        }
    }

    /// What is left of each path after the common part: equal ones are one branch.
    fn branches(&self, page: &mut Page, visit: &Visit<'_>, common: usize) {
        let mut branches: Vec<(Vec<_>, Vec<&Run<'_>>)> = Vec::new();
        for run in &visit.runs {
            let rest = run.steps.get(common..).unwrap_or_default();
            let key: Vec<_> = rest.iter().map(|step| (step.chain, step.rule)).collect();
            match branches.iter_mut().find(|(other, _)| *other == key) {
                Some((_, runs)) => runs.push(run),
                None => branches.push((key, vec![run])),
            }
        }
        if branches.len() < 2 {
            return;
        }
        let depth = self.depth(visit, common);
        let shown = if self.all { branches.len() } else { SHOWN.min(branches.len()) };
        for (index, (_, runs)) in branches.iter().take(shown).enumerate() {
            let last = index + 1 == branches.len();
            self.branch(page, depth, if last { "└" } else { "├" }, runs, common);
        }
        if shown < branches.len() {
            let more = branches.len() - shown;
            let indent = "  ".repeat(depth);
            page.line(&[plain(format!("{indent} └ ")), piece(Tone::Faint, format!("{more} more (--all shows them)"))]);
        }
    }

    /// How deep the chain stands that the paths part in.
    fn depth(&self, visit: &Visit<'_>, common: usize) -> usize {
        let Some(run) = visit.runs.first() else { return 1 };
        let mut open: Vec<crate::ruleset::ChainId> = Vec::new();
        for step in run.steps.iter().take(common + 1) {
            if let Some(depth) = open.iter().position(|chain| *chain == step.chain) {
                open.truncate(depth + 1);
            } else {
                open.push(step.chain);
            }
        }
        open.len().max(1)
    }

    /// One branch on one line: its share, the rule it parts by, what becomes of it there.
    fn branch(&self, page: &mut Page, depth: usize, tree: &str, runs: &[&Run<'_>], common: usize) {
        let share: Share = runs.iter().map(|run| run.path.share).sum();
        let Some(run) = runs.first() else { return };
        let steps = run.steps.get(common..).unwrap_or_default();
        let mut pieces =
            vec![plain(format!("{} {tree} ", "  ".repeat(depth))), plain(format!("{:>9}  ", percent(share)))];
        let first = steps.first().and_then(|step| step.rule).and_then(|id| Some((id, self.subject.ruleset.rule(id)?)));
        let mut place = String::new();
        if let Some((id, rule)) = first {
            pieces.push(piece(Tone::Faint, format!("#{:<3}", id.number())));
            pieces.push(self.effect(rule));
            place = self.place(id);
        }
        if let Some((step, rule)) =
            last_effect(steps, self.subject).filter(|(step, _)| step.rule != first.map(|(id, _)| id))
        {
            pieces.push(plain("  "));
            pieces.push(match (&step.action, rule) {
                (Action::Target(Some(crate::packet::Rewrite::Destination { address, port })), _) => {
                    piece(Tone::Strong, format!("DNAT to {}", words::endpoint(address, port)))
                }
                (_, Some(rule)) => self.effect(rule),
                _ => plain("policy"),
            });
            place = step.rule.map_or(place, |id| self.place(id));
        }
        page.line_at(&pieces, &place);
    }
}

/// The last step that decided something.
fn last_effect<'p, 'r, 't>(steps: &'p [Step], subject: &Subject<'r, 't>) -> Option<(&'p Step, Option<&'r Rule<'t>>)> {
    let step = steps.iter().rev().find(|step| matches!(step.action, Action::Target(_) | Action::Policy(_)))?;
    Some((step, step.rule.and_then(|rule| subject.ruleset.rule(rule))))
}

/// A rule on its line.
#[derive(Default)]
struct Line {
    indent: String,
    pieces: Vec<Piece>,
    place: String,
}

impl Line {
    fn write(&self, page: &mut Page) {
        let mut pieces = vec![plain(format!(" {}", self.indent))];
        pieces.extend(self.pieces.iter().cloned());
        page.line_at(&pieces, &self.place);
    }
}

/// How many steps all have in common.
fn common_length(all: &[&[Step]]) -> usize {
    let Some((first, others)) = all.split_first() else { return 0 };
    let same = |at: usize, step: &Step| {
        others
            .iter()
            .all(|steps| steps.get(at).is_some_and(|other| (other.chain, other.rule) == (step.chain, step.rule)))
    };
    first.iter().enumerate().take_while(|(at, step)| same(*at, step)).count()
}

/// What a rule asks for, without comments and without the names of the extensions.
fn conditions(rule: &Rule<'_>) -> String {
    use crate::extension::matches::Match;
    let mut asks = rule.header.to_string();
    for extension in &rule.matches {
        let words = extension.to_string();
        match extension {
            Match::Comment(_) | Match::Unlisted(_) => {}
            Match::Unread(_) => asks.push_str(&format!(" -m {words}")),
            _ => asks.push_str(words.strip_prefix(extension.name()).unwrap_or(&words)),
        }
    }
    Safe(asks.trim()).to_string()
}

/// What the client sees of the answer.
fn reply(answer: &Answer, paths: &[Path]) -> Option<String> {
    let path = paths.iter().find(|path| path.dnat.is_some() && path.outcome() == crate::analyze::Outcome::Delivered)?;
    let endpoint = words::endpoint(&path.packet.dst, &path.packet.dport);
    let asked = words::endpoint(&answer.asked.dst, &answer.asked.dport);
    let others = if paths.len() > 1 { " (or another endpoint)" } else { "" };
    let way = if path.snat.is_some() { "by way of this host " } else { "" };
    Some(format!("{endpoint}{others} -> client, {way}seen by the client as {asked} (conntrack)"))
}
