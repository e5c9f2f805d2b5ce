//! `[[lint.exception]]`: findings that somebody has looked at and does not want to be told of.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::save::TableName;

use super::findings::Found;
use super::select::Selector;

/// What is excepted. What is not said fits everything.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Exception {
    /// Of these lints.
    pub code: Selector,
    /// In this table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<String>,
    /// In chains of such names; `*` is any letters, `?` is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain: Option<String>,
    /// In chains of this program, as findings name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// At rules with such a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Why.
    pub reason: String,
    /// The last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<Day>,
}

/// A day, as `2027-01-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Day(pub Date);

impl TryFrom<String> for Day {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map(Self).map_err(|_| format!("`{text}` is not a day as in 2027-01-31"))
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.0.to_string()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Exception {
    /// Does it cover this finding?
    pub fn covers(&self, found: &Found) -> bool {
        let is = |wanted: Option<&String>, is: Option<&str>| wanted.is_none_or(|wanted| is == Some(wanted));
        let fits = |glob: Option<&String>, text: Option<&str>| {
            glob.is_none_or(|glob| text.is_some_and(|text| is_like(glob, text)))
        };
        self.code.covers(found.lint.code)
            && is(self.table.as_ref(), found.table.map(TableName::as_str))
            && is(self.owner.as_ref(), found.owner.map(super::Owner::as_str))
            && fits(self.chain.as_ref(), found.chain.as_deref())
            && self.comment.as_ref().is_none_or(|glob| found.comments.iter().any(|comment| is_like(glob, comment)))
    }

    /// Is its last day over?
    pub fn is_expired(&self, today: Date) -> bool {
        self.expires.is_some_and(|expires| expires.0 < today)
    }
}

impl fmt::Display for Exception {
    /// What it excepts, as the file says it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        let parts =
            [("table", &self.table), ("chain", &self.chain), ("owner", &self.owner), ("comment", &self.comment)];
        parts
            .iter()
            .filter_map(|(key, value)| Some((key, value.as_ref()?)))
            .try_for_each(|(key, value)| write!(f, ", {key} {value}"))
    }
}

/// Is `text` as `glob` says? `*` is any letters, `?` is one.
fn is_like(glob: &str, text: &str) -> bool {
    let (glob, text): (Vec<char>, Vec<char>) = (glob.chars().collect(), text.chars().collect());
    let (mut at, mut in_text) = (0, 0);
    // Behind the last `*`, and how much of the text it has taken.
    let mut star = None;
    while let Some(letter) = text.get(in_text) {
        match (glob.get(at), star) {
            (Some('*'), _) => {
                at += 1;
                star = Some((at, in_text));
            }
            (Some(wanted), _) if *wanted == '?' || wanted == letter => (at, in_text) = (at + 1, in_text + 1),
            (_, Some((behind, taken))) => {
                star = Some((behind, taken + 1));
                (at, in_text) = (behind, taken + 1);
            }
            (_, None) => return false,
        }
    }
    glob.iter().skip(at).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, text, fits) in [
            ("KUBE-*", "KUBE-FORWARD", true),
            ("*-FORWARD", "KUBE-FORWARD", true),
            ("KUBE-?OR*D", "KUBE-FORWARD", true),
            ("KUBE", "KUBE-FORWARD", false),
            ("*", "", true),
            ("?", "", false),
            ("é*", "éa", true),
        ] {
            assert_eq!(is_like(glob, text), fits, "{glob} {text}");
        }
    }

    #[test]
    fn a_reason_is_required() {
        assert!(toml::from_str::<Exception>("code = 'KPT2'").is_err());
        let exception = toml::from_str::<Exception>("code = 'KPT2'\nreason = 'x'\nexpires = '2020-02-29'").unwrap();
        assert!(exception.is_expired(Date::constant(2020, 3, 1)) && !exception.is_expired(Date::constant(2020, 2, 29)));
    }
}
