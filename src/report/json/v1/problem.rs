//! Problems of the input and places in it, as every format has them.

use schemars::JsonSchema;
use serde::Serialize;

use crate::diagnostic::{Label, Located, Severity};
use crate::source;

/// A line of the input.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct Place {
    /// 1-based; `null` for what is no line of the input.
    pub(super) line: Option<u32>,
    /// Its file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
}

impl From<Option<source::Place<'_>>> for Place {
    fn from(place: Option<source::Place<'_>>) -> Self {
        Self {
            line: place.map(|place| place.line),
            file: place.filter(|place| place.several).map(|place| place.file.to_owned()),
        }
    }
}

/// Something that is wrong with the input, or good to know of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Problem {
    /// As in `docs/diagnostics.md`.
    code: String,
    severity: SeverityName,
    message: String,
    /// The places it is about; the first is where it is.
    labels: Vec<ProblemLabel>,
    /// What to do.
    help: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum SeverityName {
    Advice,
    Warning,
    Error,
}

#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ProblemLabel {
    file: String,
    /// 1-based.
    line: u32,
    /// 1-based, in characters.
    column: usize,
    text: String,
}

impl From<&Located<'_>> for Problem {
    fn from(located: &Located<'_>) -> Self {
        let code = located.diagnostic().code();
        Self {
            code: code.name().to_owned(),
            severity: match code.severity() {
                Severity::Advice => SeverityName::Advice,
                Severity::Warning => SeverityName::Warning,
                Severity::Error => SeverityName::Error,
            },
            message: located.to_string(),
            labels: located.labels().iter().map(ProblemLabel::from).collect(),
            help: located.help(),
        }
    }
}

impl From<&Label> for ProblemLabel {
    fn from(label: &Label) -> Self {
        Self { file: label.file.clone(), line: label.line, column: label.column, text: label.text.clone() }
    }
}
