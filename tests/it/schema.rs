//! The JSON formats are those that `docs/schema` describes.

use std::fs;
use std::path::Path;

use crate::kpt::kpt;
use crate::scenario;

#[test]
fn the_schema_in_the_documents_is_that_of_the_types() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schema/kpt.trace.1.json");
    let schema = serde_json::to_string_pretty(&kpt::report::json::v1::trace_schema()).expect("JSON") + "\n";
    if std::env::var_os("KPT_BLESS").is_some() {
        fs::write(&path, &schema).expect("room for it");
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(kept == schema, "{} is not what the types say; KPT_BLESS=1 writes it anew", path.display());
}

#[test]
fn answers_fit_their_schema() {
    let schema = serde_json::to_value(kpt::report::json::v1::trace_schema()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    for scenario in scenario::all() {
        let rules = scenario.rules.to_string_lossy().into_owned();
        for row in &scenario.packets {
            let fixed = ["trace", "--format", "json", "-f", &rules];
            let answer = kpt(fixed.into_iter().chain(row.arguments()), "");
            let answer = serde_json::from_str(&answer.stdout).expect("JSON");
            let errors: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{}: {}: {errors:#?}", scenario.name, row.name);
        }
    }
}
