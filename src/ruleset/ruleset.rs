//! Everything that the dumps of one family load into the kernel.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic, near};
use crate::extension::targets;
use crate::save::{Backend, ByName, Document, Family, Hook, Policy, RuleAt, TableName, TableText};

use super::build;
use super::chain::{Chain, Kind, Parsed};
use super::id::{ChainId, RuleId, TableId};
use super::index::{Destination, Index};
use super::rule::Rule;

/// How many problems of rules are kept; more are counted.
const KEPT: usize = 2000;
/// How many chains are read by one thread before it looks for others.
const CHAINS_AT_ONCE: usize = 64;
/// How many lines of a chain are read by one thread before others help.
const LINES_AT_ONCE: usize = 4096;
/// For how many unknown targets a name is looked for that may have been meant.
const GUESSES: usize = 20;

/// The tables of one family, on one backend or on both. Chains are indexed; their rules are read when they are first asked
/// for.
#[derive(Debug)]
pub struct Ruleset<'t> {
    /// The address family.
    pub family: Family,
    /// Part of a dump: what it does not hold may exist all the same.
    pub fragment: bool,
    /// Lines were broken in the middle of words.
    pub(super) glued: bool,
    tables: Vec<Table<'t>>,
    tracks: OnceLock<bool>,
    /// How many problems its rules have had so far.
    problems: AtomicUsize,
}

#[derive(Debug)]
struct Table<'t> {
    id: TableId,
    text: &'t str,
    chains: Vec<Chain<'t>>,
    by_name: ByName,
}

impl<'t> Ruleset<'t> {
    /// Takes over what a scan has found.
    pub fn new(document: Document<'t>) -> Self {
        Self::merged(vec![document])
    }

    /// Takes over every document of one family. Where one does not say its backend it is that of those that do, otherwise
    /// legacy. A table that a backend has twice is as the later document has it.
    pub fn merged(documents: Vec<Document<'t>>) -> Self {
        let usual = documents.iter().find_map(|document| document.backend).unwrap_or(Backend::Legacy);
        let mut ruleset = Self {
            family: documents.first().and_then(|document| document.family).unwrap_or(Family::V4),
            fragment: documents.iter().any(|document| document.fragment),
            glued: documents.iter().any(|document| document.glued),
            tables: Vec::new(),
            tracks: OnceLock::new(),
            problems: AtomicUsize::new(0),
        };
        for document in documents {
            let backend = document.backend.unwrap_or(usual);
            for table in document.tables {
                let table = Table::new(backend, document.text, table);
                ruleset.tables.retain(|earlier| earlier.id != table.id);
                ruleset.tables.push(table);
            }
        }
        ruleset
    }

    /// Are there tables of both backends?
    pub fn is_mixed(&self) -> bool {
        self.tables.windows(2).any(|pair| matches!(pair, [one, other] if one.id.backend != other.id.backend))
    }

