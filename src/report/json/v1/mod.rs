//! Version 1 of the JSON formats. `docs/schema/` has their schemas.

mod from_answer;
mod problem;
mod trace;

use schemars::generate::SchemaSettings;

pub use from_answer::trace;
pub use problem::Problem;
pub use trace::Trace;

/// The JSON Schema of `kpt.trace/1`.
pub fn trace_schema() -> schemars::Schema {
    SchemaSettings::default().for_serialize().into_generator().into_root_schema_for::<Trace>()
}
