//! Where in the ruleset a line was written: by the number of a rule, by its words, or by the prefix of LOG.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::extension::targets::Target;
use crate::ruleset::{ChainId, Kind, Rule, RuleId, Ruleset, TableId, Then};
use crate::save::{Backend, Hook, TableName};

use super::record::{Met, Record, Told, What};
use super::words;

/// What the kernel keeps of a prefix, in bytes.
const KEPT: usize = 29;
/// The fewest letters by which a chain whose name is cut is known.
const LETTERS: usize = 5;
/// How many connections are searched for an unusual world, which takes time.
const SEARCHES: u32 = 256;
/// How many prefixes are remembered.
const REMEMBERED: usize = 1024;

/// Where a line was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spot {
    /// By or at one of these rules.
    Rules(Vec<RuleId>),
    /// At the policy of this chain, or of its like in the other backend.
    Policy(Vec<ChainId>),
    /// At the end of a chain.
    End(Vec<ChainId>),
    /// In a chain, by a rule that the dump does not have.
    In(Named),
    /// In a built-in chain that the dump does not have, where everything passes.
    Passed(Option<TableName>, Hook),
    /// By a rule or in a chain that the dump does not have.
    Missing(Missing),
    /// By a rule that the dump does not have and whose prefix names no place.
    Unknown,
}

/// A chain, as a prefix names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The table, if it is named.
    pub table: Option<TableName>,
    /// The name.
    pub name: Box<str>,
    /// The name may go on.
    pub cut: bool,
}

impl Named {
    /// Is it this chain?
    pub(super) fn is(&self, ruleset: &Ruleset<'_>, chain: ChainId) -> bool {
        let name = ruleset.name(chain);
        let named = if self.cut { name.starts_with(&*self.name) } else { name == &*self.name };
        named && self.table.is_none_or(|table| table == chain.table.name)
    }
}

/// What the dump does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// The chain.
    Chain,
    /// The rule, in a chain that is there.
    Rule,
}

/// A ruleset, made ready to look up lines.
#[derive(Debug)]
pub struct Chart<'r, 't> {
    pub(super) ruleset: &'r Ruleset<'t>,
    by_prefix: FxHashMap<Box<str>, Vec<RuleId>>,
    known: RefCell<FxHashMap<Told, Rc<Spot>>>,
    /// How many connections that fit no usual world may still be searched for one that is unusual.
    searches: Cell<u32>,
}

impl<'r, 't> Chart<'r, 't> {
    /// Reads every chain for its LOG rules.
    pub fn new(ruleset: &'r Ruleset<'t>) -> Self {
        ruleset.read_all();
        let mut by_prefix: FxHashMap<Box<str>, Vec<RuleId>> = FxHashMap::default();
        for (chain, _) in ruleset.tables().flat_map(|table| ruleset.chains(table)) {
            for (index, rule) in (0..).zip(ruleset.rules(chain)) {
                if let Some(prefix) = prefix(rule) {
                    by_prefix.entry(kept(prefix).into()).or_default().push(RuleId { chain, index });
                }
            }
        }
        Self { ruleset, by_prefix, known: RefCell::default(), searches: Cell::new(SEARCHES) }
    }

    /// May another connection be searched for an unusual world?
    pub(super) fn may_search(&self) -> bool {
        let left = self.searches.get();
        self.searches.set(left.saturating_sub(1));
        left > 0
    }

    /// Where a line was written.
    pub fn spot(&self, record: &Record) -> Rc<Spot> {
        let Some(told) = &record.told else { return Rc::new(Spot::Unknown) };
        if let Some(known) = self.known.borrow().get(told) {
            return Rc::clone(known);
        }
        let spot = Rc::new(match told {
            Told::Prefix(prefix) => self.of_prefix(prefix),
            Told::Met(met) => self.of_met(met),
        });
        let mut known = self.known.borrow_mut();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(told.clone(), Rc::clone(&spot));
        spot
    }

    /// The hook of a line, where its place tells.
    pub fn hook(&self, spot: &Spot) -> Option<Hook> {
        let chain = match spot {
            Spot::Passed(_, hook) => return Some(*hook),
            Spot::In(named) => return Hook::ALL.into_iter().find(|hook| hook.as_str() == &*named.name),
            Spot::Rules(rules) => rules.first()?.chain,
            Spot::Policy(chains) | Spot::End(chains) => *chains.first()?,
            Spot::Missing(_) | Spot::Unknown => return None,
        };
        match self.ruleset.chain(chain)?.kind {
            Kind::Base { hook, .. } => Some(hook),
            Kind::User => None,
        }
    }

