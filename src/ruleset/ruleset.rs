//! Everything that one dump loads into the kernel.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::diagnostic::Diagnostic;
use crate::save::{Backend, Document, Family, Hook, Policy, TableName, TableText};

use super::build;
use super::chain::{Chain, Kind, Parsed};
use super::id::{ChainId, RuleId};
use super::rule::Rule;

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
        let family = document.family.unwrap_or_else(|| guess_family(document.text));
        Self {
            text: document.text,
            family,
            backend: document.backend.unwrap_or(Backend::Legacy),
            fragment: document.fragment,
            tables: document.tables.into_iter().map(Table::new).collect(),
            tracks: OnceLock::new(),
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
                parsed.diagnostics.extend(problem);
            }
            parsed
        }))
    }

    /// What could not be read in the chains that were asked for so far.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        let chains = self.tables.iter().flat_map(|table| &table.chains);
        chains.filter_map(|chain| chain.rules.get()).flat_map(|parsed| &parsed.diagnostics)
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

/// IPv6 if the text holds what only ip6tables prints.
fn guess_family(text: &str) -> Family {
    const V6: [&str; 4] = ["/128 ", "icmp6", "ipv6-icmp", "::/0"];
    if V6.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some()) {
        Family::V6
    } else {
        Family::V4
    }
}
