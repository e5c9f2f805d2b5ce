//! What a person sees of `kpt lint` and `kpt explain`, and what a script relies on.

use std::fs;

use serde_json::Value;

use crate::kpt::{Run, kpt};

const BAD: &str = "*nat\n:PREROUTING ACCEPT [0:0]\n:LB - [0:0]\n-A PREROUTING -p tcp -m tcp --dport 80 -j LB\n\
    -A LB -m statistic --mode random --probability 0.33332999982 -j DNAT --to-destination 10.0.0.1:80\n\
    -A LB -m statistic --mode random --probability 0.33332999982 -j DNAT --to-destination 10.0.0.2:80\n\
    -A LB -j DNAT --to-destination 10.0.0.3:80\nCOMMIT\n*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n:B - [0:0]\n\
    -A INPUT -j A\n-A A -j B\n-A B -m comment --comment \"$(id)\" -j A\nCOMMIT\n";
const GOOD: &str = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";

/// Two lints, whatever others there are.
const SELECT: [&str; 5] = ["lint", "--isolated", "--width", "80", "--select=KPT005,KPT09,KPT2"];

fn lint(words: &[&str], input: &str) -> Run {
    kpt(SELECT.into_iter().chain(words.iter().copied()), input)
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        fs::write(folder.path().join(name), text).expect("room for it");
    }
    folder
}

fn path(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_string_lossy().into_owned()
}

#[test]
fn a_picture_of_each() {
    let run = lint(&[], BAD);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    insta::assert_snapshot!(run.stdout);
}

#[test]
fn a_line_for_each() {
    let run = lint(&["--format", "concise"], BAD);
    assert_eq!(run.code, 1);
    insta::assert_snapshot!(run.stdout, @r"
    stdin:14:1: error KPT005 iptables refuses to load the `filter` table: `A` -> `B` -> `A` is a circle
    stdin:7:1: warning KPT202 10.0.0.3:80 gets 44.44 % of new connections to `LB`, an even share of 3 endpoints is 33.33 %
    ");
}

#[test]
fn nothing_found_says_what_was_checked() {
    let run = lint(&[], GOOD);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stdout, @r"
    nothing found
    checked: 4 of 8 lints (Services: plain)
    skipped: KPT201, KPT202, KPT203, KPT204: the input has no nat table, so that what it holds is not known
    ");
}

#[test]
fn exit_codes_are_those_of_every_format() {
    for format in ["pretty", "concise", "json", "sarif", "github", "gitlab"] {
        let code = |words: &[&str], input: &str| lint(&[words, &["--format", format]].concat(), input).code;
        assert_eq!(code(&[], BAD), 1, "{format}");
        assert_eq!(code(&["--exit-zero"], BAD), 0, "{format}");
        assert_eq!(code(&["--fail-on", "never"], BAD), 0, "{format}");
        assert_eq!(code(&["--ignore", "KPT005"], BAD), 0, "{format}");
        assert_eq!(code(&["--ignore", "KPT005", "--fail-on", "warning"], BAD), 1, "{format}");
        assert_eq!(code(&["--fail-on", "exact"], BAD), 1, "{format}");
        assert_eq!(code(&[], GOOD), 0, "{format}");
        assert_eq!(code(&["--ignore", "KPT999"], GOOD), 2, "{format}");
        assert_eq!(code(&[], "no rules"), 3, "{format}");
        assert_eq!(code(&["/nowhere"], ""), 3, "{format}");
    }
}

#[test]
fn several_inputs_are_told_together() {
    let folder = folder(&[("a", BAD), ("b", BAD), ("c", GOOD)]);
    let names = ["a", "b", "c", "d"].map(|name| path(&folder, name));
    let names: Vec<_> = names.iter().map(String::as_str).collect();
    let run = lint(&names[..3], "");
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("the same on 2 of 3 inputs"), "{}", run.stdout);
    assert!(run.stdout.contains("2 errors, 2 warnings in 3 inputs"), "{}", run.stdout);
    // One that cannot be read does not keep the others from being told.
    let run = lint(&names, "");
    assert_eq!(run.code, 3);
    assert!(run.stdout.contains("2 errors") && run.stderr.contains("cannot be read"), "{}", run.stderr);
    let run = lint(&[&names[..], &["--format", "json"]].concat(), "");
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!((&json["summary"]["unread"], &json["common"][0]["inputs"]), (&1.into(), &2.into()));
    // Files of -f are one input.
    let run = lint(&["-f", names[0], "-f", names[2], "--format", "json"], "");
    let json: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(json["inputs"].as_array().map(Vec::len), Some(1));
}

