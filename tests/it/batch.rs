//! `kpt trace --batch`: each packet of a list is answered as it is when it is asked about alone.

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use kpt::analyze::{self, Asker, Brief};
use kpt::logic::Assumptions;
use kpt::packet::{Host, Packet, Protocol, Value};
use kpt::ruleset::Ruleset;
use kpt::save::{Family, scan};
use kpt::walk::Limits;

use crate::corpus;
use crate::draw::Draw;
use crate::draw::rules::Rules;
use crate::kpt::{kpt, run};
use crate::scenario;

/// Addresses of each kind that are asked about in one dump.
const ADDRESSES: usize = 6;
const KUBE: &str = "testdata/scenarios/kube-1.30.rules";

/// Addresses behind this option, spread over the rules, and one that no rule names.
fn addresses(rules: &str, option: &str, family: Family) -> Vec<IpAddr> {
    let named = rules.split(option).skip(1);
    let named = named.filter_map(|rest| rest.split(['/', ' ', ':', '\n']).next()?.parse().ok());
    let named: BTreeSet<IpAddr> = named.filter(|address| Family::of(*address) == family).collect();
    let step = named.len().div_ceil(ADDRESSES).max(1);
    let nowhere = if family == Family::V4 { "203.0.113.7" } else { "2001:db8::7" };
    named.into_iter().step_by(step).chain(nowhere.parse()).collect()
}

/// Packets from and to what the rules name. Sources come several times for each destination, as they do in a list.
fn packets(rules: &str, family: Family) -> Vec<Packet> {
    let (sources, destinations) = (addresses(rules, "-s ", family), addresses(rules, "-d ", family));
    let mut packets = Vec::new();
    for dst in destinations {
        for (src, sport) in sources.iter().flat_map(|src| [(*src, 40_000), (*src, 22)]) {
            for (protocol, dport) in [(Protocol::TCP, 80), (Protocol::UDP, 53)] {
                let mut packet = Packet::unknown(family, false);
                (packet.src, packet.dst) = (Value::Known(src), Value::Known(dst));
                (packet.sport, packet.dport) = (Value::Known(sport), Value::Known(dport));
                packet.protocol = Value::Known(protocol);
                packets.push(packet);
            }
        }
    }
    packets
}

/// How many packets were asked about, each in both ways.
fn check(name: &str, rules: &str) -> usize {
    let ((documents, _), host) = (scan(rules, None), Host::default());
    let mut asked = 0;
    for family in [Family::V4, Family::V6] {
        let documents: Vec<_> = documents.iter().filter(|one| one.family == Some(family)).cloned().collect();
        if documents.is_empty() {
            continue;
        }
        let ruleset = Ruleset::merged(documents);
        let asker = Asker::new(&ruleset, &host, Assumptions::default(), true, |brief| format!("{brief:?}"));
        for packet in packets(rules, family) {
            let alone = analyze::trace(&ruleset, &host, &packet, Assumptions::default(), Limits::NEAR);
            let alone = format!("{:?}", Brief::of(&alone));
            assert_eq!(*asker.ask(&packet), alone, "{name}: {:?}:{:?} to {:?}", packet.src, packet.sport, packet.dst);
            asked += 1;
        }
    }
    asked
}

#[test]
fn packets_of_scenarios_are_answered_as_if_they_were_alone() {
    let asked: usize =
        scenario::all().iter().map(|one| check(&one.rules.display().to_string(), &read(&one.rules))).sum();
    assert!(asked > 1000, "only {asked} packets");
}

#[test]
fn packets_of_real_dumps_are_answered_as_if_they_were_alone() {
    for path in corpus::dumps("") {
        check(&path.display().to_string(), &read(&path));
    }
}

#[test]
fn packets_to_drawn_rules_are_answered_as_if_they_were_alone() {
    for seed in 1..=300 {
        let v6 = seed % 3 == 0;
        check(&format!("seed {seed}"), &Rules::draw_random(&mut Draw::new(seed), v6).text());
    }
}

fn read(path: &PathBuf) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    String::from_utf8_lossy(&fs::read(path).expect("a dump")).into_owned()
}

#[test]
fn a_list_in_any_form() {
    let columns = "dst,dport,src\n172.30.0.41,80,10.180.0.7\n";
    let bare = "10.180.0.7,172.30.0.41:80,tcp\n";
    let objects = r#"{"dst": "172.30.0.41:80", "src": "10.180.0.7"}"#;
    let tracked = "tcp 6 86399 ESTABLISHED src=10.180.0.7 dst=172.30.0.41 dport=80 src=10.180.0.4 dst=10.180.0.7\n";
    let answer = run(&format!("trace -f {KUBE} -s 10.180.0.7 -d 172.30.0.41:80 --minimal")).stdout;
    assert!(answer.starts_with("delivered tcp 10.180.0.7 172.30.0.41:80 "), "{answer}");
    for list in [columns, bare, objects, tracked] {
        let answered = kpt(["trace", "-f", KUBE, "--batch", "-"], list);
        assert_eq!((answered.stdout.as_str(), answered.code), (answer.as_str(), 0), "{list}");
    }
}

#[test]
fn lines_that_cannot_be_read_are_named_and_cost_only_themselves() {
    let list = "# clients\nsrc,dst,proto\n10.180.0.7,172.30.0.41:80,tcp\n\n10.180.0.7,172.30.0.300,tcp\n\
                2001:db8::1,2001:db8::2,udp\n,172.30.0.44:80,carrier-pigeon\n,10.9.8.7,\n";
    let text = kpt(["trace", "-f", KUBE, "--batch", "-"], list);
    assert_eq!(text.code, 3);
    assert_snapshot!(text.stdout);
    let json = kpt(["trace", "-f", KUBE, "--batch", "-", "--format", "json"], list);
    assert_eq!(json.code, 3);
    assert_snapshot!(json.stdout);
}

#[test]
fn an_answer_that_was_not_expected_is_a_finding() {
    let list = "dst\n172.30.0.41:80\n172.30.0.42:80\n";
    let met = |expected| kpt(["trace", "-f", KUBE, "--batch", "-", "--expect", expected], list).code;
    assert_eq!((met("delivered"), met("dropped")), (0, 1));
}

#[test]
fn one_stream_is_not_two_things() {
    let run = kpt(["trace", "--batch", "-"], "dst\n10.0.0.1\n");
    assert_eq!(run.code, 2);
    assert_snapshot!(run.stderr);
}
