//! The index of long chains changes no answer: a packet meets the same rules as if each had been tried.
//!
//! The chains are read twice. Behind the rules of the second stand as many that take no packet and ask for no destination, which
//! makes an index not worth its while: that one is tried rule by rule.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::net::IpAddr;

use kpt::analyze::{self, Brief};
use kpt::logic::Assumptions;
use kpt::packet::{Host, Packet, Protocol, Value};
use kpt::ruleset::{Destination, Ruleset};
use kpt::save::{Family, TableName, scan};
use kpt::walk::Limits;

use crate::corpus;
use crate::draw::Draw;
use crate::dump::{self, Shape, Version};

/// Packets that are asked about in each dump.
const PACKETS: u32 = 60;

/// The same rules, with none that has an index. No mark is 1 in none of its bits.
fn without_index(rules: &str) -> String {
    let mut text = String::new();
    let mut chains: BTreeMap<&str, usize> = BTreeMap::new();
    for line in rules.lines() {
        if line.starts_with("COMMIT") {
            for (chain, count) in std::mem::take(&mut chains) {
                let _ = write!(text, "{}", format!("-A {chain} -m mark --mark 0x1/0x0 -j RETURN\n").repeat(count + 1));
            }
        } else if let Some(chain) = line.strip_prefix("-A ").and_then(|rest| rest.split(' ').next()) {
            *chains.entry(chain).or_default() += 1;
        }
        let _ = writeln!(text, "{line}");
    }
    text
}

fn answers(rules: &str, packets: &[Packet]) -> Vec<String> {
    let family = packets.first().map(|packet| packet.family);
    let documents = scan(rules, None).0.into_iter().filter(|document| document.family == family);
    let (ruleset, host) = (Ruleset::merged(documents.collect()), Host::default());
    let ask = |packet| analyze::trace(&ruleset, &host, packet, Assumptions::default(), Limits::NEAR);
    packets.iter().map(|packet| format!("{:?}", Brief::of(&ask(packet)))).collect()
}

/// Packets to what the rules ask for, and beside it; sometimes a part is not known.
fn packets(rules: &str, draw: &mut Draw) -> Vec<Packet> {
    let after = |option| rules.split(option).skip(1).filter_map(|rest: &str| rest.split(['/', ' ', '\n', ':']).next());
    let addresses: Vec<IpAddr> =
        after("-d ").filter_map(|word| word.parse().ok()).filter(|address: &IpAddr| address.is_ipv4()).collect();
    let ports: Vec<u16> = after("--dport ").filter_map(|word| word.parse().ok()).collect();
    let mut packet = || {
        let mut packet = Packet::unknown(Family::V4, draw.percent(20));
        let somewhere = draw.address(false);
        let dst = if addresses.is_empty() || draw.percent(20) { somewhere } else { draw.of(&addresses) };
        let dport = if ports.is_empty() || draw.percent(20) { draw.port() } else { draw.of(&ports) };
        packet.dst = Value::Known(dst);
        packet.protocol = Value::Known(if draw.percent(80) { Protocol::TCP } else { Protocol::UDP });
        if draw.percent(90) {
            packet.dport = Value::Known(dport);
        }
        if draw.percent(50) {
            packet.src = Value::Known("203.0.113.7".parse().expect("an address"));
        }
        packet
    };
    (0..PACKETS).map(|_| packet()).collect()
}

fn check(name: &str, rules: &str, draw: &mut Draw) {
    let packets = packets(rules, draw);
    let (indexed, linear) = (answers(rules, &packets), answers(&without_index(rules), &packets));
    for ((packet, indexed), linear) in packets.iter().zip(indexed).zip(linear) {
        assert_eq!(indexed, linear, "{name}: {packet:?}");
    }
}

#[test]
fn answers_to_large_dumps_are_the_same() {
    for (seed, version) in (1..).zip([Version::V15, Version::V20, Version::V23, Version::V30]) {
        let (affinity, node_ports, empty, comments) = (20, 40, 10, true);
        let shape = Shape { services: 90, endpoints: 3, affinity, node_ports, empty, version, comments };
        let mut text = Vec::new();
        dump::write(&shape, &mut text).expect("memory");
        let text = String::from_utf8(text).expect("a dump is ASCII");
        assert_eq!((skips(&text), skips(&without_index(&text))), (true, false));
        check("generated", &text, &mut Draw::new(seed));
    }
}

/// Does a packet to nowhere skip rules of `KUBE-SERVICES`?
fn skips(rules: &str) -> bool {
    let ruleset = Ruleset::merged(scan(rules, None).0);
    let nowhere = Destination { address: Some(IpAddr::from([192, 0, 2, 1])), port: Some(9) };
    let chain = ruleset.find_any(TableName::Nat, "KUBE-SERVICES").next().expect("the chain");
    ruleset.next_rule(chain, 0, nowhere) > 0
}

#[test]
fn answers_to_real_dumps_are_the_same() {
    for path in corpus::dumps("") {
        let rules = String::from_utf8_lossy(&fs::read(&path).expect("a dump")).into_owned();
        // A listing or a part of a dump has no table to stand in.
        if rules.starts_with('#') || rules.starts_with('*') {
            check(&path.display().to_string(), &rules, &mut Draw::new(1));
        }
    }
}

#[test]
fn answers_to_drawn_chains_are_the_same() {
    for seed in 1..=60 {
        let draw = &mut Draw::new(seed);
        let mut rules = "*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n:LONG - [0:0]\n\
                         -A INPUT -j LONG\n-A FORWARD -j LONG\n-A OUTPUT -j LONG\n"
            .to_owned();
        for _ in 0..120 {
            let _ = writeln!(rules, "-A LONG {}", rule(draw));
        }
        rules.push_str("COMMIT\n");
        check(&format!("seed {seed}"), &rules, draw);
    }
}

/// A rule that asks for one destination, in most cases.
fn rule(draw: &mut Draw) -> String {
    let address = format!("10.0.0.{}", draw.below(16));
    let port = 80 + draw.below(8);
    let asked = match draw.below(10) {
        0..4 => format!("-d {address}/32 "),
        4..7 => format!("-p tcp -m tcp --dport {port} "),
        7 => format!("! -d {address}/32 -p udp -m udp --dport {port} "),
        8 => format!("-d {address}/30 -p tcp -m multiport --dports {port},22 "),
        _ => format!("-p tcp -m tcp --dport {port}:{} ", port + 2),
    };
    let more = match draw.below(8) {
        0 => "-m recent --set --name seen --mask 255.255.255.255 --rsource ",
        1 => "-m statistic --mode random --probability 0.50000000000 ",
        2 => "-s 203.0.113.0/24 ",
        _ => "",
    };
    let target = ["RETURN", "MARK --set-xmark 0x1/0x1", "DROP", "ACCEPT", "LOG", "RETURN", "MARK --set-xmark 0x2/0x2"];
    let (asked, more) = if more.starts_with("-s") { (more.to_owned() + &asked, "") } else { (asked, more) };
    format!("{asked}{more}-j {}", draw.of(&target))
}