#[test]
fn each_format_goes_to_its_file() {
    let folder = folder(&[]);
    let (one, other) = (path(&folder, "x.json"), path(&folder, "x.txt"));
    let words = ["--format", "json", "--output", &one, "--format", "pretty", "--format", "concise", "--output", &other];
    let run = lint(&words, BAD);
    assert!(run.stdout.contains("KPT005 chain-loop"), "{}", run.stdout);
    assert!(fs::read_to_string(one).expect("JSON").starts_with("{\"schema\":\"kpt.lint/1\""));
    assert!(fs::read_to_string(other).expect("lines").starts_with("stdin:14:1: error"));
    assert_eq!(lint(&["--format", "json", "--format", "pretty"], BAD).code, 2);
    assert_eq!(lint(&["--output", "x", "--format", "pretty"], BAD).code, 2);
}

#[test]
fn a_file_that_ends_without_a_line_break_is_told() {
    let run = kpt(["lint", "--isolated", "--select=KPT002", "--format=concise"], GOOD.trim_end());
    insta::assert_snapshot!(run.stdout, @"stdin:5:1: warning KPT002 iptables-legacy-restore loads nothing of the last table: the file ends without a line break");
    assert_eq!(kpt(["lint", "--isolated", "--select=KPT002", "--format=concise"], GOOD).stdout, "");
}

#[test]
fn what_is_suppressed_is_counted() {
    let ignored = BAD.replace("-A A -j B", "# kpt: ignore[chain-loop] a test\n-A A -j B");
    let run = lint(&[], &ignored);
    assert_eq!(run.code, 0);
    assert!(run.stdout.contains("1 warning; 1 suppressed"), "{}", run.stdout);
    assert!(lint(&["--no-ignores"], &ignored).stdout.contains("KPT005"));
    let file = format!("# kpt: ignore-file[KPT2]\n{BAD}");
    assert!(!lint(&[], &file).stdout.contains("KPT202"));
    let below = BAD.replace("*filter", "# kpt: ignore-file[KPT2]\n*filter");
    assert!(lint(&[], &below).stdout.contains("KPT090"));
    let json: Value = serde_json::from_str(&lint(&["--format", "json"], &ignored).stdout).expect("JSON");
    assert_eq!((&json["suppressed"][0]["by"], &json["suppressed"][0]["reason"]), (&"source".into(), &"a test".into()));
}

#[test]
fn a_baseline_keeps_what_is_known() {
    let folder = folder(&[]);
    let file = path(&folder, "known.json");
    assert_eq!(lint(&["--write-baseline", &file], BAD).code, 0);
    let run = lint(&["--baseline", &file], BAD);
    assert_eq!(run.code, 0);
    assert!(run.stdout.starts_with("nothing found; 2 suppressed"), "{}", run.stdout);
    // Elsewhere in the file it is the same; a second one is not.
    let moved = BAD.replace("*nat", "# moved\n*nat");
    assert_eq!(lint(&["--baseline", &file], &moved).code, 0);
    let more = BAD.replace("-A INPUT -j A\n", ":C - [0:0]\n-A INPUT -j C\n-A C -g C\n-A INPUT -j A\n");
    assert_eq!(lint(&["--baseline", &file], &more).code, 1);
}

