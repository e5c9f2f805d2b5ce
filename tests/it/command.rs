//! What a person sees and what a script relies on: texts, exit codes, standard error.

use std::fmt::Write as _;

use crate::kpt::{Run, kpt, run};

const NODE_PORT: &str = "trace --width 80 -f testdata/scenarios/nodeport.rules";
const AFFINITY: &str = "trace --width 80 -f testdata/scenarios/affinity.rules -d 172.30.132.253:80";

fn answered(run: Run) -> String {
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{}", run.stdout);
    run.stdout
}

#[test]
fn from_outside_to_a_node_port() {
    let line = format!("{NODE_PORT} -s 115.236.50.21 -i eth0 -d 192.168.0.11:32110 --node-ip 192.168.0.11");
    insta::assert_snapshot!(answered(run(&line)));
}

#[test]
fn from_a_pod_to_its_own_service() {
    insta::assert_snapshot!(answered(run(&format!("{NODE_PORT} -s 172.17.0.2 -i docker0 -d 10.254.198.92:80"))));
}

#[test]
fn from_the_node_to_a_cluster_ip_in_full() {
    let line = format!("{NODE_PORT} -s 192.168.0.11 -d 10.254.198.92:80 --node-ip 192.168.0.11 --all");
    insta::assert_snapshot!(answered(run(&line)));
}

#[test]
fn from_the_node_to_its_node_port() {
    let line = format!("{NODE_PORT} -s 192.168.0.11 -d 192.168.0.11:32110 --node-ip 192.168.0.11 --summary");
    insta::assert_snapshot!(answered(run(&line)));
}

#[test]
fn a_node_port_without_its_address() {
    insta::assert_snapshot!(answered(run(&format!("{NODE_PORT} -d 192.168.0.11:32110 --summary"))));
}

#[test]
fn session_affinity() {
    insta::assert_snapshot!(answered(run(AFFINITY)));
}

#[test]
fn a_client_that_is_remembered() {
    let line = format!("{AFFINITY} --assume recent:KUBE-SEP-CDQIKEVSTA766BRK:src=yes --summary");
    insta::assert_snapshot!(answered(run(&line)));
}

#[test]
fn one_stable_line() {
    insta::assert_snapshot!(answered(run(&format!("{NODE_PORT} -d 10.254.198.92:80 --minimal"))), @"delivered tcp * 10.254.198.92:80 default/nginx-service-nodeport 172.17.0.2:80=0.333330 172.17.0.3:80=0.333335 172.17.0.4:80=0.333335 snat=no");
}

#[test]
fn a_service_by_name() {
    insta::assert_snapshot!(
        answered(run(&format!("{NODE_PORT} --service default/nginx-service-nodeport --minimal"))),
        @"delivered tcp * 10.254.198.92:80 default/nginx-service-nodeport 172.17.0.2:80=0.333330 172.17.0.3:80=0.333335 172.17.0.4:80=0.333335 snat=no"
    );
}

#[test]
fn the_json_format() {
    let run = run(&format!("{NODE_PORT} -s 172.17.0.2 -i docker0 -d 10.254.198.92:80 --format json"));
    let answer: serde_json::Value = serde_json::from_str(&answered(run)).expect("JSON");
    insta::assert_snapshot!(serde_json::to_string_pretty(&answer).expect("JSON"));
}

const FIREWALL: &str = "*filter\n:INPUT DROP [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n\
    -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n\
    -A INPUT -i lo -j ACCEPT\n\
    -A INPUT -p tcp -m tcp --dport 22 -m limit --limit 3/min -j LOG --log-prefix \"ssh: \"\n\
    -A INPUT -s 10.0.0.0/8 -p tcp -m tcp --dport 22 -j ACCEPT\n\
    -A INPUT -p tcp -m set --match-set friends src -m tcp --dport 80 -j ACCEPT\n\
    -A INPUT -p tcp -m tcp --dport 23 -j REJECT --reject-with tcp-reset\nCOMMIT\n";

