//! Version 1 of the JSON formats. `docs/schema/` has their schemas.

mod affinity;
mod batch;
mod from_answer;
mod lint;
mod lints;
mod logs;
mod problem;
mod show;
mod trace;
mod weights;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;

pub use batch::{BatchAnswer, BatchLine, batch_answer, batch_error, batch_line};
pub use from_answer::trace;
pub use lint::{LintAnswer, lint};
pub use lints::{LintList, lint_list};
pub use logs::{LogBegin, LogConnection, LogEnd, Logs, log_begin, log_connection, log_end};
pub use problem::Problem;
pub use show::{Show, ShownRuleset, show, shown_ruleset};
pub use trace::Trace;
pub use weights::{OtherFan, Service, Weights, other_fan, service, weights};

/// The JSON Schema of every format, by name and version.
pub fn schemas() -> [(&'static str, schemars::Schema); 7] {
    [
        ("kpt.batch.1", schema::<BatchLine>()),
        ("kpt.lint.1", schema::<LintAnswer>()),
        ("kpt.lints.1", schema::<LintList>()),
        ("kpt.logs.1", schema::<Logs>()),
        ("kpt.show.1", schema::<Show>()),
        ("kpt.trace.1", schema::<Trace>()),
        ("kpt.weights.1", schema::<Weights>()),
    ]
}

fn schema<T: JsonSchema>() -> schemars::Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<T>()
}
