//! A dump as lists of words.

use std::collections::BTreeMap;

/// A dump.
#[derive(Debug, Default)]
pub(crate) struct Dump {
    pub(super) tables: BTreeMap<String, BTreeMap<String, Chain>>,
}

/// A chain.
#[derive(Debug, Default)]
pub(super) struct Chain {
    /// `ACCEPT`, `DROP`, or `-`.
    pub(super) policy: String,
    pub(super) rules: Vec<Rule>,
}

/// A rule: what stands in front, then match by match, then the target with its options.
#[derive(Debug, Default, Clone)]
pub(super) struct Rule {
    pub(super) header: Vec<Opt>,
    pub(super) matches: Vec<(String, Vec<Opt>)>,
    pub(super) target: Option<(String, Vec<Opt>)>,
    pub(super) goto: bool,
}

/// An option: inverted, name, values.
#[derive(Debug, Clone)]
pub(super) struct Opt {
    pub(super) not: bool,
    pub(super) name: String,
    pub(super) values: Vec<String>,
}

impl Opt {
    pub(super) fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

impl Dump {
    /// Reads what `iptables-save` prints.
    pub(crate) fn read(text: &str) -> Self {
        let mut dump = Self::default();
        let mut table = String::new();
        for line in text.lines() {
            if let Some(name) = line.strip_prefix('*') {
                name.clone_into(&mut table);
            } else if let Some(chain) = line.strip_prefix(':') {
                let mut words = chain.split(' ');
                let name = words.next().unwrap_or_default().to_owned();
                let chain = Chain { policy: words.next().unwrap_or("-").to_owned(), rules: Vec::new() };
                dump.tables.entry(table.clone()).or_default().insert(name, chain);
            } else if let Some(rule) = line.strip_prefix("-A ") {
                let mut words = words(rule);
                let name = words.remove(0);
                let chains = dump.tables.entry(table.clone()).or_default();
                chains.entry(name).or_default().rules.push(self::rule(words));
            }
        }
        dump
    }

    pub(super) fn chain(&self, table: &str, chain: &str) -> Option<&Chain> {
        self.tables.get(table)?.get(chain)
    }

    /// Is one of these words in a rule as a match or a target?
    pub(super) fn uses(&self, names: &[&str]) -> bool {
        let rules = self.tables.values().flat_map(BTreeMap::values).flat_map(|chain| &chain.rules);
        rules.into_iter().any(|rule| {
            let named = rule.matches.iter().chain(&rule.target).map(|(name, _)| name.as_str());
            named.into_iter().any(|name| names.contains(&name))
        })
    }
}

fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let mut word = String::new();
        match letter {
            ' ' => continue,
            '"' => {
                while let Some(letter) = letters.next().filter(|letter| *letter != '"') {
                    word.extend(if letter == '\\' { letters.next() } else { Some(letter) });
                }
            }
            letter => {
                word.push(letter);
                while let Some(letter) = letters.next_if(|letter| *letter != ' ') {
                    word.push(letter);
                }
            }
        }
        words.push(word);
    }
    words
}

fn rule(words: Vec<String>) -> Rule {
    let mut rule = Rule::default();
    let mut words = words.into_iter().peekable();
    let mut not = false;
    while let Some(word) = words.next() {
        match word.as_str() {
            "!" => not = true,
            "-m" => rule.matches.push((words.next().unwrap_or_default(), Vec::new())),
            "-j" | "-g" => {
                rule.goto = word == "-g";
                rule.target = Some((words.next().unwrap_or_default(), Vec::new()));
            }
            _ => {
                let mut values = Vec::new();
                while let Some(value) = words.next_if(|next| next != "!" && !next.starts_with('-')) {
                    values.push(value);
                }
                let option = Opt { not: std::mem::take(&mut not), name: word, values };
                match (&mut rule.target, rule.matches.last_mut()) {
                    (Some((_, options)), _) | (None, Some((_, options))) => options.push(option),
                    (None, None) => rule.header.push(option),
                }
            }
        }
    }
    rule
}
