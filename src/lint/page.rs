//! The page of a lint, read: what `kpt explain`, SARIF, the tests and the list of lints are made from.
//!
//! `docs/lints/README.md` says how a page is written.

use std::fmt;

use super::config::Config;
use super::facts::Facts;

/// A page of `docs/lints/`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page<'p> {
    /// `KPT202`
    pub code: &'p str,
    /// `lb-uneven-weights`
    pub name: &'p str,
    /// The words of the line below the title, such as `warning`, `exact`, `since 0.1`, `needs nat`.
    pub facts: Vec<&'p str>,
    /// In one sentence, what it is about: the first paragraph.
    pub summary: String,
    /// The headings and what stands below each, as it is written.
    pub sections: Vec<(&'p str, &'p str)>,
    /// The rulesets of the sections Bad and Good.
    pub cases: Vec<Case<'p>>,
}

/// A ruleset of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Case<'p> {
    /// The lint must find something in it, at the marked lines.
    pub bad: bool,
    /// It is part of a dump.
    pub fragment: bool,
    /// The rules, with marks.
    pub rules: &'p str,
    /// The rules of `--v6`.
    pub v6: Option<&'p str>,
    /// The rules of `--legacy`.
    pub legacy: Option<&'p str>,
    /// The file of facts.
    pub facts: Option<&'p str>,
    /// The configuration.
    pub config: Option<&'p str>,
}

/// What is wrong with a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageError(String);

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PageError {}

/// The headings of a page, in their order.
const SECTIONS: [&str; 6] = ["Detects", "Silent", "Bad", "Good", "Why", "Advice"];
/// What a line begins with that marks the next one.
const MARK: &str = "#! ";

impl<'p> Page<'p> {
    /// Reads a page. The error says what is not as `docs/lints/README.md` says.
    pub fn read(text: &'p str) -> Result<Self, PageError> {
        let error = |what: &str| PageError(what.to_owned());
        let (title, rest) = text.split_once('\n').ok_or_else(|| error("has no title"))?;
        let (code, name) = title
            .strip_prefix("# ")
            .and_then(|title| title.split_once(' '))
            .ok_or_else(|| error("its first line is not `# CODE name`"))?;
        let (head, body) = rest.split_once("\n## ").ok_or_else(|| error("has no sections"))?;
        let mut paragraphs = head.trim().splitn(2, "\n\n");
        let facts: Vec<_> = paragraphs.next().unwrap_or_default().split(" · ").map(str::trim).collect();
        let summary = paragraphs.next().ok_or_else(|| error("has no sentence below severity and confidence"))?;
        let section = |part: &'p str| part.split_once('\n').map(|(heading, text)| (heading.trim(), text.trim()));
        let sections: Vec<_> = body.split("\n## ").filter_map(section).collect();
        let headings: Vec<_> = sections.iter().map(|(heading, _)| *heading).collect();
        if headings != SECTIONS {
            return Err(PageError(format!("has the sections {headings:?} instead of {SECTIONS:?}")));
        }
        let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Self { code, name, facts, summary, cases: cases(body)?, sections })
    }

    /// What stands below a heading; empty if there is none.
    pub fn section(&self, heading: &str) -> &'p str {
        self.sections.iter().find(|(known, _)| *known == heading).map_or("", |(_, text)| text)
    }

    /// What a fact of the line below the title begins with is left out of it: `since`, `needs`.
    pub fn fact(&self, key: &str) -> Option<&'p str> {
        self.facts.iter().find_map(|fact| fact.strip_prefix(key)).map(str::trim)
    }
}

impl Case<'_> {
    /// The 1-based lines that are marked with `code`.
    pub fn marked(&self, code: &str) -> Vec<u32> {
        let mut marked = Vec::new();
        let mut wanted = false;
        for (number, line) in (1..).zip(self.rules.lines()) {
            match line.strip_prefix(MARK) {
                Some(codes) => wanted |= codes.split_whitespace().any(|one| one == code),
                None if std::mem::take(&mut wanted) => marked.push(number),
                None => {}
            }
        }
        marked
    }

    /// The file of facts, read; none given if it has none.
    pub fn read_facts(&self) -> Result<Facts, String> {
        self.facts.map_or_else(|| Ok(Facts::default()), str::parse)
    }

    /// The configuration, read; that of nobody if it has none.
    pub fn read_config(&self) -> Result<Config, String> {
        self.config.map_or_else(|| Ok(Config::default()), str::parse)
    }
}

/// The fenced rulesets.
fn cases(text: &str) -> Result<Vec<Case<'_>>, PageError> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let fences = text.split("```").skip(1).step_by(2);
    for (words, inside) in fences.filter_map(|fence| fence.split_once('\n')) {
        let mut words = words.split_whitespace();
        let kind = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let fragment = words.next() == Some("fragment");
        let bad = match kind {
            ("iptables", "bad") => true,
            ("iptables", "good") => false,
            ("iptables", "v6") => {
                last(&mut cases)?.v6 = Some(inside);
                continue;
            }
            ("iptables", "legacy") => {
                last(&mut cases)?.legacy = Some(inside);
                continue;
            }
            ("toml", "facts") => {
                last(&mut cases)?.facts = Some(inside);
                continue;
            }
            ("toml", "config") => {
                last(&mut cases)?.config = Some(inside);
                continue;
            }
            _ => continue,
        };
        cases.push(Case { bad, fragment, rules: inside, ..Case::default() });
    }
    Ok(cases)
}

/// The ruleset that a fence belongs to.
fn last<'c, 'p>(cases: &'c mut [Case<'p>]) -> Result<&'c mut Case<'p>, PageError> {
    cases.last_mut().ok_or_else(|| PageError("has a fence of facts or other rules before any ruleset".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# KPT999 an-example\n\nwarning · exact · since 0.1 · needs nat\n\nSomething is\nwrong.\n\n\
        ## Detects\n\nIt.\n\n## Silent\n\nElse.\n\n## Bad\n\n```iptables bad\n*nat\n#! KPT999 KPT998\n#! KPT997\n-A X -j Y\nCOMMIT\n```\n\n\
        ```toml facts\nuplinks = ['eth0']\n```\n\n## Good\n\n```iptables good fragment\n-A X\n```\n\n## Why\n\nSo.\n\n## Advice\n\nDo.\n";

    #[test]
    fn a_page_is_read() {
        let page = Page::read(PAGE).unwrap();
        assert_eq!((page.code, page.name, page.summary.as_str()), ("KPT999", "an-example", "Something is wrong."));
        assert_eq!((page.fact("since"), page.fact("needs"), page.section("Why")), (Some("0.1"), Some("nat"), "So."));
        let [bad, good] = page.cases.as_slice() else { panic!("two cases") };
        assert_eq!(
            (bad.bad, bad.marked("KPT999"), bad.marked("KPT997"), bad.marked("KPT996")),
            (true, vec![4], vec![4], vec![])
        );
        assert_eq!(bad.read_facts().unwrap().uplinks, Some(vec!["eth0".to_owned()]));
        assert_eq!((good.bad, good.fragment, good.rules), (false, true, "-A X\n"));
    }

    #[test]
    fn a_page_that_lacks_something_is_refused() {
        assert!(Page::read(&PAGE.replace("## Why\n\nSo.\n\n", "")).is_err());
        assert!(Page::read(&PAGE.replace("# KPT999 an", "KPT999 an")).is_err());
    }
}