    fn table(&self, id: TableId) -> Option<&Table<'t>> {
        self.tables.iter().find(|table| table.id == id)
    }

    /// The tables it has, in file order.
    pub fn tables(&self) -> impl Iterator<Item = TableId> {
        self.tables.iter().map(|table| table.id)
    }

    /// The tables of this name: one for each backend that has it.
    pub fn tables_named(&self, name: TableName) -> impl Iterator<Item = TableId> {
        self.tables().filter(move |table| table.name == name)
    }

    /// The chains of a table, in file order.
    pub fn chains(&self, table: TableId) -> impl Iterator<Item = (ChainId, &Chain<'t>)> {
        let chains = self.table(table).map_or(&[] as &[_], |table| &table.chains);
        (0..).zip(chains).map(move |(index, chain)| (ChainId { table, index }, chain))
    }

    /// A chain by name.
    pub fn find(&self, table: TableId, name: &str) -> Option<ChainId> {
        let Table { chains, by_name, .. } = self.table(table)?;
        Some(ChainId { table, index: by_name.find(chains, name)? })
    }

    /// The chains of this name that tables called `table` have: at most one for each backend.
    pub fn find_any(&self, table: TableName, name: &str) -> impl Iterator<Item = ChainId> {
        self.tables_named(table).filter_map(move |table| self.find(table, name))
    }

    /// The built-in chain that a table has at a hook.
    pub fn base(&self, table: TableId, hook: Hook) -> Option<ChainId> {
        self.find(table, hook.as_str())
    }

    /// A chain by id.
    pub fn chain(&self, id: ChainId) -> Option<&Chain<'t>> {
        self.table(id.table)?.chains.get(id.index as usize)
    }

    /// The name of a chain; empty if there is none.
    pub fn name(&self, id: ChainId) -> &'t str {
        self.chain(id).map_or("", |chain| chain.name)
    }

    /// The rules of a chain, in order.
    pub fn rules(&self, id: ChainId) -> &[Rule<'t>] {
        self.parsed(id).map_or(&[], |parsed| &parsed.rules)
    }

    /// The place from `from` on of the next rule of a chain that may match a packet to `destination`. Those between cannot.
    pub fn next_rule(&self, chain: ChainId, from: u32, destination: Destination) -> u32 {
        let Some(Parsed { rules, index: Some(index), .. }) = self.parsed(chain) else { return from };
        index.next(from, destination, u32::try_from(rules.len()).unwrap_or(u32::MAX))
    }

    /// The rules of a chain that may match a packet to `destination`, in order.
    pub fn rules_for(&self, chain: ChainId, destination: Destination) -> impl Iterator<Item = (RuleId, &Rule<'t>)> {
        let mut from = 0;
        std::iter::from_fn(move || {
            let id = RuleId { chain, index: self.next_rule(chain, from, destination) };
            from = id.number();
            self.rule(id).map(|rule| (id, rule))
        })
    }

    /// Reads the rules of every chain, several at the same time.
    pub fn read_all(&self) {
        for Table { id: table, chains, by_name, .. } in &self.tables {
            by_name.expect_many(chains);
            (0..chains.len()).into_par_iter().with_min_len(CHAINS_AT_ONCE).for_each(|index| {
                if let Ok(index) = u32::try_from(index) {
                    self.parsed(ChainId { table: *table, index });
                }
            });
        }
    }

    /// A rule by id.
    pub fn rule(&self, id: RuleId) -> Option<&Rule<'t>> {
        self.rules(id.chain).get(id.index as usize)
    }

    /// Does a rule, of whatever chain, switch connection tracking on? Those of nat most likely do.
    pub fn tracks(&self) -> bool {
        let any =
            |table: &Table<'t>| self.chains(table.id).any(|(chain, _)| self.rules(chain).iter().any(Rule::tracks));
        let (nat, others): (Vec<_>, Vec<_>) = self.tables.iter().partition(|table| table.id.name == TableName::Nat);
        *self.tracks.get_or_init(|| nat.into_iter().chain(others).any(any))
    }

    /// Is there nothing in the tables of this name but built-in chains that accept?
    pub fn is_plain(&self, table: TableName) -> bool {
        self.tables_named(table).flat_map(|table| self.chains(table)).all(|(_, chain)| chain.is_plain())
    }

    fn parsed(&self, id: ChainId) -> Option<&Parsed<'t>> {
        let Table { text, chains, .. } = self.table(id.table)?;
        let chain = chains.get(id.index as usize)?;
        Some(chain.rules.get_or_init(|| {
            let read = |lines: &[RuleAt]| self.read_lines(id.table, chain.name, text, lines);
            let mut parsed = in_pieces(&chain.lines, read);
            parsed.index = Index::of(&parsed.rules);
            Box::new(parsed)
        }))
    }

    fn read_lines(&self, table: TableId, chain: &'t str, text: &'t str, lines: &[RuleAt]) -> Parsed<'t> {
        let mut parsed = Parsed::default();
        for at in lines {
            let (rules, problem) = build::rules(self, table, chain, text, *at);
            parsed.rules.extend(rules);
            parsed.diagnostics.extend(problem.filter(|_| self.problems.fetch_add(1, Ordering::Relaxed) < KEPT));
        }
        parsed
    }

    /// What is wrong in the chains that were asked for so far, in the order of the text.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        for table in &self.tables {
            let of_chains = table.chains.iter().filter_map(|chain| chain.rules.get());
            found.extend(of_chains.flat_map(|parsed| &parsed.diagnostics).map(|problem| (problem.clone(), table)));
        }
        found.sort_by_key(|(problem, _)| problem.span());
        let mut guesses = GUESSES;
        let mut all: Vec<_> =
            found.into_iter().map(|(problem, table)| Self::guess(problem, table, &mut guesses)).collect();
        let more = self.problems.load(Ordering::Relaxed).saturating_sub(KEPT);
        if more > 0 {
            all.push(Diagnostic::new(Code::BadRule, format!("{more} more rules have problems such as these")));
        }
        all
    }

    /// Which chain or target was meant by a name that is none. Looking through all of them takes time, so only the first
    /// few are looked for.
    fn guess(problem: Diagnostic, table: &Table<'_>, guesses: &mut usize) -> Diagnostic {
        let (Code::UnknownTarget, Some(span)) = (problem.code(), problem.span()) else { return problem };
        if *guesses == 0 {
            return problem;
        }
        *guesses -= 1;
        let name = table.text.get(span.start as usize..span.end() as usize).unwrap_or_default();
        let chains = table.chains.iter().map(|chain| chain.name);
        match near(name, targets::ALL.iter().map(|spec| spec.name).chain(chains)) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem,
        }
    }
}

