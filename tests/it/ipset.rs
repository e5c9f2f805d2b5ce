//! Rules that ask for sets: each packet of `testdata/ipset` hits the rules that its row names.

use std::io::Write;

use tempfile::NamedTempFile;

use crate::kpt::kpt;
use crate::sets;

#[test]
fn packets_hit_the_rules_that_the_kernel_says() {
    let mut wrong = Vec::new();
    for case in sets::all() {
        let mut file = NamedTempFile::new().expect("a temporary file");
        file.write_all(case.sets.as_bytes()).expect("room for it");
        let path = file.path().to_string_lossy().into_owned();
        for sent in &case.packets {
            let words = format!("trace --format json --node-ip 192.168.0.11 --ipset {path} {}", sent.arguments());
            let run = kpt(words.split(' '), case.dump(sent));
            assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", case.name);
            let answer = serde_json::from_str(&run.stdout).expect("JSON");
            let hits = sets::hits(&answer, &case.chain);
            if hits != sent.hits {
                wrong.push(format!("{}: {sent:?} hits {hits:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const SETS: &str = "create friends hash:net counters\nadd friends 10.0.0.0/8 packets 3 bytes 180\n\
    add friends 10.9.0.0/16 nomatch packets 0 bytes 0\ncreate ports bitmap:port range 0-1024\nadd ports 443\n\
    create doors hash:net,iface\nadd doors 0.0.0.0/0,eth1\n";

/// What kpt says of a packet to this host, with its exit code, given these rules of INPUT and sets.
fn trace(rules: &str, sets: &str, arguments: &str) -> (i32, String, String) {
    let mut file = NamedTempFile::new().expect("a temporary file");
    file.write_all(sets.as_bytes()).expect("room for it");
    let path = file.path().to_string_lossy().into_owned();
    let words = format!("trace --width 80 --node-ip 192.0.2.1 --ipset {path} -d 192.0.2.1 -p tcp {arguments}");
    let run = kpt(words.split(' '), format!("*filter\n:INPUT DROP [0:0]\n{rules}\nCOMMIT\n"));
    (run.code, run.stdout, run.stderr.replace(&path, "SETS"))
}

fn answered(rules: &str, arguments: &str) -> String {
    let (code, stdout, stderr) = trace(rules, SETS, arguments);
    assert_eq!((code, stderr.as_str()), (0, ""), "{stdout}");
    stdout
}

#[test]
fn a_client_that_is_not_given_is_asked_for_as_one_of_the_set() {
    let rules = "-A INPUT -m set --match-set friends src -s 10.9.1.1/32 -j ACCEPT\n\
        -A INPUT -m set --match-set friends src -j ACCEPT";
    insta::assert_snapshot!(answered(rules, "--dport 80 --all"));
    let one = answered(rules, "--dport 80 --minimal --assume ipset:friends:src:src=yes");
    insta::assert_snapshot!(one, @"delivered tcp * 192.0.2.1:80 - snat=no");
}

#[test]
fn a_port_and_an_interface_are_asked_for() {
    let rules = "-A INPUT -m set --match-set ports dst -j ACCEPT\n-A INPUT -m set --match-set doors src,src -j ACCEPT";
    insta::assert_snapshot!(answered(rules, "-s 10.0.0.1"));
}

#[test]
fn counters_run_on_after_the_save() {
    let rules = "-A INPUT -m set --match-set friends src --packets-gt 9 -j ACCEPT";
    insta::assert_snapshot!(answered(rules, "-s 10.0.0.1"));
}

#[test]
fn what_a_rule_has_changed_is_not_answered_from_the_save() {
    let rules = "-A INPUT -j SET --del-set friends src\n-A INPUT -m set --match-set friends src -j ACCEPT\n\
        -A INPUT -j SET --add-set seen src\n-A INPUT -m set --match-set seen src -j REJECT";
    insta::assert_snapshot!(answered(rules, "-s 10.0.0.1"));
}

#[test]
fn a_file_that_cannot_be_used_is_told() {
    let rules = "-A INPUT -m set --match-set friends src -j ACCEPT";
    let said = |sets: &str| {
        let (code, stdout, stderr) = trace(rules, sets, "-s 10.0.0.1 --minimal");
        format!("{code}\n{stdout}{stderr}")
    };
    insta::assert_snapshot!(said("*filter\nCOMMIT\n"));
    insta::assert_snapshot!(said(&format!("{SETS}add friends 10.0.0.0/33\n")));
    insta::assert_snapshot!(said(""), @"
    0
    undetermined tcp 10.0.0.1 192.0.2.1 - snat=no
    ");
}
