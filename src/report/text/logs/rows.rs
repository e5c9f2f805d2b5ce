//! The way of a connection: steps that the log shows, those that it cannot show, and lines that no rule of the dump wrote.

use crate::kernlog::{Account, Line, Record, Row, Spot, Told, What};
use crate::report::text::page::{Page, Piece, piece, plain};
use crate::report::text::paint::Tone;
use crate::report::text::way::{Writer, does_something};
use crate::report::{LogSubject, Safe};
use crate::ruleset::{ChainId, TableId};
use crate::save::Hook;
use crate::walk::{Action, Step};

/// Before what a line of the log shows.
const SEEN: &str = "●";
/// Before what is inferred.
const INFERRED: &str = "○";

/// Writes the rows under the tables that they belong to.
pub(super) fn write(page: &mut Page, account: &Account, log: &LogSubject<'_, '_>) {
    let Some(path) = account.path() else { return };
    page.gap();
    let name = Safe(&log.subject.source.name()).to_string();
    let legend = format!("  {SEEN} shown by the log  {INFERRED} inferred");
    page.line_at(&[piece(Tone::Strong, "way"), piece(Tone::Faint, legend)], &name);
    let writer = Writer { subject: &log.subject, all: true, paths: 1 };
    let mut rows = Rows { log, number: 0, visit: None, open: Vec::new() };
    for row in &account.rows {
        match row {
            Row::Step(at, seen) => {
                if let Some(step) = path.steps.get(*at) {
                    rows.step(page, &writer, step, *seen);
                }
            }
            Row::Line(line) => rows.line(page, line),
        }
    }
}

/// Where the rows are.
struct Rows<'a, 't> {
    log: &'a LogSubject<'a, 't>,
    number: usize,
    visit: Option<(Hook, TableId)>,
    /// The chains that led here.
    open: Vec<ChainId>,
}

impl Rows<'_, '_> {
    /// A step, unless nothing happens there and nothing shows it.
    fn step(&mut self, page: &mut Page, writer: &Writer<'_, '_>, step: &Step, seen: Option<usize>) {
        let leads = matches!(step.action, Action::Jump(_) | Action::Goto(_));
        let depth = self.depth(step.hook, step.chain);
        if seen.is_none() && !leads && !does_something(step, &self.log.subject) {
            return;
        }
        self.head(page, step.hook, step.chain.table);
        let line = writer.line(step, depth);
        let mut pieces = vec![bullet(seen.is_some()), plain("  ".repeat(line.depth))];
        pieces.extend(line.pieces);
        page.line_at(&pieces, &self.places(line.place, seen));
    }

    /// A line of the log between two steps.
    fn line(&mut self, page: &mut Page, line: &Line) {
        let depth = match (line.hook, line.chain) {
            (Some(hook), Some(chain)) => {
                let depth = self.depth(hook, chain);
                self.head(page, hook, chain.table);
                depth
            }
            _ => 0,
        };
        let words = line.record_of(self.log).map(|record| words(record, &line.spot)).unwrap_or_default();
        let pieces = [bullet(true), plain("  ".repeat(depth)), piece(Tone::Faint, words)];
        page.line_at(&pieces, &self.places(String::new(), Some(line.record)));
    }

    /// How deep a chain stands below the built-in one.
    fn depth(&mut self, hook: Hook, chain: ChainId) -> usize {
        if self.visit != Some((hook, chain.table)) {
            self.open.clear();
        }
        match self.open.iter().position(|open| *open == chain) {
            Some(depth) => self.open.truncate(depth + 1),
            None => self.open.push(chain),
        }
        self.open.len() - 1
    }

    /// The table, where another one begins.
    fn head(&mut self, page: &mut Page, hook: Hook, table: TableId) {
        if self.visit == Some((hook, table)) {
            return;
        }
        self.visit = Some((hook, table));
        self.number += 1;
        let chain = self.log.subject.chain_of(table, hook.as_str());
        page.line(&[piece(Tone::Strong, format!("{:<2} {chain}", self.number))]);
    }

    /// The place of a rule, and the line of the log.
    fn places(&self, place: String, seen: Option<usize>) -> String {
        let record = seen.and_then(|seen| self.log.connection.first.get(seen));
        match record {
            Some(record) if place.is_empty() => format!("log:{}", record.line),
            Some(record) => format!("{place}  log:{}", record.line),
            None => place,
        }
    }
}

impl Line {
    fn record_of<'l>(&self, log: &'l LogSubject<'_, '_>) -> Option<&'l Record> {
        log.connection.first.get(self.record)
    }
}

fn bullet(seen: bool) -> Piece {
    if seen { piece(Tone::Good, format!(" {SEEN} ")) } else { piece(Tone::Faint, format!(" {INFERRED} ")) }
}

/// What a line says that is about no step of the path.
pub(super) fn words(record: &Record, spot: &Spot) -> String {
    let told = match &record.told {
        Some(Told::Prefix(prefix)) if prefix.is_empty() => "LOG without a prefix".into(),
        Some(Told::Prefix(prefix)) => format!("LOG \"{}\"", Safe(prefix)),
        Some(Told::Met(met)) => {
            let chain = format!("{} {}", Safe(&met.table), Safe(&met.chain));
            match &met.what {
                What::Number(number) => format!("rule {number} of {chain}"),
                What::Rule(rule) => format!("`{}` in {chain}", Safe(&rule.text)),
                What::End(_) | What::Return => format!("the end of {chain}"),
                What::Policy => format!("the policy of {chain}"),
            }
        }
        None => String::new(),
    };
    match spot {
        Spot::End(_) => "end of the chain".into(),
        Spot::Passed(Some(table), hook) => format!("{told}  (no {table} {hook} in the dump: everything passes)"),
        Spot::Passed(None, hook) => format!("{told}  ({hook})"),
        _ => told,
    }
}
