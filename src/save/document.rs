//! What a scan leaves: which tables and chains a dump has and where each chain's rule lines stand.
//!
//! A rule line is only a position here. Its words are split when something first asks for its chain, so a dump of a
//! million lines costs little more than finding its line ends.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rustc_hash::FxHashMap;

use super::names::{Policy, TableName};

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
    /// Some rules stood without a `*table` line, so their table was inferred or given.
    pub fragment: bool,
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
    /// In the order in which their names first occur.
    pub chains: Vec<ChainText<'t>>,
    by_name: FxHashMap<&'t str, u32>,
}

impl<'t> TableText<'t> {
    /// An empty table.
    pub fn new(name: TableName) -> Self {
        Self { name, chains: Vec::new(), by_name: FxHashMap::default() }
    }

    /// The place of the chain called `name` in [`TableText::chains`].
    pub fn position(&self, name: &str) -> Option<u32> {
        self.by_name.get(name).copied()
    }

    /// The place of the chain called `name`, which is added if it is new.
    pub fn position_or_add(&mut self, name: &'t str) -> u32 {
        *self.by_name.entry(name).or_insert_with(|| {
            let position = u32::try_from(self.chains.len()).unwrap_or(u32::MAX);
            self.chains.push(ChainText { name, policy: None, line: None, rules: Vec::new() });
            position
        })
    }

    /// The chain called `name`, which is added if it is new.
    pub fn chain_mut(&mut self, name: &'t str) -> &mut ChainText<'t> {
        let at = self.position_or_add(name) as usize;
        #[expect(clippy::indexing_slicing, reason = "every position in `by_name` is one of `chains`")]
        &mut self.chains[at]
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
    pub rules: Vec<RuleAt>,
}

impl ChainText<'_> {
    /// Notes a declaration; a policy once seen stays.
    pub(super) fn declare(&mut self, policy: Option<Policy>, line: u32) {
        self.line = Some(line);
        self.policy = policy.or(self.policy);
    }

    /// Adds a rule line: at its end, or before the rule at `first`.
    pub(super) fn insert(&mut self, rule: RuleAt, first: Option<usize>) {
        match first {
            Some(first) => self.rules.insert(first.min(self.rules.len()), rule),
            None => self.rules.push(rule),
        }
    }
}

/// Where a rule line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RuleAt {
    /// Offset of its first byte.
    pub start: u32,
    /// Its 1-based line.
    pub line: u32,
}

impl RuleAt {
    /// The line, with those that it is wrapped onto, without the line end.
    pub fn text(self, text: &str) -> &str {
        let rest = text.get(self.start as usize..).unwrap_or_default();
        rest.get(..logical_line(rest)).unwrap_or(rest)
    }
}

/// What a line that starts something of its own starts with.
const STARTS: [&[u8]; 5] = [b"-A ", b"*", b":", b"#", b"COMMIT"];

/// The length of the line that `rest` starts with, without its end, and with the lines it is wrapped onto: a line
/// whose last character is a backslash goes on in the next one, unless that one plainly starts something of its own.
pub(super) fn logical_line(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    loop {
        let tail = bytes.get(end..).unwrap_or_default();
        end += memchr::memchr(b'\n', tail).unwrap_or(tail.len());
        let line = bytes.get(..end).unwrap_or_default();
        if !line.trim_ascii_end().ends_with(b"\\") || line.trim_ascii_start().starts_with(b"#") {
            return end;
        }
        let next = bytes.get(end + 1..).unwrap_or_default();
        if next.is_empty() || STARTS.iter().any(|start| next.starts_with(start)) {
            return end;
        }
        end += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backslash_at_its_end_carries_a_line_on() {
        assert_eq!(logical_line("-A X \\\n -j Y\n-A Z"), 12);
        assert_eq!(logical_line("-A X -j y\\\n-A Z"), 10);
        assert_eq!(logical_line("-A X"), 4);
        assert_eq!(logical_line("-A X \\\n -m tcp \\\n -j Y"), 22);
        assert_eq!(logical_line("# see \\\n-j Y"), 7);
    }
}
