//! Input that somebody made to hurt: it is answered or refused, in bounded time, and nothing of it reaches the terminal.

use crate::kpt::{Run, kpt};

const TRACE: [&str; 6] = ["trace", "-d", "10.0.0.1:80", "--node-ip", "10.0.0.1", "--width"];

fn trace(rules: impl Into<Vec<u8>>) -> Run {
    kpt(TRACE.into_iter().chain(["80"]), rules)
}

fn filter(chains: &str, rules: &str) -> String {
    format!("*filter\n:INPUT ACCEPT [0:0]\n{chains}{rules}COMMIT\n")
}

fn chains(count: usize) -> String {
    (0..count).map(|n| format!(":C{n} - [0:0]\n")).collect::<Vec<_>>().concat()
}

fn rules(count: usize, rule: impl Fn(usize) -> String) -> String {
    (0..count).map(rule).collect::<Vec<_>>().concat()
}

#[test]
fn a_line_of_ten_megabytes() {
    let comment = format!("-A INPUT -m comment --comment \"{}\" -j DROP\n", "a".repeat(10_000_000));
    let run = trace(filter("", &comment));
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.starts_with("DROPPED") && run.stdout.len() < 10_000, "{}", run.stdout.len());
    let run = trace(format!("{}\n{}", "x".repeat(10_000_000), filter("", "-A INPUT -j DROP\n")));
    assert!(run.code == 0 && run.stderr.len() < 10_000, "{}", run.stderr.len());
}

#[test]
fn a_million_chains() {
    let run = trace(filter(&chains(1_000_000), "-A INPUT -j C999999\n-A C999999 -j DROP\n"));
    assert!(run.code == 0 && run.stdout.starts_with("DROPPED"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn a_hundred_thousand_tables() {
    let run = trace(filter("", "-A INPUT -j DROP\n").repeat(100_000));
    assert!(run.code == 0 && run.stdout.starts_with("DROPPED"), "{}", run.stdout);
    assert!(run.stderr.lines().count() < 20, "{}", run.stderr);
}

#[test]
fn chains_nested_ten_thousand_deep() {
    let jumps = rules(9_999, |n| format!("-A C{n} -j C{}\n", n + 1));
    let run = trace(filter(&chains(10_000), &format!("-A INPUT -j C0\n{jumps}-A C9999 -j DROP\n")));
    assert!(run.code == 0 && run.stdout.starts_with("DROPPED"), "{}{}", run.stdout, run.stderr);
}

#[test]
fn jumps_that_fan_out() {
    let twice = |levels: usize, m: &str| {
        rules(levels - 1, |n| {
            let m = m.replace("SET", &format!("s{n}"));
            format!("-A C{n} {m} -j C{next}\n-A C{n} -j C{next}\n", next = n + 1)
        })
    };
    let fans =
        [(60, "-m statistic --mode random --probability 0.5"), (60, "-m set --match-set SET src"), (20, "-p tcp")];
    for (levels, by) in fans {
        let run = trace(filter(&chains(levels), &format!("-A INPUT -j C0\n{}", twice(levels, by))));
        assert_eq!(run.code, 0, "{by}: {}", run.stderr);
    }
}

#[test]
fn a_hundred_thousand_lines_that_are_wrong() {
    let run = trace(filter("", &rules(100_000, |n| format!("-A INPUT --x{n}\n"))));
    assert!(run.code == 0 && run.stderr.lines().count() < 20, "{}", run.stderr);
}

#[test]
fn more_rules_in_a_line_than_there_is_room_for() {
    let addresses = rules(1_000, |n| format!("10.0.{}.{},", n / 256, n % 256));
    let addresses = addresses.trim_end_matches(',');
    let run = trace(filter("", &format!("-A INPUT -s {addresses} -d {addresses} -j DROP\n")));
    assert!(run.code == 0 && run.stderr.contains("kpt::read::bad-rule"), "{}", run.stderr);
}

#[test]
fn nothing_steers_the_terminal() {
    let name = "\x1b[2Jx\u{202E}";
    let comment = "\x1b]0;owned\x07\u{202E}<script>\r\u{9b}31m";
    let rule = format!("-A INPUT -m comment --comment \"{comment}\" -j DROP\n-A INPUT --\x1b[31m y\n");
    let mut dump = filter(&format!(":{name} - [0:0]\n"), &rule).into_bytes();
    dump.extend(b"\xff\xfe\x00\x1b[31m what \xe2\x80\xae\n");
    for format in ["text", "json"] {
        let words = TRACE.into_iter().chain(["80", "--all", "--verbose", "--format", format]);
        let run = kpt(words, dump.clone());
        let said = format!("{}{}", run.stdout, run.stderr);
        let steers = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202A}'..='\u{202E}');
        assert!(!said.contains(steers), "{format}: {said:?}");
        assert!(run.code == 0 && said.contains("[31m"), "{said}");
    }
}

#[test]
fn noise() {
    let mut random = fastrand::Rng::with_seed(1);
    for length in [1, 100, 10_000, 1_000_000] {
        let bytes: Vec<u8> = (0..length).map(|_| random.u8(..)).collect();
        assert_eq!(trace(bytes).code, 3);
    }
}

#[test]
fn a_dump_that_is_cut_anywhere() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/scenarios/affinity.rules");
    let whole = std::fs::read(path).expect("a dump");
    for end in (0..whole.len()).step_by(97) {
        let run = trace(&whole[..end]);
        assert!([0, 3].contains(&run.code), "cut at {end}: {}", run.stderr);
    }
}