fn firewall(arguments: &str) -> String {
    let words = "trace --width 80 --node-ip 192.0.2.1".split(' ').chain(arguments.split(' '));
    answered(kpt(words, FIREWALL))
}

#[test]
fn a_drop_shows_its_nearest_miss() {
    insta::assert_snapshot!(firewall("-d 192.0.2.1:22 -s 203.0.113.9"));
}

#[test]
fn a_client_that_is_not_given_is_every_client() {
    insta::assert_snapshot!(firewall("-d 192.0.2.1:22"));
}

#[test]
fn what_only_an_ipset_knows_is_asked_for() {
    insta::assert_snapshot!(firewall("-d 192.0.2.1:80 -s 203.0.113.9"));
    insta::assert_snapshot!(firewall("-d 192.0.2.1:80 -s 203.0.113.9 --assume ipset:friends:src:203.0.113.9=yes --minimal"), @"delivered tcp 203.0.113.9 192.0.2.1:80 - snat=no");
}

#[test]
fn a_rejection() {
    insta::assert_snapshot!(firewall("-d 192.0.2.1:23 -s 203.0.113.9"));
}

/// A sidecar that takes in what comes, as Istio sets it up.
const PROXY: &str = "*mangle\n:PREROUTING ACCEPT [0:0]\n:taken - [0:0]\n\
    -A PREROUTING -p tcp -j taken\n\
    -A taken ! -d 127.0.0.1/32 -p tcp -j TPROXY --on-port 15006 --on-ip 0.0.0.0 --tproxy-mark 0x539/0xffffffff\n\
    -A PREROUTING -j DROP\nCOMMIT\n";

#[test]
fn a_proxy_takes_what_is_for_another_host() {
    let words = "trace --width 80 -s 10.1.1.1 -i eth0 -d 10.244.0.6:8080";
    insta::assert_snapshot!(answered(kpt(words.split(' '), PROXY)));
    let answer = answered(kpt(words.split(' ').chain(["--format", "json"]), PROXY));
    let answer: serde_json::Value = serde_json::from_str(&answer).expect("JSON");
    let packet = &answer["worlds"][0]["paths"][0]["packet"];
    assert_eq!((packet["socket"].as_u64(), packet["mark"].as_str()), (Some(15006), Some("0x539")));
}

#[test]
fn a_queue_is_told_with_what_is_if_no_program_listens() {
    let rules = "*filter\n:INPUT ACCEPT [0:0]\n\
        -A INPUT -m statistic --mode random --probability 0.25 -j NFQUEUE --queue-num 1 --queue-bypass\n\
        -A INPUT -p tcp -m tcp --dport 23 -j DROP\nCOMMIT\n";
    let words = "trace --width 80 -s 10.1.1.1 -i eth0 -d 192.0.2.1:23 --node-ip 192.0.2.1";
    insta::assert_snapshot!(answered(kpt(words.split(' '), rules)));
}

#[test]
fn the_moment_decides_where_it_is_given() {
    let rules =
        "*filter\n:INPUT DROP [0:0]\n-A INPUT -m time --timestart 08:00:00 --timestop 18:00:00 -j ACCEPT\nCOMMIT\n";
    let outcome = |at: &str| {
        let words = format!("trace --minimal -d 192.0.2.1:22 --node-ip 192.0.2.1 {at}");
        let line = answered(kpt(words.split_whitespace(), rules));
        line.split(' ').next().map(str::to_owned).unwrap_or_default()
    };
    let moments = ["", "--at 2026-11-23T09:00:00", "--at 2026-11-23T09:00:00+02:00", "--at 2026-11-23T18:00:01Z"];
    assert_eq!(moments.map(outcome), ["undetermined", "delivered", "dropped", "dropped"]);
}

#[test]
fn a_later_packet_follows_what_nat_made_of_the_first() {
    let dump = "-f testdata/scenarios/nodeport.rules";
    insta::assert_snapshot!(answered(run(&format!(
        "trace {dump} --width 80 -d 10.254.198.92:80 --ctstate ESTABLISHED"
    ))));
}

