//! The tokens of a listing's row, and its columns.

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

    /// The columns; what is left are the wordings of matches and target. The option column (`--`, `-f`) is the only one
    /// that is always there and looks like no other.
    pub(super) fn columns(&mut self) -> Option<Columns<'t>> {
        let is_option = |token: &&str| matches!(*token, "--" | "-f" | "!f" | "----");
        let option = self.tokens.iter().position(is_option).filter(|at| *at > 0)?;
        let before = self.tokens.get(..option - 1)?;
        let numbers = before.iter().filter(|token| token.starts_with(|c: char| c.is_ascii_digit())).count();
        let target = before.last().filter(|_| before.len() > numbers).copied().unwrap_or("");
        let protocol = *self.tokens.get(option - 1)?;
        self.at = option + 1;
        // pkts and bytes stand before the target exactly when the interfaces are listed.
        let verbose = numbers >= 2;
        Some(Columns {
            target,
            protocol,
            option: self.tokens.get(option)?,
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
