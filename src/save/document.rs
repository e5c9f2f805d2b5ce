//! What a scan leaves: which tables and chains a dump has and where each chain's rule lines stand.
//!
//! A rule line is only a position here. Its words are split when something first asks for its chain, so a dump of a
//! million lines costs little more than finding its line ends.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use smallvec::SmallVec;

use crate::source::Span;

use super::by_name::{ByName, Named};
use super::line::Edit;
use super::names::{Policy, TableName};

/// How many of the next chains are compared before a chain is looked up: those between have no rules.
const NEAR: usize = 3;

/// The address family of a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// `iptables`.
    V4,
    /// `ip6tables`.
    V6,
}

impl Family {
    /// The address with these bits.
    pub fn address(self, bits: u128) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(bits).unwrap_or(u32::MAX))),
            Self::V6 => IpAddr::V6(Ipv6Addr::from_bits(bits)),
        }
    }

    /// The family of an address.
    pub const fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(_) => Self::V4,
            IpAddr::V6(_) => Self::V6,
        }
    }
}

/// Which half of the kernel a dump was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Backend {
    /// `ip_tables`, by `iptables-legacy-save`.
    Legacy,
    /// `nf_tables`, by `iptables-nft-save`.
    Nft,
}

impl Backend {
    /// The backend as the names of the tools have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Nft => "nft",
        }
    }
}

/// One dump: the tables of one family on one backend.
#[derive(Debug, Clone, Default)]
pub struct Document<'t> {
    /// The text that every position refers to.
    pub text: &'t str,
    /// The family, where the text says it.
    pub family: Option<Family>,
    /// The backend, where the text says it.
    pub backend: Option<Backend>,
    /// It is part of a dump: some rules stood without a `*table` line, so that their table was inferred or given, or lines
    /// were left out.
    pub fragment: bool,
    /// Its lines were broken at the width of a terminal, in the middle of words.
    pub glued: bool,
    /// Where in the text it stands.
    pub(super) start: u32,
    pub(super) end: u32,
    /// In file order.
    pub tables: Vec<TableText<'t>>,
}

impl<'t> Document<'t> {
    /// The table called `name`, if the dump has it.
    pub fn table(&self, name: TableName) -> Option<&TableText<'t>> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The table called `name`, made if the dump does not have it yet.
    pub fn table_mut(&mut self, name: TableName) -> &mut TableText<'t> {
        let at = self.tables.iter().position(|table| table.name == name).unwrap_or_else(|| {
            self.tables.push(TableText::new(name));
            self.tables.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "found or pushed above")]
        &mut self.tables[at]
    }

    /// Is there anything in it?
    pub fn is_empty(&self) -> bool {
        self.tables.is_empty()
    }
}

/// A table as the dump has it.
#[derive(Debug, Clone)]
pub struct TableText<'t> {
    /// Which table.
    pub name: TableName,
    /// Its `*table` line, if it has one.
    pub(super) header: Option<Span>,
    /// In the order in which their names first occur.
    pub chains: Vec<ChainText<'t>>,
    /// The place of each chain in `chains`.
    pub(crate) by_name: ByName,
}

impl<'t> TableText<'t> {
    /// An empty table.
    pub fn new(name: TableName) -> Self {
        Self { name, header: None, chains: Vec::new(), by_name: ByName::default() }
    }

    /// The place of the chain called `name` in [`TableText::chains`].
    pub fn position(&self, name: &str) -> Option<u32> {
        self.by_name.find(&self.chains, name)
    }

    /// The place of the chain called `name`, which is added if it is new.
    pub fn position_or_add(&mut self, name: &'t str) -> u32 {
        let known = if self.by_name.is_surely_new(&self.chains, name) { None } else { self.position(name) };
        known.unwrap_or_else(|| {
            let position = u32::try_from(self.chains.len()).unwrap_or(u32::MAX);
            self.by_name.push(&self.chains, name);
            self.chains.push(ChainText { name, policy: None, line: None, rules: RulesAt::new() });
            position
        })
    }

    /// The same, where the chain most likely stands a little behind the one at `last`: a save has the rules of its chains in
    /// the order in which it declares them.
    pub(super) fn position_behind(&mut self, last: Option<u32>, name: &'t str) -> u32 {
        let from = last.map_or(0, |last| last + 1);
        let near = (from..).zip(self.chains.iter().skip(from as usize).take(NEAR));
        let found = near.filter(|(_, chain)| chain.name == name).map(|(position, _)| position).next();
        found.unwrap_or_else(|| self.position_or_add(name))
    }

