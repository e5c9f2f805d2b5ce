//! A whole input, from bytes to what lints find in it.

use std::path::Path;

use kpt::lint::{ALL, Baseline, Confidence, Facts, LintConfig, Options, Profile, Results, Rules, Severity};
use kpt::lint::{Examined, Suppressions, Texts};
use kpt::report::lint::Answer;
use kpt::report::text::Paint;
use kpt::save::Reading;
use kpt::source::{Source, is_invisible};

/// Asks every lint about the input, and writes what is found in each format.
pub(crate) fn run(bytes: &[u8]) {
    let texts = Texts::new(Source::new("input", bytes.to_vec()), None, None);
    let Ok(rules) = Rules::read(&texts, Reading::default()) else { return };
    let today = jiff::civil::date(2026, 1, 1);
    let config = LintConfig::default();
    let suppressions = Suppressions { exceptions: &[], baseline: &Baseline::default(), today };
    let options = Options {
        lints: ALL,
        profile: Profile::Audit,
        min_severity: Severity::Info,
        exact: false,
        fragment: false,
        config: &config,
        suppressions: Some(suppressions),
    };
    let checked = rules.check(&Facts::default(), &options);
    let last = u32::try_from(texts.source().text().lines().count().max(1)).expect("not so many lines");
    for found in &checked.found {
        let about = format!("{}: {}", found.lint.code, found.message);
        assert!(!found.message.is_empty() && !found.message.ends_with('.'), "a sentence without a full stop: {about}");
        assert!(found.line.is_none_or(|line| (1..=last).contains(&line)), "{about} in line {:?}", found.line);
        assert!(found.confidence == Confidence::Exact || found.severity < Severity::Error, "an assumption: {about}");
        assert_eq!(found.fingerprint.len(), 64, "{about}");
    }
    let examined = Examined { name: "input".to_owned(), outcome: Ok(checked), problems: Vec::new() };
    let results = Results { inputs: vec![examined], own: Vec::new() };
    let answer = Answer {
        results: &results,
        lints: ALL,
        max_per_rule: 0,
        width: 100,
        paint: Paint::Plain,
        folder: Path::new("/"),
    };
    let lines = kpt::report::lint::concise(&answer);
    for text in [kpt::report::lint::pretty(&answer), kpt::report::lint::github(&answer), lines] {
        let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t') || is_invisible(c);
        assert!(!text.contains(steers), "what is found steers the terminal: {text:?}");
    }
    serde_json::to_vec(&kpt::report::lint::sarif(&answer)).expect("JSON");
    serde_json::to_vec(&kpt::report::json::v1::lint(&results)).expect("JSON");
}
