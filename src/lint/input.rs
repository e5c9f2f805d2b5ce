//! What a lint may look at: one family's rules, the text they stand in, and what is known beside them.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use crate::analyze::{Dead, dead};
use crate::diagnostic::{Code, Diagnostic};
use crate::kube::{self, Role, ServiceName};
use crate::ruleset::{ChainGraph, ChainId, Rule, RuleId, Ruleset, TableId};
use crate::save::{Family, Hook, TableName};
use crate::source::{Source, Span};

use super::facts::Facts;
use super::meta::Profile;
use super::mode::Mode;
use super::owner::Owner;

/// The input of a run of lints.
#[derive(Debug)]
pub struct Input<'a, 't> {
    /// The rules. Rules, chains and tables are asked for here.
    pub ruleset: &'a Ruleset<'t>,
    /// The text that every span points into, also those of the other rulesets.
    pub source: &'a Source,
    /// What the scan has told of the input, by the codes of `docs/diagnostics.md`, and what was told of its rules.
    pub problems: &'a [Diagnostic],
    /// What is known of the host.
    pub facts: &'a Facts,
    /// The rules of the other family, from the same input or `--v6`.
    pub other: OtherRuleset<'a, 't>,
    /// The rules of `--legacy`; [`Input::legacy`] also knows those that stand in the same input.
    pub legacy_file: OtherRuleset<'a, 't>,
    /// Part of a dump: what is not here may exist all the same.
    pub fragment: bool,
    /// Which findings are wanted. A lint asks only where what it looks for depends on it.
    pub profile: Profile,
    pub(super) known: Known,
}

/// Rules beside those that are looked at, if there are any.
pub type OtherRuleset<'a, 't> = Option<&'a Ruleset<'t>>;

/// What several lints ask for, once one has asked.
#[derive(Debug, Default)]
pub(super) struct Known {
    graphs: OnceLock<BTreeMap<TableId, ChainGraph>>,
    mode: OnceLock<Mode>,
    services: OnceLock<FxHashMap<ChainId, ServiceName>>,
    lines: OnceLock<Vec<u32>>,
    dead: OnceLock<Vec<Dead>>,
}

impl<'a, 't> Input<'a, 't> {
    /// An input of rules alone.
    pub fn new(ruleset: &'a Ruleset<'t>, source: &'a Source, facts: &'a Facts) -> Self {
        Self {
            ruleset,
            source,
            problems: &[],
            facts,
            other: None,
            legacy_file: None,
            fragment: ruleset.fragment,
            profile: Profile::Default,
            known: Known::default(),
        }
    }

    /// How Services come to be here.
    pub fn mode(&self) -> Mode {
        *self.known.mode.get_or_init(|| Mode::of(self.ruleset))
    }

    /// Is the table not in the input, or left out of it because nft has rules there? Then nothing is known of it.
    pub fn is_missing(&self, table: TableName) -> bool {
        self.ruleset.tables_named(table).next().is_none()
    }

    /// Where the rules of the legacy backend are that stand beside those of nft: `--legacy`, or the same input, whose tables
    /// of either backend have ids of their own.
    pub fn legacy(&self) -> OtherRuleset<'a, 't> {
        self.legacy_file.or(self.ruleset.is_mixed().then_some(self.ruleset))
    }

    /// Is what is wrong with the text itself told with this family? With the other it is not told again.
    pub fn tells_of_text(&self) -> bool {
        self.other.is_none() || self.ruleset.family == Family::V4
    }

    /// Has the scan told of such a problem?
    pub fn problems_of(&self, code: Code) -> impl Iterator<Item = &'a Diagnostic> {
        self.problems.iter().filter(move |problem| problem.code() == code)
    }
}

