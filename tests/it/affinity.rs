//! What is said of session affinity: who is remembered, by which list, and how many.

use std::fs;

use crate::kpt::{kpt, run};

const TRACE: &str = "trace --width 90 -f testdata/scenarios/affinity.rules -s 10.129.1.99 -d 172.30.132.253:80";

/// A folder with copies of lists, each with the clients that it remembers and when.
fn lists(lists: &[(&str, &[(&str, u64)])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, clients) in lists {
        let line =
            |(client, tick): &(&str, u64)| format!("src={client} ttl: 64 last_seen: {tick} oldest_pkt: 1 {tick}\n");
        fs::write(folder.path().join(name), clients.iter().map(line).collect::<String>()).expect("room for it");
    }
    folder
}

/// The endpoints of a client, where the lists are known.
fn endpoints(folder: &tempfile::TempDir) -> String {
    let folder = folder.path().to_string_lossy().into_owned();
    let words = TRACE.split(' ').chain(["--summary", "--recent", &folder]);
    kpt(words, "").stdout
}

const FIRST: &str = "KUBE-SEP-BI762VOIAZZWU5S7";
const SECOND: &str = "KUBE-SEP-CDQIKEVSTA766BRK";
const THIRD: &str = "KUBE-SEP-W5HTO42ZVNHJQWBG";

#[test]
fn how_many_clients_are_remembered_is_said_for_so_many() {
    let all = run(&format!("{TRACE} --clients 400")).stdout;
    let (_, affinity) = all.split_once("affinity  by").expect("affinity");
    insta::assert_snapshot!(affinity.split("\n\n").next().expect("a part"));
    let larger = run(&format!("{TRACE} --clients 400 --recent-size 200")).stdout;
    assert!(larger.contains("200 clients a list (xt_recent ip_list_tot), so 600 at most"), "{larger}");
    assert!(larger.contains("of 400 clients 100.0 % are remembered"), "{larger}");
}

#[test]
fn lists_that_are_known_make_the_answer_certain() {
    let others: &[(&str, u64)] = &[("10.129.1.7", 4_300_000_000)];
    let none = endpoints(&lists(&[(FIRST, others), (SECOND, &[]), (THIRD, &[])]));
    assert!(none.contains("3 endpoints") && !none.contains("no list remembers"), "{none}");
    let noted: &[(&str, u64)] = &[("10.129.1.99", 4_300_000_000)];
    insta::assert_snapshot!(endpoints(&lists(&[(FIRST, &[]), (SECOND, noted), (THIRD, noted)])));
}

/// A list whose note is older than the time of the affinity, whatever the length of a tick.
#[test]
fn a_note_that_is_too_old_is_none() {
    let old: &[(&str, u64)] = &[("10.129.1.99", 4_300_000_000), ("10.129.1.7", 4_300_000_000 + 10_801_000)];
    let told = endpoints(&lists(&[(FIRST, old), (SECOND, &[]), (THIRD, &[])]));
    assert!(told.contains("3 endpoints"), "{told}");
}

#[test]
fn what_is_no_list_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("a"), "something else\n").expect("room for it");
    let path = folder.path().to_string_lossy().into_owned();
    let run = kpt(TRACE.split(' ').chain(["--recent", &path]), "");
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(run.stderr.contains("kpt::facts::"), "{}", run.stderr);
    assert_eq!(kpt(TRACE.split(' ').chain(["--recent", "none"]), "").code, 3);
}

/// Lists that are asked and never filled remember nobody.
#[test]
fn lists_that_nobody_fills_are_told() {
    let rules = fs::read_to_string("testdata/scenarios/affinity.rules").expect("a dump").replace("--set", "--rcheck");
    let told = kpt(["trace", "--width", "90", "-d", "172.30.132.253:80"], rules).stdout;
    assert!(told.contains("no list notes it, so that nobody is remembered"), "{told}");
}
