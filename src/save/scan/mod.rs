//! Finds the tables, chains and rule lines of dumps in one pass over their lines.
//!
//! Three forms are told apart line by line: `iptables-save` (`*nat`, `:CHAIN`, `-A`, `COMMIT`), `iptables -S` (`-P`,
//! `-N`, `-A`, no table) and `iptables -L` (`Chain NAME (...)`, then rows). Lines whose table is not said go to
//! `fragment.rs`; what stands around a dump that somebody pasted is for `around.rs`.

mod around;
mod lines;
mod why_not;

use std::collections::BTreeMap;

use crate::diagnostic::{Code, Diagnostic, near};
use crate::source::{Held, Source, Span};

use crate::save::document::{Document, RuleAt};
use crate::save::fragment::{self, Loose};
use crate::save::line::{Edit, Line};
use crate::save::merge::merged;
use crate::save::names::{Policy, TableName};
use crate::save::notices::Notices;

use lines::{Lines, Read};
use why_not::nothing_read;

/// How a text is to be read, where it does not say so itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// The table of lines that stand in none.
    pub table: Option<TableName>,
    /// The only form whose lines are taken; each line in its own if not given.
    pub form: Option<Form>,
}

/// What prints rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// `iptables-save`
    Save,
    /// `iptables -S`, and what `grep` leaves of a save.
    Rules,
    /// `iptables -L`
    Listing,
}

impl Form {
    /// Does this form have such lines?
    const fn takes(self, line: &Line<'_>) -> bool {
        match line {
            Line::Table(_) | Line::Commit => matches!(self, Self::Save),
            Line::Chain { .. } | Line::Rule(_) | Line::Edit(_) => !matches!(self, Self::Listing),
            Line::Listed { .. } | Line::Columns => matches!(self, Self::Listing),
            Line::Blank | Line::Comment | Line::Malformed(_) | Line::Other => true,
        }
    }
}

/// Reads `text` into the dumps it holds, usually one. `table` is the table of lines that stand in none.
pub fn scan(text: &str, table: Option<TableName>) -> (Vec<Document<'_>>, Vec<Diagnostic>) {
    let mut scan = Scan::new(text, Reading { table, form: None });
    scan.part(Span::new(0, text.len()));
    scan.finish()
}

/// Reads each part of `source`. Where there is no dump at all, the last of the problems says why.
pub fn read(source: &Source, reading: Reading) -> (Vec<Document<'_>>, Vec<Diagnostic>) {
    read_within(source, Span::new(0, source.text().len()), reading)
}

/// Reads only the part of `source` that is `within`, with the places that it has in the whole.
pub fn read_within(source: &Source, within: Span, reading: Reading) -> (Vec<Document<'_>>, Vec<Diagnostic>) {
    let mut scan = Scan::new(source.text(), reading);
    scan.line = source.line_at(within.start);
    scan.document.start = within.start;
    scan.within = within;
    for (span, held) in source.parts().filter(|(span, _)| within.start <= span.start && span.end() <= within.end()) {
        scan.begin(span, held);
        scan.part(span);
    }
    scan.finish()
}

struct Scan<'t> {
    /// What is read of the text.
    within: Span,
    text: &'t str,
    reading: Reading,
    done: Vec<Document<'t>>,
    document: Document<'t>,
    place: Place<'t>,
    /// Lines of `document` that stand in no table.
    loose: Vec<Loose<'t>>,
    notices: Notices,
    /// The next line.
    line: u32,
    /// The last line of the rule read last, which the next line may go on with.
    rule_ends: u32,
    /// How wide the lines are that were broken.
    widths: BTreeMap<usize, usize>,
    /// Rules of a tool that is not iptables.
    other_tool: Option<Span>,
}

