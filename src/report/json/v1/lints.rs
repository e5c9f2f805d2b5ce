//! `kpt.lints/1`: the lints that there are.

use schemars::JsonSchema;
use serde::Serialize;

use crate::lint::{Lint, Page};

/// The answer to `kpt lint --list-rules`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LintList {
    /// `kpt.lints/1`
    schema: Name,
    /// In the order of their codes.
    lints: Vec<Listed>,
}

/// The name of the format.
#[derive(Debug, Serialize, JsonSchema)]
enum Name {
    #[serde(rename = "kpt.lints/1")]
    Lints1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Listed {
    code: String,
    name: String,
    /// `error`, `warning` or `info`, where a finding does not say otherwise.
    severity: String,
    /// `exact` or `heuristic`
    confidence: String,
    /// What it cannot do without: tables, `whole`, `v6`, `legacy`, keys of the file of facts.
    needs: Vec<String>,
    /// In one sentence, what it finds.
    summary: String,
    /// The version of kpt that had it first.
    since: Option<String>,
    detects: String,
    /// When it finds nothing although it might seem that it should.
    silent: String,
    why: String,
    advice: String,
    /// Its page, in kpt's own repository.
    url: String,
}

/// Puts lints into the format.
pub fn lint_list(lints: &[&'static Lint]) -> LintList {
    LintList { schema: Name::Lints1, lints: lints.iter().map(|lint| listed(lint)).collect() }
}

fn listed(lint: &Lint) -> Listed {
    let page = Page::read(lint.page).unwrap_or_default();
    let section = |heading| page.section(heading).to_owned();
    Listed {
        code: lint.code.to_owned(),
        name: lint.name.to_owned(),
        severity: lint.severity.to_string(),
        confidence: lint.confidence.to_string(),
        needs: lint.needs.iter().map(ToString::to_string).collect(),
        since: page.fact("since").map(str::to_owned),
        detects: section("Detects"),
        silent: section("Silent"),
        why: section("Why"),
        advice: section("Advice"),
        url: lint.path(),
        summary: page.summary,
    }
}
