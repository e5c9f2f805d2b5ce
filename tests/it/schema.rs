//! The JSON formats are those that `docs/schema` describes.

use std::fs;
use std::path::Path;

use crate::kpt::kpt;
use crate::scenario;

#[test]
fn the_schemas_in_the_documents_are_those_of_the_types() {
    for (name, schema) in kpt::report::json::v1::schemas() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/schema/{name}.json"));
        let schema = serde_json::to_string_pretty(&schema).expect("JSON") + "\n";
        if std::env::var_os("KPT_BLESS").is_some() {
            fs::write(&path, &schema).expect("room for it");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == schema, "{} is not what the types say; KPT_BLESS=1 writes it anew", path.display());
    }
}

/// The schema of a format.
fn validator(name: &str) -> jsonschema::Validator {
    let schemas = kpt::report::json::v1::schemas();
    let (_, schema) = schemas.iter().find(|(known, _)| *known == name).expect("a format");
    jsonschema::validator_for(&serde_json::to_value(schema).expect("JSON")).expect("a schema")
}

fn check(validator: &jsonschema::Validator, answer: &str, about: &str) {
    let answer = serde_json::from_str(answer).expect("JSON");
    let errors: Vec<_> = validator.iter_errors(&answer).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{about}: {errors:#?}");
}

#[test]
fn a_log_fits_its_schema() {
    let logs = validator("kpt.logs.1");
    let log =
        |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/logs").join(name)).expect("a log");
    for (rules, name) in [
        ("testdata/scenarios/nodeport.rules", "nodeport.log"),
        ("testdata/scenarios/nodeport.rules", "nft.log"),
        ("testdata/scenarios/kube-1.30.rules", "nodeport.log"),
        ("testdata/logs/web.rules", "trace.log"),
    ] {
        check(&logs, &kpt(["logs", "--format", "json", "-f", rules], log(name)).stdout, name);
    }
}

#[test]
fn answers_fit_their_schema() {
    let [trace, show, weights, lint] = ["kpt.trace.1", "kpt.show.1", "kpt.weights.1", "kpt.lint.1"].map(validator);
    for scenario in scenario::all() {
        let rules = scenario.rules.to_string_lossy().into_owned();
        for row in &scenario.packets {
            let fixed = ["trace", "--format", "json", "-f", &rules];
            let answer = kpt(fixed.into_iter().chain(row.arguments()), "");
            check(&trace, &answer.stdout, &format!("{}: {}", scenario.name, row.name));
        }
        check(&show, &kpt(["show", "--format", "json", "-f", &rules], "").stdout, &scenario.name);
        let linted = kpt(["lint", "--format", "json", "--profile", "audit", "--isolated", &rules], "");
        check(&lint, &linted.stdout, &scenario.name);
        let shares = kpt(["lb-weights", "--format", "json", "-f", &rules], "");
        if shares.code == 0 {
            check(&weights, &shares.stdout, &scenario.name);
        }
    }
}

#[test]
fn the_list_of_lints_fits_its_schema() {
    check(&validator("kpt.lints.1"), &kpt(["lint", "--list-rules", "--format", "json"], "").stdout, "--list-rules");
}
