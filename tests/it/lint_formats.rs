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

/// The schema of the standard, as OASIS publishes it.
const SCHEMA: &str = include_str!("../schema/sarif-2.1.0.json");

#[test]
fn sarif_is_valid() {
    // The pattern of a language has a bracket too many to be one; kpt writes no language.
    let schema: Value = serde_json::from_str(&SCHEMA.replace("{2}]?$", "{2}$")).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let valid = |text: &str, about: &str| {
        let log: Value = serde_json::from_str(text).expect("JSON");
        let errors: Vec<_> = validator.iter_errors(&log).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{about}: {}", errors.join("\n"));
        log
    };
    let log = valid(&lint("sarif"), "a circle");
    assert_eq!(log["version"], "2.1.0");
    for page in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/lints")).expect("the pages") {
        let path = page.expect("a page").path();
        let rules: String = std::fs::read_to_string(&path)
            .expect("text")
            .split("```")
            .filter_map(|fence| fence.strip_prefix("iptables bad"))
            .collect();
        if path.file_name() != Some("README.md".as_ref()) {
            let run = kpt(["lint", "--isolated", "--profile", "audit", "--format", "sarif", "-f", "-"], rules);
            valid(&run.stdout, &path.to_string_lossy());
        }
    }
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
    let way = found["codeFlows"][0]["threadFlows"][0]["locations"].as_array().expect("a way");
    let lines: Vec<_> = way.iter().map(|step| &step["location"]["physicalLocation"]["region"]["startLine"]).collect();
    assert_eq!(lines, [7, 8]);
    assert!(found.get("suppressions").is_none());
    assert_eq!(suppressed["suppressions"][0]["kind"], "inSource");
    assert_eq!(suppressed["suppressions"][0]["justification"], "a test");
    // Nothing is masked twice: brackets alone would be a link.
    assert!(!found["message"]["text"].as_str().expect("text").contains("]("));
}

#[test]
fn a_line_says_all_for_people_who_search() {
    insta::assert_snapshot!(lint("concise"), @"stdin:7:1: error KPT005 iptables refuses to load the `nat` table: `A` -> `B` -> `A` is a circle");
}

#[test]
fn github_gets_workflow_commands() {
    insta::assert_snapshot!(lint("github"), @"::error file=stdin,line=7,col=1,title=KPT005 chain-loop::iptables refuses to load the `nat` table: `A` -> `B` -> `A` is a circle%0Atake out one of these jumps; `-j RETURN` goes back to the caller");
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