/// What the lines so far have opened.
#[derive(Clone, Copy)]
enum Place<'t> {
    /// No table: a fragment, or what stands between tables.
    Outside,
    /// A `*table` line; `chain` is that of the last rule, which the next one most often shares.
    Table { index: usize, header: Span, chain: Option<(&'t str, u32)> },
    /// A `*table` line that is not a table's name, or a table of another tool.
    Nowhere,
    /// A `Chain NAME` line of a listing.
    Listing(&'t str),
}

impl<'t> Scan<'t> {
    fn new(text: &'t str, reading: Reading) -> Self {
        Self {
            within: Span::new(0, text.len()),
            text,
            reading,
            done: Vec::new(),
            document: Document { text, ..Document::default() },
            place: Place::Outside,
            loose: Vec::new(),
            notices: Notices::default(),
            line: 1,
            rule_ends: 0,
            widths: BTreeMap::new(),
            other_tool: None,
        }
    }

    /// A part of the source begins. One that kpt has added belongs to the part before it.
    fn begin(&mut self, span: Span, held: Held) {
        match held {
            Held::Added => self.loose.push(Loose::Break(Some(TableName::Nat))),
            _ if span.start > 0 => self.next_document(span.start),
            _ => {}
        }
        let start = Span { len: 0, ..span };
        match held {
            Held::Plain | Held::Added => {}
            Held::InJson => self.notices.tell(
                Diagnostic::new(Code::InJson, "the dump stands in strings of JSON")
                    .at(start, "lines are counted in what the strings hold"),
            ),
            Held::CutArchive => self.notices.tell(
                Diagnostic::new(Code::CutArchive, "the end of this archive is missing, or it holds more than 512 MiB")
                    .at(start, "what could be unpacked is used")
                    .help("fetch the file anew"),
            ),
        }
    }

    fn part(&mut self, span: Span) {
        Lines::new(self.text, span, self.line).each(|read| self.one(read));
    }

    fn one(&mut self, Read { line, whole, at, next }: Read<'t>) {
        self.line = next;
        if self.reading.form.is_none_or(|form| form.takes(&line)) {
            self.take(line, whole, at);
        } else {
            self.other(whole, at);
        }
    }

    fn take(&mut self, line: Line<'t>, whole: &'t str, at: RuleAt) {
        match line {
            Line::Blank => self.rule_ends = 0,
            Line::Columns => {}
            Line::Table(name) => self.table(name, at),
            Line::Chain { chain, policy } => self.declare(chain, policy, at),
            Line::Rule(chain) => self.rule(chain, at),
            Line::Edit(edit) => self.edit(edit, at),
            Line::Commit => self.place = Place::Outside,
            Line::Comment => self.comment(whole.trim_ascii(), at),
            Line::Listed { chain, policy } => self.listed(chain, policy, at),
            Line::Malformed(why) => self.malformed(why, whole, at),
            Line::Other => self.other(whole, at),
        }
    }

    /// `*table`
    fn table(&mut self, name: &'t str, at: RuleAt) {
        self.close();
        let header = at.span();
        if self.other_tool.is_some() && self.document.backend.is_none() {
            self.place = Place::Nowhere;
            return;
        }
        let Some(table) = TableName::named(name) else {
            self.place = Place::Nowhere;
            self.notices.tell(
                Diagnostic::new(Code::UnknownTable, format!("`{name}` is not a table"))
                    .at(header, "its rules are left out")
                    .did_you_mean(
                        near(name, TableName::ALL.map(TableName::as_str)),
                        "the tables are raw, mangle, nat, filter and security",
                    ),
            );
            return;
        };
        if self.document.table(table).is_some() {
            let (family, backend) = (self.document.family, self.document.backend);
            self.next_document(at.start);
            (self.document.family, self.document.backend) = (family, backend);
        }
        self.document.table_mut(table).header = Some(header);
        self.place = Place::Table { index: self.document.tables.len() - 1, header, chain: None };
    }

    /// `Chain NAME (policy ACCEPT 0 packets, 0 bytes)`, `Chain NAME (2 references)`
    fn listed(&mut self, chain: &'t str, policy: Option<Policy>, at: RuleAt) {
        self.close();
        self.declare(chain, policy, at);
        self.place = Place::Listing(chain);
    }

    fn rule(&mut self, chain: &'t str, at: RuleAt) {
        self.rule_ends = self.line - 1;
        match self.place {
            Place::Table { index, header, chain: last } => {
                let Some(table) = self.document.tables.get_mut(index) else { return };
                let position = match last {
                    Some((name, position)) if std::ptr::eq(name, chain) || name == chain => position,
                    _ => table.position_behind(last.map(|(_, position)| position), chain),
                };
                self.place = Place::Table { index, header, chain: Some((chain, position)) };
                if let Some(chain) = table.chains.get_mut(position as usize) {
                    chain.rules.push(at);
                }
            }
            Place::Outside | Place::Listing(_) => self.loose.push(Loose::Rule { chain, at }),
            Place::Nowhere => {}
        }
    }

    /// A line that changes what those before it have made.
    fn edit(&mut self, edit: Edit<'t>, at: RuleAt) {
        self.rule_ends = 0;
        match self.place {
            Place::Table { index, .. } => {
                if let Some(table) = self.document.tables.get_mut(index)
                    && !table.edit(edit, at, self.text)
                {
                    self.notices.tell(nothing_to_edit(at));
                }
            }
            Place::Outside | Place::Listing(_) => self.loose.push(Loose::Edit { edit, at }),
            Place::Nowhere => {}
        }
    }

    fn declare(&mut self, chain: &'t str, policy: Option<Policy>, at: RuleAt) {
        match self.place {
            Place::Table { index, .. } => {
                if let Some(table) = self.document.tables.get_mut(index) {
                    table.chain_mut(chain).declare(policy, at.line);
                }
            }
            Place::Outside | Place::Listing(_) => self.loose.push(Loose::Chain { chain, policy, line: at.line }),
            Place::Nowhere => {}
        }
    }

    /// Nothing may be open where something new begins.
    fn close(&mut self) {
        let place = std::mem::replace(&mut self.place, Place::Outside);
        if let Place::Table { header, .. } = place {
            self.notices.tell(
                Diagnostic::new(Code::Truncated, "this table has no `COMMIT`")
                    .at(header, "begins here and does not end")
                    .help("the dump may be cut; what is there is used"),
            );
        }
    }

    /// What follows is a dump of its own.
    fn next_document(&mut self, start: u32) {
        self.close();
        let loose = std::mem::take(&mut self.loose);
        fragment::place(&mut self.document, &loose, self.reading.table, &mut self.notices);
        let next = Document { text: self.document.text, start, ..Document::default() };
        let mut done = std::mem::replace(&mut self.document, next);
        done.end = start;
        self.done.push(done);
        self.rule_ends = 0;
    }

    /// A terminal breaks every line at its width, whatever stands there; people and mails break at blanks.
    fn is_of_a_terminal(&self) -> bool {
        let broken: usize = self.widths.values().sum();
        let most = self.widths.values().max().copied().unwrap_or(0);
        broken > 1 && most == broken
    }

    fn finish(mut self) -> (Vec<Document<'t>>, Vec<Diagnostic>) {
        self.next_document(self.within.end());
        self.done.retain(|document| !document.is_empty());
        let glued = self.is_of_a_terminal();
        let mut documents = merged(self.done, &mut self.notices);
        for document in &mut documents {
            document.glued = glued;
        }
        let mut problems = self.notices.finish();
        if documents.is_empty() {
            let text = self.text.get(self.within.start as usize..self.within.end() as usize).unwrap_or_default();
            problems.push(nothing_read(text, self.other_tool));
        }
        (documents, problems)
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn nothing_to_edit(at: RuleAt) -> Diagnostic {
    Diagnostic::new(Code::MalformedLine, "there is no such rule to delete or replace")
        .at(at.span(), "iptables-restore stops here")
        .help("the line is left out; it may be about rules that the host had before")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::save::{Backend, Family};

    fn one(text: &str) -> Document<'_> {
        scan(text, None).0.swap_remove(0)
    }

    fn lines(document: &Document<'_>, table: TableName, chain: &str) -> Vec<u32> {
        let table = document.table(table).unwrap();
        let chain = &table.chains[table.position(chain).unwrap() as usize];
        chain.rules.iter().map(|rule| rule.line).collect()
    }

    #[test]
    fn a_save() {
        let text = "# Generated by iptables-save v1.8.9 on Mon\n*nat\n:PREROUTING DROP [1:60]\n:X - [0:0]\n\
                    [3:180] -A X -j ACCEPT\n-A PREROUTING -j X\n-A X\nCOMMIT\n";
        let (documents, diagnostics) = scan(text, None);
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        let document = &documents[0];
        assert_eq!((document.family, document.backend), (Some(Family::V4), Some(Backend::Legacy)));
        assert_eq!(lines(document, TableName::Nat, "X"), [5, 7]);
        let nat = document.table(TableName::Nat).unwrap();
        assert_eq!(nat.chains[0].policy, Some(Policy::Drop));
        assert_eq!(nat.chains[1].policy, None);
    }

    #[test]
    fn a_wrapped_rule_keeps_its_text_and_the_count_of_lines() {
        let document = one("*nat\n-A X \\\n   -j Y\n-A X -j Z\nCOMMIT\n");
        assert_eq!(lines(&document, TableName::Nat, "X"), [2, 4]);
        let first = document.tables[0].chains[0].rules[0];
        assert_eq!(first.text(document.text), "-A X \\\n   -j Y");
    }

    #[test]
    fn an_unfinished_table_is_used_and_reported() {
        let (documents, diagnostics) = scan("*nat\n-A X -j Y\n*filter\n-A INPUT\n", None);
        assert_eq!(documents[0].tables.len(), 2);
        assert_eq!(diagnostics.iter().map(Diagnostic::code).collect::<Vec<_>>(), [Code::Truncated; 2]);
    }

    #[test]
    fn a_table_that_linux_does_not_have_costs_its_lines() {
        let (documents, diagnostics) = scan("*kfilter\n-A INPUT\nCOMMIT\n*filter\nCOMMIT\n", None);
        assert_eq!(documents[0].tables.len(), 1);
        assert_eq!(diagnostics[0].code(), Code::UnknownTable);
    }

    #[test]
    fn two_programs_are_two_dumps() {
        let text = "# Generated by iptables-save v1.8.9 on X\n*filter\nCOMMIT\n\
                    # Generated by ip6tables-save v1.8.9 on X\n*filter\nCOMMIT\n";
        let (documents, diagnostics) = scan(text, None);
        assert!(diagnostics.is_empty());
        let families: Vec<_> = documents.iter().filter_map(|document| document.family).collect();
        assert_eq!(families, [Family::V4, Family::V6]);
    }

    #[test]
    fn insertion_goes_to_the_head() {
        let document = one("*filter\n-A INPUT\n-I INPUT -j DROP\n-I INPUT 2 -j LOG\nCOMMIT\n");
        assert_eq!(lines(&document, TableName::Filter, "INPUT"), [3, 4, 2]);
    }

    #[test]
    fn prose_is_counted_not_listed_without_end() {
        let text = "some words\n".repeat(100);
        let (documents, diagnostics) = scan(&text, None);
        assert!(documents.is_empty());
        assert_eq!(diagnostics.iter().map(Diagnostic::code).collect::<Vec<_>>(), [Code::UnknownLine, Code::NoRules]);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-A:*#C\\[\\\\ \n\"xINPUT]*") {
            let _ = scan(&text, None);
        }
    }
}