#[test]
fn the_configuration_is_found_above_the_input() {
    let config = "[lint]\nignore = ['KPT2']\nfail-on = 'never'\n[lint.severity]\nKPT005 = 'warning'\n\
        [[lint.exception]]\ncode = 'KPT005'\nchain = 'A*'\nreason = 'x'\nexpires = '2020-01-01'\n\
        [[lint.exception]]\ncode = 'KPT2'\nreason = 'not asked'\n";
    let folder = folder(&[("kpt.toml", config)]);
    fs::create_dir(folder.path().join("below")).expect("a folder");
    let rules = path(&folder, "below/rules");
    fs::write(&rules, BAD).expect("room for it");
    let run = kpt(["lint", "--select=KPT005,KPT09", "--format", "concise", &rules], "");
    let told = run.stdout.replace(&rules, "rules");
    insta::assert_snapshot!(told, @r"
    kpt: warning KPT091 the exception for KPT005, chain A* ended on 2020-01-01, so that what it covers is told again
    rules:14:1: warning KPT005 iptables refuses to load the `filter` table: `A` -> `B` -> `A` is a circle
    ");
    assert_eq!(run.code, 0);
    assert_eq!(kpt(["lint", "--isolated", "--select=KPT005", &rules], "").code, 1);
    let shown = kpt(["lint", "--show-config", &rules], "").stdout;
    assert!(shown.contains("ignore = [\"KPT2\"]") && shown.contains("fail-on = \"never\""), "{shown}");
    fs::write(folder.path().join("kpt.toml"), "[lint]\nselct = []\n").expect("room for it");
    let run = kpt(["lint", &rules], "");
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("selct"), "{}", run.stderr);
    fs::write(folder.path().join("kpt.toml"), "[lint]\nselect = ['KPT999']\n").expect("room for it");
    assert_eq!(kpt(["lint", &rules], "").code, 2);
}

#[test]
fn a_page_in_the_terminal() {
    let page = kpt(["explain", "chain-loop"], "");
    assert_eq!(page.code, 0);
    assert!(page.stdout.starts_with("# KPT005 chain-loop\n"), "{}", page.stdout);
    assert_eq!(kpt(["explain", "kpt005"], "").stdout, page.stdout);
    assert!(kpt(["explain", "chain-lop"], "").stderr.contains("did you mean `chain-loop`?"));
}

#[test]
fn facts_are_read_as_toml_and_json() {
    let folder =
        folder(&[("f.toml", "uplinks = ['eth0']\n"), ("f.json", "{\"uplinks\": []}"), ("bad.toml", "uplink = 1\n")]);
    assert_eq!(lint(&["--facts", &path(&folder, "f.toml")], GOOD).code, 0);
    assert_eq!(lint(&["--facts", &path(&folder, "f.json")], GOOD).code, 0);
    let run = lint(&["--facts", &path(&folder, "bad.toml")], GOOD);
    assert!(run.code == 3 && run.stderr.contains("kpt::facts::bad-file"), "{}", run.stderr);
}

#[test]
fn a_command_takes_names_as_they_are() {
    let firewall = "*filter\n:INPUT ACCEPT [0:0]\n:KUBE-FIREWALL - [0:0]\n-A INPUT -j KUBE-FIREWALL\n\
        -A KUBE-FIREWALL -m comment --comment \"dropping marked packets $(id) it's\" -j DROP\nCOMMIT\n";
    let run = kpt(["lint", "--isolated", "--select=KPT601"], firewall);
    assert!(run.stdout.contains(r"--comment 'dropping marked packets $(id) it'\''s' -j DROP"), "{}", run.stdout);
}

#[test]
fn a_comment_that_one_family_needs_is_needed() {
    let rules = |program: &str, ignore: &str| {
        format!(
            "# Generated by {program} v1.8.9 on X\n*filter\n:INPUT ACCEPT [0:0]\n:A - [0:0]\n{ignore}-A A -g A\nCOMMIT\n"
        )
    };
    let both =
        rules("iptables-save", "# kpt: ignore[KPT005] x\n") + &rules("ip6tables-save", "# kpt: ignore[KPT005] y\n");
    let run = lint(&[], &both);
    assert!(run.stdout.starts_with("nothing found; 2 suppressed"), "{}", run.stdout);
    let unneeded = both
        .replace("ignore[KPT005] y", "ignore[KPT2] y")
        .replace("*filter", "*nat\n:PREROUTING ACCEPT [0:0]\nCOMMIT\n*filter");
    let run = lint(&["--format", "concise"], &unneeded);
    assert_eq!(run.stdout.matches("KPT090").count(), 1, "{}", run.stdout);
}