/// Reads the lines of a long chain on several threads. They are none of rayon's: while one of those waits it may be given other
/// work, which may ask for this very chain.
fn in_pieces<'t>(lines: &[RuleAt], read: impl Fn(&[RuleAt]) -> Parsed<'t> + Sync) -> Parsed<'t> {
    if lines.len() <= LINES_AT_ONCE {
        return read(lines);
    }
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let pieces = lines.chunks(lines.len().div_ceil(threads));
        let readers: Vec<_> = pieces.map(|piece| scope.spawn(|| read(piece))).collect();
        let parsed = readers.into_iter().map(|reader| reader.join().unwrap_or_else(|panic| resume_unwind(panic)));
        parsed.reduce(Parsed::and).unwrap_or_default()
    })
}

impl<'t> Table<'t> {
    fn new(backend: Backend, text: &'t str, table: TableText<'t>) -> Self {
        let id = TableId::new(backend, table.name);
        let chains = table.chains.into_iter().map(|chain| {
            let kind = match id.name.hook(chain.name) {
                Some(hook) => {
                    let policy = chain.policy.unwrap_or(Policy::Accept);
                    Kind::Base { hook, policy, line: chain.line }
                }
                None => Kind::User,
            };
            Chain { name: chain.name, kind, line: chain.line, lines: chain.rules, rules: OnceLock::new() }
        });
        Self { id, text, chains: chains.collect(), by_name: table.by_name }
    }
}

#[cfg(test)]
mod tests {
    use crate::save::scan;

    use super::*;

    const LEGACY: &str = "# Generated by iptables-save v1.8.9 on X\n";
    const NFT: &str = "# Generated by iptables-save v1.8.9 (nf_tables) on X\n";

    fn merged(text: &str) -> Ruleset<'_> {
        Ruleset::merged(scan(text, None).0)
    }

    /// The chains called X, by backend and how many rules they have.
    fn chains(text: &str) -> Vec<(Backend, usize)> {
        let ruleset = merged(text);
        let found = ruleset.find_any(TableName::Filter, "X").chain(ruleset.find_any(TableName::Nat, "X"));
        found.map(|chain| (chain.table.backend, ruleset.rules(chain).len())).collect()
    }

    #[test]
    fn each_backend_has_tables_of_its_own() {
        let text = format!("{LEGACY}*filter\n-A X -j Y\n-A X\n-A Y\nCOMMIT\n{NFT}*filter\n-A X -j DROP\nCOMMIT\n");
        assert!(merged(&text).is_mixed());
        assert_eq!(chains(&text), [(Backend::Legacy, 2), (Backend::Nft, 1)]);
        let ruleset = merged(&text);
        let jumps = |chain| ruleset.rules(chain).iter().filter_map(Rule::leads_to).collect::<Vec<_>>();
        let there = ruleset.find_any(TableName::Filter, "X").map(jumps).collect::<Vec<_>>();
        assert_eq!(there, [ruleset.find_any(TableName::Filter, "Y").collect(), vec![]]);
    }

    /// How many rules the chain X has in each table of documents of one backend.
    fn joined(texts: &[&str]) -> Vec<usize> {
        let ruleset = Ruleset::merged(texts.iter().flat_map(|text| scan(text, None).0).collect());
        assert!(!ruleset.is_mixed());
        ruleset.tables().map(|table| ruleset.find(table, "X").map_or(0, |x| ruleset.rules(x).len())).collect()
    }

    #[test]
    fn documents_of_one_backend_are_one_ruleset() {
        let nat = "*nat\n-A X\nCOMMIT\n";
        let filter = "*filter\n-A X\n-A X\nCOMMIT\n";
        assert_eq!(joined(&[nat, filter]), [1, 2]);
        assert_eq!(joined(&[filter, nat, "*filter\n-A X\nCOMMIT\n"]), [1, 1]);
    }

    #[test]
    fn a_document_without_a_header_is_of_the_backend_of_the_others() {
        let documents = [format!("{NFT}*nat\n-A X\nCOMMIT\n"), "*filter\n-A X\nCOMMIT\n".to_owned()];
        let ruleset = Ruleset::merged(documents.iter().flat_map(|text| scan(text, None).0).collect());
        assert!(ruleset.tables().all(|table| table.backend == Backend::Nft));
        assert_eq!(chains("*filter\n-A X\nCOMMIT\n"), [(Backend::Legacy, 1)]);
    }
}
