//! Everything that one dump loads into the kernel.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustc_hash::FxHashMap;

use crate::diagnostic::{Code, Diagnostic, near};
use crate::extension::targets;
use crate::save::{Backend, Document, Family, Hook, Policy, TableName, TableText};

use super::build;
use super::chain::{Chain, Kind, Parsed};
use super::id::{ChainId, RuleId};
use super::rule::Rule;

/// How many problems of rules are kept; more are counted.
const KEPT: usize = 2000;
/// For how many unknown targets a name is looked for that may have been meant.
const GUESSES: usize = 20;

/// The tables of one family on one backend. Chains are indexed; their rules are read when they are first asked for.
#[derive(Debug)]
pub struct Ruleset<'t> {
    text: &'t str,
    /// The address family.
    pub family: Family,
    /// The backend; legacy where the dump does not say it.
    pub backend: Backend,
    /// Part of a dump: what it does not hold may exist all the same.
    pub fragment: bool,
    tables: Vec<Table<'t>>,
    tracks: OnceLock<bool>,
    /// How many problems its rules have had so far.
    problems: AtomicUsize,
}

#[derive(Debug)]
struct Table<'t> {
    name: TableName,
    chains: Vec<Chain<'t>>,
    by_name: FxHashMap<&'t str, u32>,
}

impl<'t> Ruleset<'t> {
    /// Takes over what a scan has found.
    pub fn new(document: Document<'t>) -> Self {
        Self {
            text: document.text,
            family: document.family.unwrap_or(Family::V4),
            backend: document.backend.unwrap_or(Backend::Legacy),
            fragment: document.fragment,
            tables: document.tables.into_iter().map(Table::new).collect(),
            tracks: OnceLock::new(),
            problems: AtomicUsize::new(0),
        }
    }

    fn table(&self, name: TableName) -> Option<&Table<'t>> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The tables it has, in file order.
    pub fn tables(&self) -> impl Iterator<Item = TableName> {
        self.tables.iter().map(|table| table.name)
    }

    /// The chains of a table, in file order.
    pub fn chains(&self, table: TableName) -> impl Iterator<Item = (ChainId, &Chain<'t>)> {
        let chains = self.table(table).map_or(&[] as &[_], |table| &table.chains);
        (0..).zip(chains).map(move |(index, chain)| (ChainId { table, index }, chain))
    }

    /// A chain by name.
    pub fn find(&self, table: TableName, name: &str) -> Option<ChainId> {
        let index = *self.table(table)?.by_name.get(name)?;
        Some(ChainId { table, index })
    }

    /// The built-in chain that a table has at a hook.
    pub fn base(&self, table: TableName, hook: Hook) -> Option<ChainId> {
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

    /// Reads the rules of every chain.
    pub fn read_all(&self) {
        let tables = self.tables.iter().map(|table| table.name);
        tables.flat_map(|table| self.chains(table)).for_each(|(chain, _)| {
            self.parsed(chain);
        });
    }

    /// A rule by id.
    pub fn rule(&self, id: RuleId) -> Option<&Rule<'t>> {
        self.rules(id.chain).get(id.index as usize)
    }

    /// Does a rule, of whatever chain, switch connection tracking on? Those of nat most likely do.
    pub fn tracks(&self) -> bool {
        let any =
            |table: &Table<'t>| self.chains(table.name).any(|(chain, _)| self.rules(chain).iter().any(Rule::tracks));
        let (nat, others): (Vec<_>, Vec<_>) = self.tables.iter().partition(|table| table.name == TableName::Nat);
        *self.tracks.get_or_init(|| nat.into_iter().chain(others).any(any))
    }

    /// Is there nothing in a table but built-in chains that accept?
    pub fn is_plain(&self, table: TableName) -> bool {
        let dropping = |chain: &Chain<'_>| matches!(chain.kind, Kind::Base { policy: Policy::Drop, .. });
        self.chains(table).all(|(_, chain)| chain.lines.is_empty() && !dropping(chain))
    }

    fn parsed(&self, id: ChainId) -> Option<&Parsed<'t>> {
        let chain = self.chain(id)?;
        Some(chain.rules.get_or_init(|| {
            let mut parsed = Parsed::default();
            for at in &chain.lines {
                let (rules, problem) = build::rules(self, id.table, chain.name, self.text, *at);
                parsed.rules.extend(rules);
                parsed.diagnostics.extend(problem.filter(|_| self.problems.fetch_add(1, Ordering::Relaxed) < KEPT));
            }
            parsed
        }))
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
            found.into_iter().map(|(problem, table)| self.guess(problem, table, &mut guesses)).collect();
        let more = self.problems.load(Ordering::Relaxed).saturating_sub(KEPT);
        if more > 0 {
            all.push(Diagnostic::new(Code::BadRule, format!("{more} more rules have problems such as these")));
        }
        all
    }

    /// Which chain or target was meant by a name that is none. Looking through all of them takes time, so only the first
    /// few are looked for.
    fn guess(&self, problem: Diagnostic, table: &Table<'_>, guesses: &mut usize) -> Diagnostic {
        let (Code::UnknownTarget, Some(span)) = (problem.code(), problem.span()) else { return problem };
        if *guesses == 0 {
            return problem;
        }
        *guesses -= 1;
        let name = self.text.get(span.start as usize..span.end() as usize).unwrap_or_default();
        let chains = table.chains.iter().map(|chain| chain.name);
        match near(name, targets::ALL.iter().map(|spec| spec.name).chain(chains)) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem,
        }
    }
}

impl<'t> Table<'t> {
    fn new(text: TableText<'t>) -> Self {
        let name = text.name;
        let mut by_name = FxHashMap::with_capacity_and_hasher(text.chains.len(), rustc_hash::FxBuildHasher);
        let mut chains = Vec::with_capacity(text.chains.len());
        for (index, chain) in (0..).zip(text.chains) {
            by_name.insert(chain.name, index);
            let kind = match name.hook(chain.name) {
                Some(hook) => {
                    let policy = chain.policy.unwrap_or(Policy::Accept);
                    Kind::Base { hook, policy, line: chain.line }
                }
                None => Kind::User,
            };
            let declared = chain.line.is_some();
            chains.push(Chain { name: chain.name, kind, declared, lines: chain.rules, rules: OnceLock::new() });
        }
        Self { name, chains, by_name }
    }
}