    /// The chain called `name`, which is added if it is new.
    pub fn chain_mut(&mut self, name: &'t str) -> &mut ChainText<'t> {
        let at = self.position_or_add(name) as usize;
        #[expect(clippy::indexing_slicing, reason = "every position is one of `chains`")]
        &mut self.chains[at]
    }
}

impl<'t> TableText<'t> {
    /// Does what a line says that changes earlier ones. `false` if there is no such rule.
    pub(super) fn edit(&mut self, edit: Edit<'t>, rule: RuleAt, text: &str) -> bool {
        match edit {
            Edit::Insert { chain, .. } => self.chain_mut(chain).edit(edit, rule, text),
            Edit::Flush("") => self.chains.iter_mut().all(|chain| chain.edit(edit, rule, text)),
            Edit::Delete { chain, .. } | Edit::Replace { chain, .. } | Edit::Flush(chain) => {
                let position = self.position(chain).and_then(|position| usize::try_from(position).ok());
                let chain = position.and_then(|position| self.chains.get_mut(position));
                chain.is_some_and(|chain| chain.edit(edit, rule, text))
            }
            // A chain that can be removed is empty, and an empty chain does nothing.
            Edit::Remove(_) | Edit::Zero => true,
        }
    }
}

/// A chain as the dump has it.
#[derive(Debug, Clone)]
pub struct ChainText<'t> {
    /// Its name, at most 28 bytes in what Linux prints.
    pub name: &'t str,
    /// What a built-in chain does at its end, where the dump says it.
    pub policy: Option<Policy>,
    /// The line that declares it (`:NAME`, `-P NAME`, `-N NAME`, `Chain NAME`), if it has one.
    pub line: Option<u32>,
    /// Its rule lines, in the order in which they apply.
    pub rules: RulesAt,
}

impl<'t> Named<'t> for ChainText<'t> {
    fn name(&self) -> &'t str {
        self.name
    }
}

impl ChainText<'_> {
    /// Notes a declaration; a policy once seen stays.
    pub(super) fn declare(&mut self, policy: Option<Policy>, line: u32) {
        self.line = Some(line);
        self.policy = policy.or(self.policy);
    }

    /// The place of the rule with these words behind `-A CHAIN`.
    fn position_of(&self, words: &str, text: &str) -> Option<usize> {
        // The first comparison is cheap, and there may be many rules.
        let is_this = |line: &str| line.trim_ascii_end().ends_with(words) && behind_chain(line) == Some(words);
        self.rules.iter().position(|rule| is_this(rule.text(text)))
    }

    /// Inserts, deletes or replaces a rule, or empties the chain. `false` if there is no such rule.
    fn edit(&mut self, edit: Edit<'_>, rule: RuleAt, text: &str) -> bool {
        let deleted = match edit {
            Edit::Insert { place, .. } => {
                self.rules.insert(place.min(self.rules.len()), rule);
                return true;
            }
            Edit::Delete { what, .. } => match what.parse::<usize>() {
                Ok(number) => number.checked_sub(1),
                Err(_) => self.position_of(what.trim_ascii(), text),
            },
            Edit::Replace { place, .. } => {
                let replaced = self.rules.get_mut(place).map(|old| *old = rule);
                return replaced.is_some();
            }
            Edit::Flush(_) => {
                self.rules.clear();
                return true;
            }
            Edit::Remove(_) | Edit::Zero => return true,
        };
        deleted.filter(|place| *place < self.rules.len()).map(|place| self.rules.remove(place)).is_some()
    }
}

/// Where the rule lines of a chain stand. Most chains are those of endpoints, which have two.
pub type RulesAt = SmallVec<[RuleAt; 2]>;

/// Where a rule line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleAt {
    /// Offset of its first byte.
    pub start: u32,
    /// Its length in bytes, with the lines that it is wrapped onto, without the last line's end.
    pub len: u32,
    /// Its 1-based line.
    pub line: u32,
}

impl RuleAt {
    /// The line, with those that it is wrapped onto, without the line end.
    pub fn text(self, text: &str) -> &str {
        text.get(self.start as usize..self.span().end() as usize).unwrap_or_default()
    }

    /// Where it stands.
    pub const fn span(self) -> Span {
        Span { start: self.start, len: self.len }
    }
}

/// What a rule line says behind `-A CHAIN`.
fn behind_chain(line: &str) -> Option<&str> {
    let (_, rest) = line.split_once("-A ")?;
    Some(rest.trim_ascii_start().split_once([' ', '\t'])?.1.trim_ascii())
}

/// What a line that starts something of its own starts with.
const STARTS: [&[u8]; 5] = [b"-A ", b"*", b":", b"#", b"COMMIT"];

/// The length of the line that `rest` starts with, without its end, and with the lines it is wrapped onto, and how many these
/// are with itself: a line
/// whose last character is a backslash goes on in the next one, unless that one plainly starts something of its own.
pub(super) fn logical_line(rest: &str) -> (usize, u32) {
    let bytes = rest.as_bytes();
    let (mut end, mut lines) = (0, 1);
    loop {
        let tail = bytes.get(end..).unwrap_or_default();
        end += memchr::memchr(b'\n', tail).unwrap_or(tail.len());
        let line = bytes.get(..end).unwrap_or_default();
        if !line.trim_ascii_end().ends_with(b"\\") || line.trim_ascii_start().starts_with(b"#") {
            return (end, lines);
        }
        let next = bytes.get(end + 1..).unwrap_or_default();
        if next.is_empty() || STARTS.iter().any(|start| next.starts_with(start)) {
            return (end, lines);
        }
        end += 1;
        lines += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_at_its_end_carries_a_line_on() {
        assert_eq!(logical_line("-A X \\\n -j Y\n-A Z"), (12, 2));
        assert_eq!(logical_line("-A X -j y\\\n-A Z"), (10, 1));
        assert_eq!(logical_line("-A X"), (4, 1));
        assert_eq!(logical_line("-A X \\\n -m tcp \\\n -j Y"), (22, 3));
        assert_eq!(logical_line("# see \\\n-j Y"), (7, 1));
    }
}
