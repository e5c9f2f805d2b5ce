//! Every diagnostic has an input that makes it, and is worth reading.

use std::io::Write as _;
use std::path::Path;

use serde::Deserialize;

use crate::corpus::dumps;
use crate::kpt::kpt;

/// The one that only a full disk makes.
const NOT_MADE: [&str; 1] = ["kpt::write::failed"];
/// How many dumps of the corpus have their problems kept.
const SAMPLE: usize = 20;

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    code: String,
    #[serde(default = "check")]
    args: String,
    #[serde(default)]
    input: String,
    /// Packed with gzip, and cut.
    archive: Option<String>,
    sets: Option<String>,
}

fn check() -> String {
    "show --check".to_owned()
}

fn cases() -> Vec<Case> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/diagnostics.toml");
    let text = std::fs::read_to_string(path).expect("testdata/diagnostics.toml");
    toml::from_str::<Cases>(&text).expect("cases").case
}

/// What is told of a case.
fn told(case: &Case) -> String {
    let sets = case.sets.as_ref().map(|sets| {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(sets.as_bytes()).expect("room for it");
        file
    });
    let mut words: Vec<&str> = case.args.split_whitespace().collect();
    let path = sets.as_ref().map(|file| file.path().to_string_lossy().into_owned());
    words.extend(path.iter().flat_map(|path| ["--ipset", path]));
    let input = case.archive.as_ref().map_or_else(|| case.input.clone().into_bytes(), |text| cut_archive(text));
    let run = kpt(words, input);
    assert_eq!(
        run.code == 0,
        !run.stdout.is_empty() && !run.stdout.starts_with("not all"),
        "{}: {}",
        case.code,
        run.stderr
    );
    path.iter().fold(run.stderr, |told, path| told.replace(path, "SETS"))
}

/// A gzip file that ends too early.
fn cut_archive(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).expect("room for it");
    let mut packed = encoder.finish().expect("room for it");
    packed.truncate(packed.len() - 8);
    packed
}

#[test]
fn every_diagnostic_can_be_read() {
    let cases = cases();
    for code in kpt::diagnostic::Code::ALL.iter().map(|code| code.name()).filter(|name| !NOT_MADE.contains(name)) {
        assert!(cases.iter().any(|case| case.code == code), "no case for {code}");
    }
    let mut all = String::new();
    for case in &cases {
        let told = told(case);
        assert!(told.contains(&format!("[{}]", case.code)), "{} is not told:\n{told}", case.code);
        all.extend([case.code.as_str(), "\n", &told, "\n"]);
    }
    insta::assert_snapshot!(all);
}

#[test]
fn a_picture_for_a_terminal() {
    let rules = "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp -m tcp --dprot 22 -j ACCEPT\nCOMMIT\n";
    let picture = kpt(["show", "--check", "--color", "always", "--width", "80"], rules).stderr;
    let plain = anstream::adapter::strip_str(&picture).to_string();
    insta::assert_snapshot!(plain);
}

#[test]
fn problems_are_part_of_the_json() {
    let run = kpt(["show", "--format", "json", "--check"], "*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQ\n");
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let shown: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&shown["problems"]).expect("JSON"));
}

#[test]
fn problems_of_dumps_that_people_pasted() {
    let all = dumps("mangled");
    let step = (all.len() / SAMPLE).max(1);
    let mut told = String::new();
    for path in all.iter().step_by(step).take(SAMPLE) {
        let name = path.file_name().expect("a name").to_string_lossy();
        let run = kpt(["show", "--check", "--verbose", "-f", &path.to_string_lossy()], "");
        let problems = run.stderr.replace(&*path.to_string_lossy(), &name);
        told.extend([&*name, ": ", &run.stdout, &problems, "\n"]);
    }
    if !all.is_empty() {
        insta::assert_snapshot!(told);
    }
}
