//! SARIF, GitHub and GitLab get from `kpt lint` what they take.

use serde_json::Value;

use crate::kpt::kpt;

const RULES: &str = "*nat\n:PREROUTING ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n:C, - [0:0]\n-A PREROUTING -j A\n-A A -j B\n\
    -A B -m comment --comment \"100% [x](http://y)\" -j A\n# kpt: ignore[KPT005] a test\n-A C, -g C,\nCOMMIT\n";

fn lint(format: &str) -> String {
    let run = kpt(["lint", "--isolated", "--select=KPT005,KPT2", "--format", format, "-f", "-"], RULES);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""), "{format}");
    run.stdout
}

/// Every object below `value`, with the name it stands under.
fn objects<'v>(name: &'v str, value: &'v Value, found: &mut Vec<(&'v str, &'v serde_json::Map<String, Value>)>) {
    match value {
        Value::Object(map) => {
            found.push((name, map));
            map.iter().for_each(|(name, value)| objects(name, value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| objects(name, value, found)),
        _ => {}
    }
}

/// What the standard requires of each object, and all that kpt may write there (sarif-v2.1.0, section 3).
const SHAPES: &[(&str, &[&str], &[&str])] = &[
    ("", &["version", "runs"], &["$schema"]),
    ("runs", &["tool"], &["columnKind", "invocations", "results"]),
    ("tool", &["driver"], &[]),
    ("driver", &["name"], &["version", "semanticVersion", "rules"]),
    ("rules", &["id"], &["name", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"]),
    ("shortDescription", &["text"], &[]),
    ("fullDescription", &["text"], &[]),
    ("help", &["text"], &["markdown"]),
    ("defaultConfiguration", &[], &["level"]),
    ("properties", &[], &["precision", "tags", "security-severity"]),
    ("invocations", &["executionSuccessful"], &["toolExecutionNotifications"]),
    ("toolExecutionNotifications", &["message"], &["level"]),
    (
        "results",
        &["message"],
        &["ruleId", "ruleIndex", "level", "locations", "relatedLocations", "partialFingerprints", "suppressions"],
    ),
    ("message", &["text"], &[]),
    ("locations", &[], &["physicalLocation", "logicalLocations"]),
    ("relatedLocations", &[], &["id", "physicalLocation", "message"]),
    ("physicalLocation", &["artifactLocation"], &["region"]),
    ("artifactLocation", &["uri"], &[]),
    ("region", &["startLine"], &["startColumn"]),
    ("logicalLocations", &[], &["name", "fullyQualifiedName", "kind"]),
    ("partialFingerprints", &[], &["primaryLocationLineHash", "kpt/v1"]),
    ("suppressions", &["kind"], &["justification"]),
];

#[test]
fn sarif_has_the_shape_of_the_standard() {
    let log: Value = serde_json::from_str(&lint("sarif")).expect("JSON");
    let mut all = Vec::new();
    objects("", &log, &mut all);
    for (name, object) in all {
        let (_, required, allowed) = SHAPES.iter().find(|(known, ..)| *known == name).expect(name);
        for key in *required {
            assert!(object.contains_key(*key), "{name} lacks {key}");
        }
        for key in object.keys() {
            assert!(required.contains(&key.as_str()) || allowed.contains(&key.as_str()), "{name} has {key}");
        }
        if let Some(level) = object.get("level") {
            assert!(["none", "note", "warning", "error"].contains(&level.as_str().expect("a level")));
        }
    }
    assert_eq!(log["version"], "2.1.0");
}

#[test]
fn sarif_says_what_was_found_and_what_is_suppressed() {
    let log: Value = serde_json::from_str(&lint("sarif")).expect("JSON");
    let run = &log["runs"][0];
    let [found, suppressed] = run["results"].as_array().expect("results").as_slice() else { panic!("two results") };
    for result in [found, suppressed] {
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("a small one");
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        assert_eq!(result["locations"].as_array().map(Vec::len), Some(1));
    }
    let location = &found["locations"][0];
    assert_eq!(location["physicalLocation"]["artifactLocation"]["uri"], "stdin");
    assert_eq!(location["physicalLocation"]["region"]["startLine"], 7);
    assert_eq!(location["logicalLocations"][0]["fullyQualifiedName"], "nat/A");
    assert_eq!(found["relatedLocations"][0]["physicalLocation"]["region"]["startLine"], 8);
    assert!(found.get("suppressions").is_none());
    assert_eq!(suppressed["suppressions"][0]["kind"], "inSource");
    assert_eq!(suppressed["suppressions"][0]["justification"], "a test");
    // Nothing is masked twice: brackets alone would be a link.
    assert!(!found["message"]["text"].as_str().expect("text").contains("]("));
}

#[test]
fn github_gets_workflow_commands() {
    let text = lint("github");
    assert!(text.starts_with("::error file=stdin,line=7,col=1,title=KPT005 chain-loop::"), "{text}");
    assert_eq!(text.lines().count(), 1, "a line break is %0A: {text}");
    let file = tempfile::NamedTempFile::new().expect("a file");
    let words = ["lint", "--isolated", "--no-ignores", "--select=KPT005", "--format", "github"];
    let run = assert_cmd::Command::new(env!("CARGO_BIN_EXE_kpt"))
        .args(words)
        .env("GITHUB_STEP_SUMMARY", file.path())
        .write_stdin(RULES)
        .output()
        .expect("kpt runs");
    let text = String::from_utf8(run.stdout).expect("UTF-8");
    assert!(text.contains("::warning file=stdin,line=10,") && text.contains("`C,` -> `C,`"), "{text}");
    let summary = std::fs::read_to_string(file.path()).expect("the summary");
    assert_eq!(summary.lines().count(), 4, "{summary}");
    assert!(summary.contains("| warning | KPT005 chain-loop | stdin:10 |"), "{summary}");
}

#[test]
fn gitlab_gets_a_list_of_issues() {
    let issues: Value = serde_json::from_str(&lint("gitlab")).expect("JSON");
    let [issue] = issues.as_array().expect("a list").as_slice() else { panic!("one issue") };
    assert_eq!((&issue["check_name"], &issue["severity"]), (&"KPT005".into(), &"major".into()));
    assert_eq!((&issue["location"]["path"], &issue["location"]["lines"]["begin"]), (&"stdin".into(), &7.into()));
    assert_eq!(issue["fingerprint"].as_str().map(str::len), Some(64));
}
