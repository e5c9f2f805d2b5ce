//! Finds the tables, chains and rule lines of a dump in one pass over its lines.
//!
//! Three forms are told apart line by line: `iptables-save` (`*nat`, `:CHAIN`, `-A`, `COMMIT`), `iptables -S` (`-P`,
//! `-N`, `-A`, no table) and `iptables -L` (`Chain NAME (...)`, then rows). Lines whose table is not said go to
//! [`super::fragment`].

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

use super::document::{Backend, Document, Family, RuleAt, logical_line};
use super::fragment::{self, Loose};
use super::names::{Policy, TableName};

/// How many unknown lines are reported one by one.
const REPORTED: usize = 20;

/// Reads `text` into the dumps it holds, usually one. `table` is the table of lines that stand in none.
pub fn scan(text: &str, table: Option<TableName>) -> (Vec<Document<'_>>, Vec<Diagnostic>) {
    let mut scan = Scan::new(text);
    let mut start = 0;
    let mut line = 1;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let length = logical_line(rest);
        let whole = rest.get(..length).unwrap_or(rest);
        scan.line(whole, RuleAt { start: narrow(start), line });
        line += 1 + wrapped(whole);
        start += length + 1;
    }
    scan.finish(table)
}

fn wrapped(line: &str) -> u32 {
    if line.contains('\\') { narrow(line.matches('\n').count()) } else { 0 }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

struct Scan<'t> {
    done: Vec<Document<'t>>,
    document: Document<'t>,
    place: Place<'t>,
    /// Lines of `document` that stand in no table.
    loose: Vec<Loose<'t>>,
    diagnostics: Vec<Diagnostic>,
    unknown: usize,
}

