//! Which lints are asked: codes, beginnings of codes and names, where the longest that fits wins.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diagnostic::near;

use super::meta::Lint;
use super::{ALL, named};

/// What every code begins with.
const KPT: &str = "KPT";

/// Some lints: those whose code begins so. One that is written as a name stands for its code.
///
/// ```
/// use kpt::lint::Selector;
/// let lb: Selector = "KPT2".parse().unwrap();
/// assert!(lb.covers("KPT202") && !lb.covers("KPT501"));
/// assert_eq!("lb-uneven-weights".parse::<Selector>().unwrap().to_string(), "KPT202");
/// assert!("KPT999".parse::<Selector>().is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Selector(String);

impl Selector {
    /// Every lint.
    pub fn all() -> Self {
        Self(KPT.to_owned())
    }

    /// Is the lint with this code one of them?
    pub fn covers(&self, code: &str) -> bool {
        code.starts_with(&self.0)
    }
}

impl FromStr for Selector {
    type Err = String;

    /// Reads a code, the beginning of one, a name, or `ALL`. The error says what may have been meant.
    fn from_str(text: &str) -> Result<Self, String> {
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::all());
        }
        if let Some(lint) = named(text) {
            return Ok(Self(lint.code.to_owned()));
        }
        let prefix = text.to_ascii_uppercase();
        if prefix.starts_with(KPT) && ALL.iter().any(|lint| lint.code.starts_with(&prefix)) {
            return Ok(Self(prefix));
        }
        let known = ALL.iter().flat_map(|lint| [lint.code, lint.name]);
        Err(match near(text, known) {
            Some(meant) => format!("there is no lint `{text}`; did you mean `{meant}`?"),
            None => format!("there is no lint `{text}`; `kpt lint --list-rules` lists them"),
        })
    }
}

impl TryFrom<String> for Selector {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Selector> for String {
    fn from(selector: Selector) -> Self {
        selector.0
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which lints are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Those that are; every one if it is empty.
    pub select: Vec<Selector>,
    /// Those that are besides.
    pub extend: Vec<Selector>,
    /// Those that are not.
    pub ignore: Vec<Selector>,
}

impl Selection {
    /// Is the lint with this code asked? The longest beginning decides; between equals, what is ignored is.
    pub fn has(&self, code: &str) -> bool {
        let longest = |selectors: &[Selector]| {
            selectors.iter().filter(|selector| selector.covers(code)).map(|selector| selector.0.len()).max()
        };
        let everything = self.select.is_empty().then_some(0);
        let asked = everything.max(longest(&self.select)).max(longest(&self.extend));
        asked.is_some() && asked > longest(&self.ignore)
    }

    /// The lints that are asked, in the order of their codes.
    pub fn lints(&self) -> Vec<&'static Lint> {
        ALL.iter().copied().filter(|lint| self.has(lint.code)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selectors(words: &str) -> Vec<Selector> {
        words.split_whitespace().map(|word| word.parse().unwrap()).collect()
    }

    #[test]
    fn the_longest_beginning_decides() {
        let selection =
            Selection { select: selectors("KPT2"), extend: selectors("KPT5"), ignore: selectors("lb-uneven-weights") };
        let asked = |code| selection.has(code);
        assert_eq!(["KPT201", "KPT202", "KPT501", "KPT601"].map(asked), [true, false, true, false]);
        let selection =
            Selection { ignore: selectors("KPT2 KPT5"), extend: selectors("KPT201"), ..Selection::default() };
        let asked = |code| selection.has(code);
        assert_eq!(["KPT201", "KPT202", "KPT501", "KPT601"].map(asked), [true, false, false, true]);
        assert!(!Selection { ignore: selectors("ALL"), ..Selection::default() }.has("KPT201"));
    }
}
