//! The Code Quality report of GitLab: a list of issues in the form of Code Climate.

use std::collections::BTreeMap;

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::lint::{Found, Severity};

use super::Answer;

/// An issue.
#[derive(Debug, Serialize)]
pub struct Issue {
    description: String,
    check_name: &'static str,
    /// Of its own in the whole report.
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: u32,
}

/// Every finding, the worst first.
pub fn gitlab(answer: &Answer<'_>) -> Vec<Issue> {
    let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut issue = |(input, found): (Option<usize>, &Found)| {
        let label = found.labels.0.first();
        let path = label.map_or_else(|| answer.results.name(input).to_owned(), |label| label.file.clone());
        let times = seen.entry((path.clone(), found.fingerprint.clone())).or_default();
        *times += 1;
        let hash = Sha256::new().chain_update(&found.fingerprint).chain_update(&path).chain_update(times.to_string());
        Issue {
            description: found.message.clone(),
            check_name: found.lint.code,
            fingerprint: HEXLOWER.encode(&hash.finalize()),
            severity: severity(found.severity),
            location: Location { path, lines: Lines { begin: label.map_or(1, |label| label.line) } },
        }
    };
    answer.results.sorted().into_iter().map(&mut issue).collect()
}

const fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "major",
        Severity::Warning => "minor",
        Severity::Info => "info",
    }
}