/// What the lines so far have opened.
#[derive(Clone, Copy)]
enum Place<'t> {
    /// No table: a fragment, or what stands between tables.
    Outside,
    /// A `*table` line; `chain` is that of the last rule, which the next one most often shares.
    Table { index: usize, header: Span, chain: Option<(&'t str, u32)> },
    /// A `*table` line that is not a table's name.
    Nowhere,
    /// A `Chain NAME` line of a listing.
    Listing(&'t str),
}

impl<'t> Scan<'t> {
    fn new(text: &'t str) -> Self {
        Self {
            done: Vec::new(),
            document: Document { text, ..Document::default() },
            place: Place::Outside,
            loose: Vec::new(),
            diagnostics: Vec::new(),
            unknown: 0,
        }
    }

    fn line(&mut self, whole: &'t str, at: RuleAt) {
        let line = whole.trim_ascii();
        match line.as_bytes() {
            [] => self.blank(),
            [b'-', ..] => self.command(line, at),
            [b'[', ..] => self.counted(line, at),
            [b':', ..] => self.chain(line, at),
            [b'*', ..] => self.table(line, at),
            [b'#', ..] => self.comment(line),
            b"COMMIT" => self.place = Place::Outside,
            [b'C', ..] if line.starts_with("Chain ") => self.listed_chain(line, at),
            _ => self.other(line, at),
        }
    }

    fn blank(&mut self) {
        if matches!(self.place, Place::Listing(_)) {
            self.place = Place::Outside;
        }
    }

    /// `-A CHAIN ...` and the other commands that a dump or a restore file may hold.
    fn command(&mut self, line: &'t str, at: RuleAt) {
        let (command, rest) = line.split_once([' ', '\t']).unwrap_or((line, ""));
        let rest = rest.trim_ascii_start();
        let (chain, rest) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
        match command {
            _ if !is_chain_name(chain) => self.unknown(line, at),
            "-A" | "--append" => self.rule(chain, at, None),
            "-I" | "--insert" => self.rule(chain, at, Some(insert_position(rest))),
            "-N" | "--new-chain" => self.declare(chain, None, at),
            "-P" | "--policy" => match rest.split_ascii_whitespace().next().and_then(Policy::named) {
                Some(policy) => self.declare(chain, Some(policy), at),
                None => self.unknown(line, at),
            },
            "-F" | "-X" | "-Z" | "--flush" | "--delete-chain" | "--zero" => {}
            _ => self.unknown(line, at),
        }
    }

    /// `[packets:bytes] -A ...`
    fn counted(&mut self, line: &'t str, at: RuleAt) {
        match line.split_once(']') {
            Some((_, rest)) if rest.trim_ascii_start().starts_with('-') => self.command(rest.trim_ascii_start(), at),
            _ => self.unknown(line, at),
        }
    }

    /// `:CHAIN POLICY [packets:bytes]`
    fn chain(&mut self, line: &'t str, at: RuleAt) {
        let mut words = line.trim_start_matches(':').split_ascii_whitespace();
        match (words.next().filter(|name| is_chain_name(name)), words.next()) {
            (Some(chain), Some("-")) => self.declare(chain, None, at),
            (Some(chain), Some(policy)) if Policy::named(policy).is_some() => {
                self.declare(chain, Policy::named(policy), at);
            }
            _ => self.unknown(line, at),
        }
    }

    /// `*table`
    fn table(&mut self, line: &'t str, at: RuleAt) {
        let name = line.trim_start_matches('*').trim_ascii();
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return self.unknown(line, at);
        }
        self.check_committed();
        let header = Span::new(at.start as usize, line.len());
        let Some(table) = TableName::named(name) else {
            self.place = Place::Nowhere;
            self.diagnostics.push(
                Diagnostic::new(Code::UnknownTable, format!("`{name}` is not a table"))
                    .at(header, "its rules are left out")
                    .help("the tables are raw, mangle, nat, filter and security"),
            );
            return;
        };
        if let Some(index) = self.document.tables.iter().position(|earlier| earlier.name == table) {
            self.document.tables.remove(index);
            self.diagnostics.push(
                Diagnostic::new(Code::RepeatedTable, format!("table `{table}` stands here a second time"))
                    .at(header, "this one replaces the first, as `iptables-restore` does it")
                    .help("if these are two dumps, give each as a file of its own"),
            );
        }
        self.document.table_mut(table);
        self.place = Place::Table { index: self.document.tables.len() - 1, header, chain: None };
    }

    /// `# Generated by ...` tells family and backend; a command line in a transcript tells the table.
    fn comment(&mut self, line: &'t str) {
        if let Some(program) = line.trim_start_matches('#').trim_ascii_start().strip_prefix("Generated by ") {
            self.generated_by(program);
        } else {
            self.transcript(line);
        }
    }

    fn generated_by(&mut self, program: &str) {
        let family = if program.starts_with("ip6") { Family::V6 } else { Family::V4 };
        let nft = program.contains("nf_tables") || program.starts_with("xtables-save");
        let backend = if nft { Backend::Nft } else { Backend::Legacy };
        let (before, after) = ((self.document.family, self.document.backend), (Some(family), Some(backend)));
        if before != after && before != (None, None) {
            self.next_document();
        }
        (self.document.family, self.document.backend) = after;
    }

    /// `# iptables -t nat -S`, `root@node:~# iptables-save | grep x`
    fn transcript(&mut self, line: &str) {
        let mut words = line.split_ascii_whitespace();
        let is_command = words.any(|word| word.ends_with("iptables") || word.ends_with("ip6tables"));
        if is_command && matches!(self.place, Place::Outside | Place::Listing(_)) {
            let table = words.find(|word| matches!(*word, "-t" | "--table")).and_then(|_| words.next());
            let table = table.and_then(TableName::named);
            // Without `-t` the command means filter, unless it is a comment that only speaks of iptables.
            let listing = || line.contains(" -S") || line.contains(" -L") || line.contains(" --list");
            self.loose.push(Loose::Break(table.or_else(|| listing().then_some(TableName::Filter))));
            self.place = Place::Outside;
        }
    }

    /// `Chain NAME (policy ACCEPT 0 packets, 0 bytes)`, `Chain NAME (2 references)`
    fn listed_chain(&mut self, line: &'t str, at: RuleAt) {
        let mut words = line.split_ascii_whitespace().skip(1);
        let Some(chain) = words.next() else { return };
        let policy = words.next().filter(|word| *word == "(policy").and(words.next());
        self.check_committed();
        self.place = Place::Outside;
        self.declare(chain, policy.and_then(|policy| Policy::named(policy.trim_end_matches(')'))), at);
        self.place = Place::Listing(chain);
    }

    fn other(&mut self, line: &'t str, at: RuleAt) {
        if let Place::Listing(chain) = self.place {
            let header = line.starts_with("target ") || line.starts_with("pkts ") || line.starts_with("num ");
            if !header {
                self.loose.push(Loose::Rule { chain, at, first: None });
            }
        } else if line.contains("iptables") || line.contains("ip6tables") {
            self.transcript(line);
        } else {
            self.unknown(line, at);
        }
    }

    fn rule(&mut self, chain: &'t str, at: RuleAt, first: Option<usize>) {
        match self.place {
            Place::Table { index, header, chain: last } => {
                let Some(table) = self.document.tables.get_mut(index) else { return };
                let position = match last {
                    Some((name, position)) if name == chain => position,
                    _ => table.position_or_add(chain),
                };
                self.place = Place::Table { index, header, chain: Some((chain, position)) };
                if let Some(chain) = table.chains.get_mut(position as usize) {
                    chain.insert(at, first);
                }
            }
            Place::Outside | Place::Listing(_) => self.loose.push(Loose::Rule { chain, at, first }),
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

    fn unknown(&mut self, line: &str, at: RuleAt) {
        self.unknown += 1;
        if self.unknown <= REPORTED {
            let span = Span::new(at.start as usize, line.len());
            self.diagnostics.push(
                Diagnostic::new(Code::UnknownLine, "this line is not one that iptables prints")
                    .at(span, "left out")
                    .help("kpt reads the output of `iptables-save`, `iptables -S` and `iptables -L -n -v`"),
            );
        }
    }

    fn check_committed(&mut self) {
        if let Place::Table { header, .. } = self.place {
            self.diagnostics.push(
                Diagnostic::new(Code::Truncated, "this table has no `COMMIT`")
                    .at(header, "begins here and does not end")
                    .help("the dump may be cut; what is there is used"),
            );
        }
    }

    /// A second program's header: what follows is a dump of its own.
    fn next_document(&mut self) {
        fragment::place(&mut self.document, &std::mem::take(&mut self.loose), None);
        let next = Document { text: self.document.text, ..Document::default() };
        self.done.push(std::mem::replace(&mut self.document, next));
        self.place = Place::Outside;
    }

    fn finish(mut self, table: Option<TableName>) -> (Vec<Document<'t>>, Vec<Diagnostic>) {
        self.check_committed();
        fragment::place(&mut self.document, &self.loose, table);
        if let Some(more) = self.unknown.checked_sub(REPORTED).filter(|more| *more > 0) {
            let message = format!("{more} more lines are not ones that iptables prints");
            self.diagnostics.push(Diagnostic::new(Code::UnknownLine, message));
        }
        self.done.push(self.document);
        self.done.retain(|document| !document.is_empty());
        (self.done, self.diagnostics)
    }
}

/// Noise is not one: no control characters, and nothing that was not UTF-8.
fn is_chain_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER)
}

/// Where `-I CHAIN [N]` puts its rule, counted from 0.
fn insert_position(rest: &str) -> usize {
    let number = rest.split_ascii_whitespace().next().and_then(|word| word.parse::<usize>().ok());
    number.map_or(0, |number| number.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(diagnostics.len(), REPORTED + 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[-A:*#C\\[\\\\ \n\"xINPUT]*") {
            let _ = scan(&text, None);
        }
    }
}
