//! `kpt.lint/1`: what lints have found.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Label, Located};
use crate::lint::{By, Confidence, Examined, Found, Results, Severity, Told};

use super::problem::Problem;

/// The answer to `kpt lint`.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LintAnswer {
    /// `kpt.lint/1`
    schema: Name,
    /// What was looked at.
    inputs: Vec<Input>,
    /// The worst first.
    findings: Vec<Finding>,
    /// Lints that could not look, or not at everything.
    skipped: Vec<Skipped>,
    /// Findings that are not told, and by what.
    suppressed: Vec<Suppressed>,
    /// Findings that several inputs have.
    common: Vec<Common>,
    summary: Summary,
}

/// The name of the format.
#[derive(Debug, Serialize, JsonSchema)]
enum Name {
    #[serde(rename = "kpt.lint/1")]
    Lint1,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Input {
    name: String,
    /// How Services come to be there, for each family that it has: `iptables`, `ipvs` or `plain`.
    modes: Vec<String>,
    /// How many lints have looked at it.
    lints: usize,
    /// Why it cannot be read; `null` if it can.
    unread: Option<Problem>,
    /// What is wrong with the text, or good to know of it.
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Weight {
    Info,
    Warning,
    Error,
}

#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Sureness {
    Exact,
    Heuristic,
}

/// Something that is wrong.
#[derive(Debug, Serialize, JsonSchema)]
struct Finding {
    /// `KPT` and three digits; never given to another.
    code: String,
    /// The same in words.
    name: String,
    severity: Weight,
    confidence: Sureness,
    /// A sentence that states the effect.
    message: String,
    /// `null` for what is found in the configuration.
    file: Option<String>,
    /// 1-based; `null` if it is about the input as a whole.
    line: Option<u32>,
    /// 1-based, in characters.
    column: Option<usize>,
    /// What is said of that place.
    label: Option<String>,
    table: Option<String>,
    chain: Option<String>,
    /// Who made that chain, by its name.
    owner: Option<String>,
    /// `namespace/name:port`
    service: Option<String>,
    /// 1-based, as `iptables -L --line-numbers` shows it.
    rule_index: Option<u32>,
    /// Causes.
    related: Vec<Related>,
    help: Option<String>,
    /// Commands that help; kpt runs none.
    commands: Vec<String>,
    /// The page of the lint, in kpt's own repository.
    url: String,
    /// The same for the same thing in another dump.
    fingerprint: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Related {
    file: String,
    /// 1-based.
    line: u32,
    /// 1-based, in characters.
    column: usize,
    message: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Skipped {
    code: String,
    input: String,
    why: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Suppressed {
    by: SuppressedBy,
    /// Why, as somebody has written; empty if nobody has.
    reason: String,
    finding: Finding,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SuppressedBy {
    /// A comment in the text.
    Source,
    /// An exception of the configuration.
    Exception,
    Baseline,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Common {
    fingerprint: String,
    code: String,
    /// How many inputs have it.
    inputs: usize,
    /// Of how many.
    of: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Summary {
    error: usize,
    warning: usize,
    info: usize,
    suppressed: usize,
    /// Inputs that could not be read.
    unread: usize,
}

/// Puts what was found into the format.
pub fn lint(results: &Results) -> LintAnswer {
    let of = results.inputs.len();
    let common = results.common().into_iter().map(|(found, inputs)| Common {
        fingerprint: found.fingerprint.clone(),
        code: found.lint.code.to_owned(),
        inputs: inputs.len(),
        of,
    });
    LintAnswer {
        schema: Name::Lint1,
        inputs: results.inputs.iter().map(Input::from).collect(),
        findings: results.sorted().into_iter().map(|(at, found)| finding(found, results, at)).collect(),
        skipped: results
            .skipped()
            .map(|(at, skipped)| Skipped {
                code: skipped.lint.code.to_owned(),
                input: results.name(Some(at)).to_owned(),
                why: skipped.why.clone(),
            })
            .collect(),
        suppressed: results
            .suppressed()
            .map(|(at, suppressed)| Suppressed {
                by: match suppressed.by {
                    By::Source => SuppressedBy::Source,
                    By::Exception => SuppressedBy::Exception,
                    By::Baseline => SuppressedBy::Baseline,
                },
                reason: suppressed.reason.clone(),
                finding: finding(&suppressed.found, results, Some(at)),
            })
            .collect(),
        common: common.collect(),
        summary: Summary {
            error: results.count(Severity::Error),
            warning: results.count(Severity::Warning),
            info: results.count(Severity::Info),
            suppressed: results.suppressed().count(),
            unread: results.unread().count(),
        },
    }
}

fn finding(found: &Found, results: &Results, at: Option<usize>) -> Finding {
    let first = found.labels.0.first();
    let whole = at.map(|_| results.name(at).to_owned());
    Finding {
        code: found.lint.code.to_owned(),
        name: found.lint.name.to_owned(),
        severity: found.severity.into(),
        confidence: found.confidence.into(),
        message: found.message.clone(),
        file: first.map(|label| label.file.clone()).or(whole),
        line: first.map(|label| label.line),
        column: first.map(|label| label.column),
        label: first.map(|label| label.text.clone()),
        table: found.table.map(|table| table.as_str().to_owned()),
        chain: found.chain.clone(),
        owner: found.owner.map(|owner| owner.as_str().to_owned()),
        service: found.service.as_ref().map(ToString::to_string),
        rule_index: found.rule.map(crate::ruleset::RuleId::number),
        related: found.labels.0.iter().skip(1).map(Related::from).collect(),
        help: found.help.clone(),
        commands: found.commands.clone(),
        url: found.lint.path(),
        fingerprint: found.fingerprint.clone(),
    }
}

impl From<&Examined> for Input {
    fn from(examined: &Examined) -> Self {
        let checked = examined.outcome.as_ref().ok();
        Self {
            name: examined.name.clone(),
            modes: checked.map(|checked| checked.modes.iter().map(ToString::to_string).collect()).unwrap_or_default(),
            lints: checked.map_or(0, |checked| checked.lints),
            unread: examined.outcome.as_ref().err().map(told),
            problems: examined.problems.iter().map(told).collect(),
        }
    }
}

fn told(told: &Told) -> Problem {
    Problem::from(&Located::with_labels(&told.diagnostic, told.labels.clone()))
}

impl From<&Label> for Related {
    fn from(label: &Label) -> Self {
        Self { file: label.file.clone(), line: label.line, column: label.column, message: label.text.clone() }
    }
}

impl From<Severity> for Weight {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Info,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

impl From<Confidence> for Sureness {
    fn from(confidence: Confidence) -> Self {
        match confidence {
            Confidence::Exact => Self::Exact,
            Confidence::Heuristic => Self::Heuristic,
        }
    }
}