impl<'t> Input<'_, 't> {
    /// Every rule that no packet reaches and matches, in file order of the chains.
    pub fn dead(&self) -> &[Dead] {
        self.known.dead.get_or_init(|| dead(self.ruleset))
    }

    /// Every chain, in file order.
    pub fn chains(&self) -> impl Iterator<Item = ChainId> {
        self.ruleset.tables().flat_map(|table| self.ruleset.chains(table)).map(|(id, _)| id)
    }

    /// The chains of the tables called `table`.
    pub fn chains_of(&self, table: TableName) -> impl Iterator<Item = ChainId> {
        self.ruleset.tables_named(table).flat_map(|table| self.ruleset.chains(table)).map(|(id, _)| id)
    }

    /// The rules of a chain with their ids.
    pub fn rules(&self, chain: ChainId) -> impl Iterator<Item = (RuleId, &Rule<'t>)> {
        (0..).zip(self.ruleset.rules(chain)).map(move |(index, rule)| (RuleId { chain, index }, rule))
    }

    /// A rule, and those of the chains that it leads to.
    pub fn with_called<'i>(&'i self, (id, rule): (RuleId, &'i Rule<'t>)) -> Vec<(RuleId, &'i Rule<'t>)> {
        let called = rule.leads_to().zip(self.graph(id.chain.table)).map(|(to, graph)| graph.reach(to));
        let inner = called.into_iter().flatten().flat_map(|chain| self.rules(chain));
        std::iter::once((id, rule)).chain(inner).collect()
    }

    /// Every rule of the input, in file order of the chains.
    pub fn all_rules(&self) -> impl Iterator<Item = (RuleId, &Rule<'t>)> {
        self.chains().flat_map(|chain| self.rules(chain))
    }

    /// Who made a chain.
    pub fn owner(&self, chain: ChainId) -> Option<Owner> {
        Owner::of(self.ruleset.name(chain))
    }

    /// The part that a chain plays for kube-proxy; only chains of nat play one.
    pub fn role(&self, chain: ChainId) -> Option<Role<'t>> {
        Role::of(self.ruleset.name(chain)).filter(|_| chain.table.name == TableName::Nat)
    }

    /// The Service port that a chain belongs to, as the comments of its rules or of those that lead there say.
    pub fn service(&self, chain: ChainId) -> Option<&ServiceName> {
        self.known.services.get_or_init(|| services(self.ruleset)).get(&chain)
    }

    /// Who jumps where in a table.
    pub fn graph(&self, table: TableId) -> Option<&ChainGraph> {
        let all = || self.ruleset.tables().map(|table| (table, ChainGraph::new(self.ruleset, table))).collect();
        self.known.graphs.get_or_init(all).get(&table)
    }

    /// The chains that a packet can reach at a hook of a table, the built-in one first. Empty if there is no such chain.
    pub fn reached_from(&self, table: TableId, hook: Hook) -> Vec<ChainId> {
        let base = self.ruleset.base(table, hook);
        base.zip(self.graph(table)).map(|(base, graph)| graph.reach(base)).unwrap_or_default()
    }

    /// Can a packet reach the chain at this hook, directly or by way of other chains?
    pub fn is_reached_from(&self, chain: ChainId, hook: Hook) -> bool {
        self.hooks_of(chain).any(|reached| reached == hook)
    }

    /// Can a packet reach the chain at any hook?
    pub fn is_reached(&self, chain: ChainId) -> bool {
        self.hooks_of(chain).next().is_some()
    }

    /// The hooks at which a packet can reach the chain.
    pub fn hooks_of(&self, chain: ChainId) -> impl Iterator<Item = Hook> {
        self.graph(chain.table).into_iter().flat_map(move |graph| graph.hooks_of(chain))
    }

    /// Where a line of the whole source stands; empty if there is none.
    pub fn line_span(&self, line: u32) -> Span {
        let text = self.source.text();
        let starts = self.known.lines.get_or_init(|| line_starts(text));
        let at = |line: u32| starts.get(line as usize).map(|start| *start as usize);
        let Some(start) = line.checked_sub(1).and_then(at) else { return Span::default() };
        let end = at(line).unwrap_or(text.len());
        let len = text.get(start..end).map_or(0, |line| line.trim_ascii_end().len());
        Span::new(start, len)
    }

    /// The last line of the whole source.
    pub fn last_line(&self) -> u32 {
        self.line_of(Span { start: u32::MAX, len: 0 })
    }

    /// The line of the whole source that a span begins in.
    pub fn line_of(&self, span: Span) -> u32 {
        let starts = self.known.lines.get_or_init(|| line_starts(self.source.text()));
        u32::try_from(starts.partition_point(|start| *start <= span.start)).unwrap_or(u32::MAX)
    }

    /// Where a chain is declared, or else its first rule; `None` if it has neither.
    pub fn chain_line(&self, chain: ChainId) -> Option<u32> {
        let declared = self.ruleset.chain(chain).and_then(|chain| chain.line);
        declared.or_else(|| self.ruleset.rules(chain).first().map(|rule| rule.line))
    }

    /// A rule's words behind `-A CHAIN`, without counters.
    pub fn words(&self, rule: RuleId) -> String {
        let words = |rule: &Rule<'_>| rule.display(|id| self.ruleset.name(id)).to_string();
        self.ruleset.rule(rule).map(words).unwrap_or_default().trim_start().to_owned()
    }

    /// `iptables` or `ip6tables`, with the table where it is not filter: what a command begins with.
    pub fn command(&self, table: TableName) -> String {
        let program = if self.ruleset.family == Family::V6 { "ip6tables" } else { "iptables" };
        if table == TableName::Filter { program.to_owned() } else { format!("{program} -t {table}") }
    }
}

fn line_starts(text: &str) -> Vec<u32> {
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
    [0].into_iter().chain(ends).map(|start| u32::try_from(start).unwrap_or(u32::MAX)).collect()
}

/// The Service of each chain: as its own comments say, or as the way there does.
fn services(ruleset: &Ruleset<'_>) -> FxHashMap<ChainId, ServiceName> {
    let mut services = FxHashMap::default();
    for entry in kube::entries(ruleset) {
        if let (Some(chain), Some(service)) = (entry.chain, entry.service) {
            services.entry(chain).or_insert(service);
        }
    }
    let chains = ruleset.tables_named(TableName::Nat).flat_map(|table| ruleset.chains(table));
    for (id, chain) in chains.filter(|(_, chain)| Role::of(chain.name).is_some()) {
        let said = |rule: &Rule<'_>| rule.comments().find_map(kube::read_comment);
        let hashed = matches!(
            Role::of(chain.name),
            Some(Role::Cluster(_) | Role::Local(_) | Role::External(_) | Role::Endpoint(_))
        );
        if let Some((service, _)) = ruleset.rules(id).iter().find_map(said).filter(|_| hashed) {
            services.entry(id).or_insert(service);
        }
    }
    services
}
