//! What reads the bytes of others keeps its promises: short runs of what the fuzz targets in `fuzz/` run for hours, over
//! `testdata/` and over words strung together.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::select;

use crate::cases::{self, Printed};
use crate::draw::Draw;
use crate::draw::rules::Rules;
use crate::entry::{facts, lint, listing, packet, rule, scan};

/// The words of `fuzz/iptables.dict`.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let text = fs::read_to_string(root().join("fuzz/iptables.dict")).expect("fuzz/iptables.dict");
    let quoted = text.lines().filter_map(|line| line.strip_prefix('"')?.strip_suffix('"'));
    quoted.map(|word| word.replace("\\x0A", "\n").replace("\\\"", "\"").replace("\\\\", "\\")).collect()
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder of `testdata/` whose names end so.
fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root().join("testdata").join(folder)).expect("a folder of testdata");
    let mut files: Vec<_> = entries.map(|entry| entry.expect("a file").path()).collect();
    files.retain(|path| path.to_string_lossy().ends_with(ending));
    files.sort();
    assert!(!files.is_empty(), "nothing in testdata/{folder}");
    files
}

/// Words of iptables, and here and there something else, with or without a blank between them.
fn strung() -> impl Strategy<Value = String> {
    let word = prop_oneof![9 => select(&**WORDS), 1 => ".{0,4}", 1 => "[-0-9a-f:./,!\"\\\\]{1,9}"];
    let gap = prop_oneof![8 => Just(" "), 1 => Just(""), 1 => Just("\n")];
    prop::collection::vec((word, gap), 0..16)
        .prop_map(|parts| parts.iter().flat_map(|(word, gap)| [word, *gap]).collect())
}

#[test]
fn whole_inputs() {
    for path in files("scenarios", ".rules").into_iter().chain(files("listings", ".listing")) {
        let bytes = fs::read(path).expect("a dump");
        scan::run(&bytes);
        lint::run(&bytes);
    }
}

#[test]
fn the_cases_of_extensions() {
    let table = |name: &str| ["filter", "nat", "mangle", "raw", "security"].iter().position(|table| *table == name);
    for cases in cases::all() {
        let scene = table(&cases.table).expect("a table") + if cases.v6 { 5 } else { 0 };
        for case in &cases.lines {
            let printed = if let Printed::As(printed) = &case.printed { printed } else { &case.given };
            for options in [&case.given, printed] {
                rule::run(format!("{scene}{} {} {options}", cases.with, cases.option).as_bytes());
            }
        }
    }
}

#[test]
fn listings() {
    for path in files("listings", ".listing") {
        let rows = fs::read_to_string(path).expect("a listing");
        for layout in ["8", "<"] {
            listing::run(format!("{layout}{rows}").as_bytes());
        }
    }
}

proptest! {
    #[test]
    fn strung_words_are_scanned(text in strung(), start in select(&["", "*nat\n", "*filter\n", "Chain X (1 references)\n"])) {
        scan::run(format!("{start}{text}").as_bytes());
    }

    #[test]
    fn strung_words_are_linted(text in strung(), start in select(&["*nat\n:A - [0:0]\n", "*filter\n:INPUT DROP\n-A INPUT "])) {
        lint::run(format!("{start}{text}").as_bytes());
    }

    #[test]
    fn drawn_rulesets_are_linted(seed in any::<u64>(), v6 in any::<bool>()) {
        lint::run(Rules::draw(&mut Draw::new(seed), v6).text().as_bytes());
    }

    #[test]
    fn bytes_are_scanned(bytes in prop::collection::vec(any::<u8>(), 0..256)) {
        scan::run(&bytes);
    }

    #[test]
    fn a_rule_of_strung_words_reads_back(text in strung(), scene in 0..10) {
        rule::run(format!("{scene}{text}").as_bytes());
    }

    #[test]
    fn strung_words_are_no_facts_or_some(text in strung()) {
        facts::run(text.as_bytes());
    }

    #[test]
    fn strung_words_are_a_packet_or_wrong_usage(text in strung()) {
        packet::run(format!("-d 10.0.0.1 {text}").as_bytes());
    }

    #[test]
    fn rows_of_strung_words_read_back(text in strung(), layout in 0..16u8) {
        listing::run(format!("{}{text}", char::from(b'0' + layout)).as_bytes());
    }
}