#[test]
fn what_a_rule_adds_to_an_ipset_is_in_it() {
    let rules = "*filter\n:INPUT ACCEPT [0:0]\n\
        -A INPUT -p tcp -m tcp --dport 23 -j SET --add-set bad src --exist\n\
        -A INPUT -p tcp -m tcp --dport 24 -j SET --del-set bad src\n\
        -A INPUT -m set --match-set bad src -j DROP\nCOMMIT\n";
    let outcome = |port: &str| {
        let words = format!("trace --minimal -s 10.1.1.1 -i eth0 -d 192.0.2.1:{port} --node-ip 192.0.2.1");
        let line = answered(kpt(words.split(' '), rules));
        line.split(' ').next().map(str::to_owned).unwrap_or_default()
    };
    // What is taken out may still be part of a network that is in it.
    assert_eq!(["22", "23", "24"].map(outcome), ["undetermined", "dropped", "undetermined"]);
}

#[test]
fn a_prefix_that_is_translated_is_routed_anew() {
    let rules = "*mangle\n:PREROUTING ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n\
        -A PREROUTING -i eth0 -j DNPT --src-pfx fd00:a:1::/48 --dst-pfx 2001:db8:7::/48\n\
        -A FORWARD -d 2001:db8:7:696c:daf0:105b:a06c:5a1/128 -j DROP\nCOMMIT\n";
    let words = "trace --minimal -s fd00::1 -i eth0 -d fd00:a:1:9a20:daf0:105b:a06c:5a1";
    assert!(answered(kpt(words.split(' '), rules)).starts_with("dropped"));
}

#[test]
fn a_connection_although_its_first_packet_is_dropped() {
    let rules = "*filter\n:FORWARD DROP [0:0]\nCOMMIT\n";
    let words = "trace -s 10.0.0.7 -d 10.0.0.9:80 --ctstate ESTABLISHED --minimal".split(' ');
    insta::assert_snapshot!(answered(kpt(words, rules)), @"dropped tcp 10.0.0.7 10.0.0.9:80 - snat=no");
}

/// The exit code with what is said on standard error.
fn refused(run: &Run) -> String {
    assert_eq!(run.stdout, "");
    format!("{}\n{}", run.code, run.stderr)
}

#[test]
fn exit_codes() {
    let rules = "*filter\n:INPUT DROP\nCOMMIT\n";
    let trace = |more: &str| {
        let words = "trace --node-ip 10.0.0.1 -d 10.0.0.1:80 -q".split(' ').chain(more.split_whitespace());
        kpt(words, rules).code
    };
    assert_eq!(trace("--expect dropped"), 0);
    assert_eq!(trace("--expect delivered"), 1);
    assert_eq!(trace("--format json --expect delivered"), 1);
    assert_eq!(trace("--expect sometimes"), 2);
    assert_eq!(trace("--service default/web"), 2);
    assert_eq!(trace("-s ::1"), 2);
    assert_eq!(kpt(["trace", "-d", "10.0.0.1"], "").code, 3);
    assert_eq!(kpt(["trace", "-d", "10.0.0.1"], "hello\n").code, 3);
    assert_eq!(run("trace -d 10.0.0.1 -f testdata/none.rules").code, 3);
    assert_eq!(run("trace --help").code, 0);
}

#[test]
fn what_stops_it_is_said() {
    let mut said = String::new();
    for (arguments, input) in [
        ("trace -d 10.0.0.1", ""),
        ("trace -d 10.0.0.1", "hello\n"),
        ("trace -d 10.0.0.1 -f testdata/none.rules", ""),
        ("trace -d fd00::1 -f testdata/scenarios/nodeport.rules", ""),
        ("trace --service default/web -f testdata/scenarios/nodeport.rules", ""),
        ("trace -d 10.0.0.1 --addr README.md -f testdata/scenarios/nodeport.rules", ""),
    ] {
        let _ = writeln!(
            said,
            "$ kpt {arguments}\n{}",
            refused(&kpt(arguments.split(' ').chain(["--width", "80"]), input))
        );
    }
    insta::assert_snapshot!(said);
}