    /// The LOG rules of this prefix; without them, the chain that its words name.
    fn of_prefix(&self, prefix: &str) -> Spot {
        let rest = prefix.match_indices(' ').filter_map(|(at, _)| prefix.get(at + 1..)).take(2);
        // A logger that names no kernel leaves its host before the prefix.
        for prefix in std::iter::once(prefix).chain(rest) {
            if let Some(rules) = self.by_prefix.get(kept(prefix)) {
                return Spot::Rules(rules.clone());
            }
        }
        let words = prefix.split(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.')));
        let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
        let table = words.iter().find_map(|word| TableName::named(&word.to_ascii_lowercase()));
        let whole = |word: &&&str| self.chains_of(table).any(|name| name == **word);
        let hook = |word: &&str| Hook::ALL.into_iter().find(|hook| hook.as_str().eq_ignore_ascii_case(word));
        let cut = |word: &&&str| word.len() >= LETTERS && self.chains_of(table).any(|name| name.starts_with(**word));
        let named = |name: &str, cut| Spot::In(Named { table, name: name.into(), cut });
        if let Some(name) = words.iter().find(whole) {
            return named(name, false);
        }
        if let Some(name) = words.iter().rev().find(cut) {
            return named(name, true);
        }
        match words.iter().find_map(hook) {
            Some(hook) if self.has(table, hook) => named(hook.as_str(), false),
            Some(hook) => Spot::Passed(table, hook),
            None => Spot::Unknown,
        }
    }

    fn has(&self, table: Option<TableName>, hook: Hook) -> bool {
        self.chains_of(table).any(|name| name == hook.as_str())
    }

    /// The names of the chains of a table, or of all.
    fn chains_of(&self, table: Option<TableName>) -> impl Iterator<Item = &'t str> {
        let tables = self.ruleset.tables().filter(move |there| table.is_none_or(|table| there.name == table));
        tables.flat_map(|table| self.ruleset.chains(table)).map(|(_, chain)| chain.name)
    }

    fn of_met(&self, met: &Met) -> Spot {
        let Some(table) = TableName::named(&met.table) else { return Spot::Missing(Missing::Chain) };
        // Only the legacy backend tells numbers.
        let backend = if matches!(met.what, What::Number(_) | What::End(_)) { Backend::Legacy } else { Backend::Nft };
        let of_backend = |table: &TableId| !self.ruleset.is_mixed() || table.backend == backend;
        let tables = self.ruleset.tables_named(table).filter(of_backend);
        let chains: Vec<ChainId> = tables.filter_map(|table| self.ruleset.find(table, &met.chain)).collect();
        if chains.is_empty() {
            return table
                .hook(&met.chain)
                .map_or(Spot::Missing(Missing::Chain), |hook| Spot::Passed(Some(table), hook));
        }
        match &met.what {
            What::Number(number) => self.numbered(&chains, *number, false),
            What::End(number) => self.numbered(&chains, *number, true),
            What::Rule(words) => {
                let rules: Vec<RuleId> =
                    chains.iter().flat_map(|chain| words::meant(self.ruleset, *chain, words)).collect();
                if rules.is_empty() { Spot::Missing(Missing::Rule) } else { Spot::Rules(rules) }
            }
            What::Return => Spot::End(chains),
            What::Policy => Spot::Policy(chains),
        }
    }

    /// The number after the last rule is the end of a chain.
    fn numbered(&self, chains: &[ChainId], number: u32, ends: bool) -> Spot {
        let Some(chain) = chains.first().copied() else { return Spot::Missing(Missing::Chain) };
        let rules = u32::try_from(self.ruleset.rules(chain).len()).unwrap_or(u32::MAX);
        let is_base = self.ruleset.chain(chain).is_some_and(|chain| matches!(chain.kind, Kind::Base { .. }));
        match number.checked_sub(1) {
            Some(index) if index < rules => Spot::Rules(vec![RuleId { chain, index }]),
            Some(index) if index > rules || !ends => Spot::Missing(Missing::Rule),
            _ if is_base => Spot::Policy(vec![chain]),
            _ => Spot::End(vec![chain]),
        }
    }
}

/// What a rule writes before a packet, if it writes.
fn prefix<'r>(rule: &'r Rule<'_>) -> Option<&'r str> {
    match &rule.then {
        Then::Target(Target::Log(log)) => Some(log.prefix.as_deref().unwrap_or_default()),
        _ => None,
    }
}

/// What the kernel keeps of a prefix, without blanks at its ends.
fn kept(prefix: &str) -> &str {
    let mut end = prefix.len().min(KEPT);
    while !prefix.is_char_boundary(end) {
        end -= 1;
    }
    prefix.get(..end).unwrap_or_default().trim()
}
