//! Every lint has a page, and finds in its examples what the page says.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use kpt::lint::{self, ALL, Baseline, Case, Lint, Options, Page, Profile, Rules, Severity, Suppressions, Texts};
use kpt::save::Reading;
use kpt::source::Source;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/lints")
}

fn page(lint: &'static Lint) -> Page<'static> {
    Page::read(lint.page).unwrap_or_else(|error| panic!("{}: {error}", lint.path()))
}

/// The lines of a case at which a lint finds something, 0 for no line, or why it could not look.
fn found(lint: &'static Lint, case: &Case<'_>) -> Result<Vec<u32>, String> {
    let text = |text: &str| Source::new("case", text.as_bytes().to_vec());
    let texts = Texts::new(text(case.rules), case.v6.map(text), case.legacy.map(text));
    let rules = Rules::read(&texts, Reading::default()).map_err(|problem| problem.to_string())?;
    let (facts, config) = (case.read_facts()?, case.read_config()?.lint);
    let today = jiff::civil::date(2026, 1, 1);
    let suppressions = Suppressions { exceptions: &config.exception, baseline: &Baseline::default(), today };
    let options = Options {
        lints: ALL,
        profile: config.profile.unwrap_or(Profile::Audit),
        min_severity: Severity::Info,
        exact: false,
        fragment: case.fragment,
        config: &config,
        suppressions: Some(suppressions),
    };
    let checked = rules.check(&facts, &options);
    let of_config = lint::exceptions(&suppressions, &checked.used, ALL);
    let own = checked.found.iter().chain(&of_config).filter(|found| found.lint == lint);
    let lines: BTreeSet<_> = own.map(|found| found.line.unwrap_or(0)).collect();
    let skipped: Vec<_> =
        checked.skipped.into_iter().filter(|skipped| skipped.lint == lint).map(|skipped| skipped.why).collect();
    if case.bad && lines.is_empty() && !skipped.is_empty() {
        return Err(format!("is skipped: {}", skipped.join("; ")));
    }
    Ok(lines.into_iter().collect())
}

#[test]
fn each_page_shows_what_its_lint_finds() {
    let mut wrong = Vec::new();
    for lint in ALL {
        let page = page(lint);
        for bad in [true, false] {
            if !page.cases.iter().any(|case| case.bad == bad) {
                wrong.push(format!("{}: has no {} case", lint.path(), if bad { "bad" } else { "good" }));
            }
        }
        for (number, case) in (1..).zip(&page.cases) {
            let mut expected = if case.bad { case.marked(lint.code) } else { Vec::new() };
            if case.bad && case.config.is_some() && expected.is_empty() {
                expected.push(0);
            }
            if case.bad && expected.is_empty() {
                wrong.push(format!("{}: case {number} is bad and marks no line", lint.path()));
            }
            match found(lint, case) {
                Ok(lines) if lines == expected => {}
                Ok(lines) => wrong
                    .push(format!("{}: case {number}: found in lines {lines:?} instead of {expected:?}", lint.path())),
                Err(why) => wrong.push(format!("{}: case {number} {why}", lint.path())),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_page_says_what_its_lint_is() {
    for lint in ALL {
        let page = page(lint);
        assert_eq!((page.code, page.name), (lint.code, lint.name), "{}", lint.path());
        let severity = page.facts.first().and_then(|fact| fact.split([' ', ',']).next());
        assert_eq!(severity, Some(lint.severity.as_str()), "{}: severity", lint.path());
        let confidence = page.facts.get(1).and_then(|fact| fact.split([' ', ',']).next());
        assert_eq!(confidence, Some(lint.confidence.as_str()), "{}: confidence", lint.path());
        assert!(page.fact("since").is_some(), "{}: since", lint.path());
        let needs: Vec<_> = lint.needs.iter().map(ToString::to_string).collect();
        assert_eq!(page.fact("needs").unwrap_or_default(), needs.join(", "), "{}: needs", lint.path());
        let kept = fs::read_to_string(folder().join(format!("{}.md", lint.name))).unwrap_or_default();
        assert!(kept == lint.page, "{} is the page of another lint", lint.path());
    }
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    let codes: Vec<_> = ALL.iter().map(|lint| lint.code).collect();
    assert!(
        codes.is_sorted_by(|one, other| one < other),
        "src/lint/rules/mod.rs is not in the order of codes: {codes:?}"
    );
    let names: BTreeSet<_> = ALL.iter().map(|lint| lint.name).collect();
    assert_eq!(names.len(), ALL.len());
}

#[test]
fn every_page_has_a_lint() {
    for entry in fs::read_dir(folder()).expect("docs/lints") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        let known = name == "README.md" || ALL.iter().any(|lint| format!("{}.md", lint.name) == name);
        assert!(known, "docs/lints/{name} has no line in src/lint/rules/mod.rs");
    }
}

/// What stands around the list of lints in the README.
const LIST: [&str; 2] = ["<!-- the list: KPT_BLESS=1 writes it -->\n", "<!-- its end -->\n"];

#[test]
fn the_list_of_lints_is_that_of_the_pages() {
    let path = folder().join("README.md");
    let text = fs::read_to_string(&path).expect("docs/lints/README.md");
    let (before, rest) = text.split_once(LIST[0]).expect("where the list begins");
    let (_, after) = rest.split_once(LIST[1]).expect("where the list ends");
    let mut list = String::from("| code | name | severity | confidence | what it finds |\n|---|---|---|---|---|\n");
    for lint in ALL {
        let Lint { code, name, severity, confidence, .. } = lint;
        let summary = page(lint).summary;
        writeln!(list, "| {code} | [{name}]({name}.md) | {severity} | {confidence} | {summary} |")
            .expect("room for it");
    }
    let wanted = format!("{before}{}{list}{}{after}", LIST[0], LIST[1]);
    if std::env::var_os("KPT_BLESS").is_some() {
        fs::write(&path, &wanted).expect("room for it");
    }
    assert!(
        wanted == text || std::env::var_os("KPT_BLESS").is_some(),
        "docs/lints/README.md is out of date; KPT_BLESS=1 writes it anew"
    );
}