#[test]
fn a_bad_line_costs_that_line() {
    let rules = "*filter\n:INPUT DROP\n-A INPUT -p tcp -m tcp --dport eighty -j ACCEPT\nwhat is this\n\
        -A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\n-A INPUT -j NOWHERE\nCOMMIT\n*nat\n";
    let run = kpt("trace --width 80 --node-ip 10.0.0.1 -d 10.0.0.1:80".split(' '), rules);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(format!("{}\n{}", run.stdout, run.stderr));
}

#[test]
fn chains_in_a_circle_are_shown() {
    let rules = "*filter\n:INPUT DROP\n:A -\n:B -\n-A INPUT -j A\n-A A -p tcp -j B\n-A B -j A\nCOMMIT\n";
    let run = kpt("trace --width 80 --node-ip 10.0.0.1 -d 10.0.0.1:80".split(' '), rules);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(format!("{}\n{}", run.stdout, run.stderr));
}

#[test]
fn a_fact_that_no_rule_asks_for_may_be_given() {
    let rules = "*filter\n:INPUT ACCEPT\nCOMMIT\n";
    let answer = answered(kpt("trace -d 10.0.0.1:80 --assume local:10.0.0.1=yes --minimal".split(' '), rules));
    assert_eq!(answer, "delivered tcp * 10.0.0.1:80 - snat=no\n");
    let run = kpt("trace -d 10.0.0.1:80 --assume local:10.0.0.2=yes --minimal".split(' '), rules);
    assert!(run.stderr.contains("nothing asks for the fact `local:10.0.0.2`"), "{}", run.stderr);
}

#[test]
fn nothing_from_a_dump_steers_the_terminal() {
    let rules = "*filter\n:INPUT ACCEPT\n-A INPUT -m comment --comment \"\u{1b}[2J\u{202e}gnp\u{7}\" -j DROP\nCOMMIT\n";
    for format in ["text", "json"] {
        let run = kpt(["trace", "--node-ip", "10.0.0.1", "-d", "10.0.0.1:80", "--format", format], rules);
        let steers = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!run.stdout.contains(steers), "{:?}", run.stdout);
    }
}

#[test]
fn colour_is_for_terminals_and_those_who_ask() {
    let plain = run(&format!("{NODE_PORT} -d 10.254.198.92:80")).stdout;
    let coloured = run(&format!("{NODE_PORT} -d 10.254.198.92:80 --color always")).stdout;
    assert!(!plain.contains('\u{1b}'));
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn lines_fit_the_width() {
    for width in ["40", "80", "120"] {
        let text =
            run(&format!("trace --width {width} -f testdata/scenarios/nodeport.rules -d 10.254.198.92:80")).stdout;
        let long: Vec<_> =
            text.lines().filter(|line| line.chars().count() > width.parse().expect("a number")).collect();
        assert!(long.is_empty(), "wider than {width}: {long:#?}");
    }
}

#[test]
fn a_dump_without_end_is_answered() {
    // Two jumps in each chain of sixty to the next: 2^60 ways through.
    let mut rules = String::from("*filter\n:INPUT ACCEPT\n-A INPUT -j c0\n");
    for n in 0..60 {
        let _ = writeln!(rules, "-A c{n} -j c{}\n-A c{n} -j c{}", n + 1, n + 1);
    }
    rules += "-A c60 -j RETURN\nCOMMIT\n";
    let run = kpt("trace --node-ip 10.0.0.1 -d 10.0.0.1:80 --minimal".split(' '), rules);
    assert_eq!((run.code, run.stdout.as_str()), (0, "undetermined tcp * 10.0.0.1:80 - snat=no\n"));
}

#[test]
fn noise_is_refused() {
    // A linear congruence is noise enough, and the same on every run.
    let mut state = 1u32;
    let noise: Vec<u8> = (0..1_000_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    let run = kpt(["trace", "-d", "10.0.0.1"], noise);
    assert!([0, 3].contains(&run.code), "{}", run.code);
    assert!(!run.stderr.contains("panicked"));
}
