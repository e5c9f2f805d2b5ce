//! `kpt logs`: lines that kernels wrote, beside the rules they came from, and beside rules that are others.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::kpt::{Run, kpt};

/// The founding scenario's rules.
const NODEPORT: &str = "testdata/scenarios/nodeport.rules";
/// Rules of which one can be changed.
const WEB: &str = "testdata/logs/web.rules";

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a file of testdata")
}

fn json(rules: &str, log: &str) -> Value {
    let Run { stdout, stderr, .. } = kpt(["logs", "--format", "json", "-f", rules], log);
    serde_json::from_str(&stdout).unwrap_or_else(|error| panic!("{error}: {stdout}\n{stderr}"))
}

/// What the log shows of a connection: Service, endpoint, mark, outcome, whether its source is rewritten, lines shown.
fn taken(connection: &Value) -> (String, String, String, bool, usize) {
    let path = &connection["trace"]["worlds"][0]["paths"][0];
    let packet = &path["packet"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    assert!(connection["parting"].is_null(), "{:#}", connection["parting"]);
    (
        text(&connection["trace"]["service"]["name"]) + " " + &text(&connection["trace"]["outcome"]),
        format!("{}:{}", text(&packet["dst"]), packet["dport"]),
        text(&packet["mark"]),
        !path["snat"].is_null(),
        connection["lines"].as_array().expect("lines").len(),
    )
}

/// The chains of a path, each once where it is gone through without a break.
fn chains(connection: &Value) -> Vec<String> {
    let steps = connection["trace"]["worlds"][0]["paths"][0]["steps"].as_array().expect("steps");
    let mut chains: Vec<String> =
        steps.iter().map(|step| format!("{} {}", step["table"], step["chain"]).replace('"', "")).collect();
    chains.dedup();
    chains
}

fn check_report(answer: &Value) {
    let connections = answer["connections"].as_array().expect("connections");
    let expected = [
        ("172.17.0.2:80", "0x4000", true, 8),
        ("172.17.0.4:80", "0x0", false, 6),
        ("172.17.0.4:80", "0x4000", true, 7),
    ];
    assert_eq!(connections.len(), expected.len());
    for (connection, (endpoint, mark, snat, lines)) in connections.iter().zip(expected) {
        let service = "nginx-service-nodeport delivered".to_owned();
        assert_eq!(taken(connection), (service, endpoint.into(), mark.into(), snat, lines));
        assert_eq!(connection["ways"], 1);
    }
    let way = [
        "nat OUTPUT",
        "nat KUBE-SERVICES",
        "nat KUBE-NODEPORTS",
        "nat KUBE-MARK-MASQ",
        "nat KUBE-NODEPORTS",
        "nat KUBE-SVC-I64SNEMOLCWHJHS3",
        "nat KUBE-SEP-MMWJ6M2J72TU3J64",
        "filter OUTPUT",
        "nat POSTROUTING",
        "nat KUBE-POSTROUTING",
    ];
    assert_eq!(chains(&connections[0]), way);
    let forward = chains(&connections[2]);
    assert!(forward.contains(&"filter FORWARD".into()) && forward.contains(&"nat KUBE-SEP-74XRUOWV76LDS3ID".into()));
}

#[test]
fn the_founding_logs_give_the_whole_path() {
    check_report(&json(NODEPORT, &read("testdata/logs/nodeport.log")));
}

/// The report itself, as the log, with all its words around the lines.
#[test]
fn the_founding_report_is_a_log() {
    let report = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seeds/kube-proxy-forwarding-analysis.zh.txt");
    match fs::read_to_string(&report) {
        Ok(report) => check_report(&json(NODEPORT, &report)),
        Err(_) => println!("skipped: no founding report beside this checkout"),
    }
}

/// The order of the lines, what stands before them, and how they end does not matter.
#[test]
fn loggers_do_not_matter() {
    let log = read("testdata/logs/nodeport.log");
    let reversed = log.lines().rev().collect::<Vec<_>>().join("\n");
    let mut answer = json(NODEPORT, &reversed);
    answer["connections"].as_array_mut().expect("connections").reverse();
    check_report(&answer);
    for stamp in ["2026-11-23T09:15:02+0000 node1 kernel: ", "[ 8211.104201] ", "kern  :warn  : [ 8211.1] ", ""] {
        let words = |line: &str| stamp.to_owned() + line.split_once("kernel: ").map_or(line, |(_, rest)| rest);
        let stamped = log.lines().map(words).collect::<Vec<_>>().join("\r\n");
        check_report(&json(NODEPORT, &stamped));
    }
}

#[test]
fn monitors_are_read() {
    for (log, lines, endpoint) in [("xtables-monitor", 9, "172.17.0.3:80"), ("nft", 9, "172.17.0.3:80")] {
        let answer = json(NODEPORT, &read(&format!("testdata/logs/{log}.log")));
        let (service, found, mark, _, shown) = taken(&answer["connections"][0]);
        assert_eq!(
            (&*service, &*found, &*mark, shown),
            ("nginx-service-nodeport delivered", endpoint, "0x4000", lines)
        );
    }
}

#[test]
fn a_trace_of_the_legacy_backend_is_read() {
    let answer = json(WEB, &read("testdata/logs/trace.log"));
    let connection = &answer["connections"][0];
    let (_, endpoint, ..) = taken(connection);
    assert_eq!(endpoint, "10.1.0.7:8080");
    let shown = connection["shown"].as_array().expect("lines");
    assert_eq!(shown.iter().filter(|line| !line.is_null()).count(), 4, "{shown:?}");
}

/// Where kernel and prediction part when one rule of the dump is another one.
fn parting(change: [&str; 2], log: &str) -> (i32, String, u64, u64) {
    let rules = read(WEB);
    assert!(rules.contains(change[0]));
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::io::Write::write_all(&mut file, rules.replace(change[0], change[1]).as_bytes()).expect("room");
    let path = file.path().to_string_lossy().into_owned();
    let run = kpt(["logs", "--format", "json", "-f", &path], log);
    let answer: Value = serde_json::from_str(&run.stdout).expect("JSON");
    let parting = &answer["connections"][0]["parting"];
    let text = parting["difference"].as_str().unwrap_or_default().to_owned();
    (run.code, text, parting["line"].as_u64().unwrap_or(0), answer["summary"]["parted"].as_u64().expect("a number"))
}

#[test]
fn the_first_difference_is_found() {
    let log = read("testdata/logs/trace.log");
    let to = |change| parting(change, &log);
    assert_eq!(to(["10.1.0.7:8080", "10.1.0.8:8080"]), (1, "destination".into(), 3, 1));
    assert_eq!(to(["--dport 80 -j WEB", "--dport 81 -j WEB"]), (1, "elsewhere".into(), 1, 1));
    assert_eq!(to(["-s 10.9.0.0/16", "-s 10.5.0.0/16"]), (1, "elsewhere".into(), 2, 1));
    assert_eq!(to(["-A WEB -s 10.9.0.0/16 -j RETURN\n", ""]), (1, "no-such-rule".into(), 2, 1));
    assert_eq!(to([":WEB - [0:0]", ":WEB - [0:0]"]), (0, String::new(), 0, 0));
}

/// A destination that is the host's own after all: the log corrects what is taken for granted.
#[test]
fn an_assumption_is_corrected() {
    let log = "x: IN=eth0 OUT= MAC= SRC=10.0.0.9 DST=10.0.0.5 LEN=60 TTL=64 ID=5 PROTO=TCP SPT=1 DPT=22 SYN\n\
               in: IN=eth0 OUT= MAC= SRC=10.0.0.9 DST=10.0.0.5 LEN=60 TTL=64 ID=5 PROTO=TCP SPT=1 DPT=22 SYN\n";
    let rules = "*raw\n:PREROUTING ACCEPT [0:0]\n-A PREROUTING -j LOG --log-prefix \"x: \"\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n\
                 :FORWARD ACCEPT [0:0]\n-A INPUT -m recent --rcheck --name seen --rsource -j LOGGED\n:LOGGED - [0:0]\n\
                 -A LOGGED -j LOG --log-prefix \"in: \"\nCOMMIT\n";
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::io::Write::write_all(&mut file, rules.as_bytes()).expect("room");
    let answer = json(&file.path().to_string_lossy(), log);
    let connection = &answer["connections"][0];
    assert!(connection["parting"].is_null(), "{connection:#}");
    let corrected = [&connection["corrected"][0]["fact"], &connection["corrected"][1]["fact"]];
    assert_eq!(corrected, ["local:10.0.0.5", "recent:seen:src"]);
    assert_eq!(answer["summary"]["lost"][0]["chain"], "INPUT");
}

#[test]
fn a_summary_counts_endpoints() {
    let line = |port: u16, endpoint: &str| {
        let packet = |prefix: &str, dst: &str, dport: u16| {
            format!(
                "{prefix}IN=eth0 OUT={} MAC= SRC=10.7.0.1 DST={dst} LEN=60 TTL=64 ID={port} PROTO=TCP SPT={port} DPT={dport} SYN\n",
                if dport == 80 && !prefix.starts_with("nat") { "docker0" } else { "" }
            )
        };
        packet("nat PREROUTING ", "10.254.198.92", 80) + &packet("filter FORWARD ", endpoint, 80)
    };
    let log: String = (0..300).map(|n| line(1000 + n, &format!("172.17.0.{}", 2 + n % 3))).collect();
    // Connections of one kind are looked at once; the sum is that of looking at each.
    let each = json(NODEPORT, &log);
    let once = kpt(["logs", "--summary", "--format", "json", "-f", NODEPORT], log.as_str());
    let once: Value = serde_json::from_str(&once.stdout).expect("JSON");
    assert_eq!(each["summary"], once["summary"]);
    let run = kpt(["logs", "--summary", "-f", NODEPORT], log);
    assert_eq!(run.code, 0, "{}", run.stdout);
    for words in ["300 connections  300 delivered", "172.17.0.2:80", "33.333 %", "as the rules let expect"] {
        assert!(run.stdout.contains(words), "{words}:\n{}", run.stdout);
    }
}

/// A pipe that is followed is told from while it is open, and its end is the end.
#[test]
fn a_pipe_is_followed() {
    let log = read("testdata/logs/nodeport.log");
    let followed = kpt(["logs", "--follow", "-f", NODEPORT], log.as_str());
    assert_eq!(followed.stdout, kpt(["logs", "-f", NODEPORT], log).stdout);
}

#[test]
fn nothing_of_a_log_steers_the_terminal() {
    let log = "\x1b[31mIN= OUT=lo SRC=192.168.0.11 DST=192.168.0.11 LEN=60 ID=1 PROTO=TCP SPT=1 DPT=2 SYN\n";
    let run = kpt(["logs", "-f", NODEPORT], log);
    assert!(!run.stdout.contains('\x1b') && run.stdout.contains("\\u{1b}[31m"), "{}", run.stdout);
}
