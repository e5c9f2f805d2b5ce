//! The tokens of a listing's row, and its columns.

use crate::number::Protocol;

/// The tokens of a row, read from the left.
pub(super) struct Tokens<'t> {
    tokens: Vec<&'t str>,
    at: usize,
}

/// The columns of a row. Interfaces are listed with `-v` only.
pub(super) struct Columns<'t> {
    pub(super) target: &'t str,
    pub(super) protocol: &'t str,
    pub(super) option: &'t str,
    pub(super) input: Option<&'t str>,
    pub(super) output: Option<&'t str>,
    pub(super) source: &'t str,
    pub(super) destination: &'t str,
}

impl<'t> Tokens<'t> {
    pub(super) fn new(row: &'t str) -> Self {
        Self { tokens: split(row), at: 0 }
    }

    /// The columns; what is left are the wordings of matches and target. Behind the numbers stand the target, which may be
    /// blank, the protocol, and the option column (`--`, `-f`), which is blank for IPv6.
    pub(super) fn columns(&mut self) -> Option<Columns<'t>> {
        let numbers = self.tokens.iter().take_while(|token| is_count(token)).count();
        let is_option = |at: usize| self.tokens.get(at).filter(|token| matches!(**token, "--" | "-f" | "!f" | "----"));
        let is_protocol = |at: usize| self.tokens.get(at).is_some_and(|token| is_protocol(token));
        // A protocol may be a number, and so be taken for a count.
        let protocol = (1..=numbers + 2)
            .find(|at| is_option(*at).is_some())
            .map(|option| option - 1)
            .or_else(|| [numbers + 1, numbers].into_iter().find(|at| is_protocol(*at)))?;
        let option = is_option(protocol + 1).copied();
        self.at = protocol + 1 + usize::from(option.is_some());
        // pkts and bytes stand before the target exactly when the interfaces are listed.
        let verbose = numbers.min(protocol) >= 2;
        Some(Columns {
            target: self.tokens.get(numbers..protocol).and_then(<[_]>::last).copied().unwrap_or(""),
            protocol: self.tokens.get(protocol)?,
            option: option.unwrap_or("--"),
            input: if verbose { Some(self.next()?) } else { None },
            output: if verbose { Some(self.next()?) } else { None },
            source: self.next()?,
            destination: self.next()?,
        })
    }

    pub(super) fn next(&mut self) -> Option<&'t str> {
        let token = self.tokens.get(self.at).copied();
        self.at += usize::from(token.is_some());
        token
    }

    /// Takes back the token that was read last.
    pub(super) fn back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// Goes past so many tokens.
    pub(super) fn pass(&mut self, length: usize) {
        self.at += length;
    }

    /// Goes past this token, if it is next.
    pub(super) fn skip(&mut self, token: &str) -> bool {
        let there = self.tokens.get(self.at) == Some(&token);
        self.at += usize::from(there);
        there
    }

    /// The wording `says`, if it stands here. Its first word may have a `!` glued on in front, its last word a value behind.
    pub(super) fn glued(&self, says: &str) -> Option<Glued<'t>> {
        let mut found = Glued { length: 0, not: false, value: None };
        for word in says.split_ascii_whitespace() {
            let mut token = *self.tokens.get(self.at + found.length)?;
            if found.length == 0
                && let Some(plain) = token.strip_prefix('!').filter(|_| !word.starts_with('!'))
            {
                found.not = true;
                token = plain;
            }
            found.length += 1;
            if token != word {
                found.value = Some(token.strip_prefix(word).filter(|_| word.ends_with([':', '=']))?);
            }
        }
        Some(found)
    }
}

/// `12`, `397M`: a rule's number, packets, bytes.
fn is_count(token: &str) -> bool {
    let digits = token.trim_end_matches(['K', 'M', 'G', 'T', 'P']);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_protocol(token: &str) -> bool {
    let name = token.strip_prefix('!').unwrap_or(token);
    name == "all" || name.parse::<Protocol>().is_ok()
}

/// A wording where it stands.
pub(super) struct Glued<'t> {
    /// How many tokens it takes.
    pub(super) length: usize,
    /// A `!` is glued to its first word.
    pub(super) not: bool,
    /// What is glued to its last.
    pub(super) value: Option<&'t str>,
}

/// Splits at blanks; a `/* comment */` and a `"prefix"` are one token each.
fn split(row: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = row.trim_ascii_start();
    while !rest.is_empty() {
        let closing = if rest.starts_with("/*") {
            "*/"
        } else if rest.starts_with('"') {
            "\""
        } else {
            ""
        };
        let end = if closing.is_empty() {
            rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len())
        } else {
            let inner = rest.get(closing.len()..).unwrap_or_default();
            inner.find(closing).map_or(rest.len(), |at| at + 2 * closing.len())
        };
        let (token, after) = rest.split_at_checked(end).unwrap_or((rest, ""));
        tokens.push(token);
        rest = after.trim_ascii_start();
    }
    tokens
}
