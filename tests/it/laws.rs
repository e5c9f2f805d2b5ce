//! Laws of facts: what is not known can only be one of the things that the answer already names.

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;
use serde_json::Value;

use crate::draw::Draw;
use crate::draw::rules::Rules;
use crate::kpt::kpt;
use crate::scenario;

/// Rules and packets that leave much open.
const QUESTIONS: [&str; 9] = [
    "-f testdata/scenarios/nodeport.rules -d 10.254.198.92:80",
    "-f testdata/scenarios/nodeport.rules -d 192.168.0.11:32110",
    "-f testdata/scenarios/nodeport.rules -d 10.254.198.92:80 --ctstate ESTABLISHED",
    "-f testdata/scenarios/affinity.rules -d 10.254.162.44:80",
    "-f testdata/scenarios/affinity.rules -d 192.168.0.11:32111",
    "-f testdata/scenarios/kube-1.30.rules -d 172.30.0.41:80",
    "-f testdata/scenarios/kube-1.30.rules -d 192.168.0.11:3001 --local",
    "-f testdata/scenarios/clauses.rules -d 10.0.0.9:80",
    "-f testdata/scenarios/clauses.rules -d 10.0.0.9 -p udp --dport 53",
];

#[test]
fn giving_a_fact_adds_no_outcome() {
    let given: usize = QUESTIONS.iter().map(|question| give_every_fact(question, "").expect("every world")).sum();
    assert!(given > 100, "only {given} facts were given");
}

#[test]
fn giving_a_fact_of_a_scenario_adds_no_outcome() {
    let mut given = 0;
    for scenario in scenario::all() {
        let destination = |row: &scenario::Row| {
            let words: Vec<_> = row.arguments().collect();
            let pairs = words.windows(2).filter(|pair| matches!(pair[0], "-d" | "-p"));
            pairs.map(|pair| pair.join(" ")).collect::<Vec<_>>().join(" ")
        };
        let destinations: BTreeSet<_> = scenario.packets.iter().map(destination).collect();
        // A few of each, not always the first.
        let every = destinations.len().div_ceil(3);
        for destination in destinations.iter().step_by(every) {
            let question = format!("-f {} {destination}", scenario.rules.display());
            given += give_every_fact(&question, "").unwrap_or_else(|| {
                println!("too many worlds: {question}");
                0
            });
        }
    }
    assert!(given > 300, "only {given} facts were given");
}

#[test]
fn giving_a_fact_of_drawn_rules_adds_no_outcome() {
    let mut given = 0;
    for seed in 1..=30 {
        let mut draw = Draw::new(seed);
        let mut rules = Rules::draw_random(&mut draw, false);
        // Few enough for every world.
        for chain in &mut rules.chains {
            chain.rules.retain(|_| draw.percent(30));
        }
        let question = format!("-d {} -p tcp --dport {}", draw.address(false), draw.port());
        given += give_every_fact(&question, &rules.text()).unwrap_or(0);
    }
    assert!(given > 100, "only {given} facts were given");
}

/// Gives each fact that the answer names, both ways; how many that were. `None` if not every world was looked at.
fn give_every_fact(question: &str, rules: &str) -> Option<usize> {
    let open = answer(question, [], rules);
    if open["unexplored"] != 0 {
        return None;
    }
    let foreseen = outcomes(&open);
    let mut given = 0;
    for fact in facts(&open) {
        let assumed = ["yes", "no"].map(|said| ("--assume", format!("{fact}={said}")));
        for (option, said) in assumed.into_iter().chain(fields(&fact, question)) {
            let closed = answer(question, [option, &said], rules);
            let added: Vec<_> = outcomes(&closed).difference(&foreseen).cloned().collect();
            assert!(added.is_empty(), "{rules}{question}: {option} {said} adds {added:?} to {foreseen:?}");
            given += 1;
        }
    }
    Some(given)
}

/// Options that answer a fact about a field: with a value that fits, and with one beside it.
fn fields(fact: &str, question: &str) -> Vec<(&'static str, String)> {
    let Some((field, set)) = fact.split_once(':') else { return Vec::new() };
    let first = set.split(',').next().unwrap_or(set);
    let number = first.split('-').next().and_then(|first| first.parse::<u32>().ok());
    // A packet that has no hop left is not asked about unless that is said.
    let least = if field == "ttl" { 2 } else { 0 };
    let beside = number.into_iter().flat_map(|number| [number, number.saturating_sub(1)]);
    let beside = beside.map(|number| number.max(least).to_string());
    let options = ["--sport", "--ttl", "--tos", "--length", "--uid", "--gid", "-s", "-i", "-o", "--node-ip"];
    let names = ["sport", "ttl", "tos", "length", "uid", "gid", "src", "in", "out", "local"];
    let Some(option) = names.iter().position(|name| *name == field).map(|at| options[at]) else { return Vec::new() };
    let values: Vec<String> = match field {
        "src" => sources(first).iter().map(ToString::to_string).collect(),
        "in" | "out" if !set.ends_with('+') && set != "lo" => vec![set.to_owned(), "other0".to_owned()],
        "in" | "out" => Vec::new(),
        "local" if set.parse::<IpAddr>().is_err() || question.contains("--node-ip") => Vec::new(),
        "local" => vec![set.to_owned()],
        _ => beside.collect(),
    };
    values.into_iter().map(|value| (option, value)).collect()
}

/// An address in a network and one just outside of it. What this host sends is another packet.
fn sources(net: &str) -> Vec<IpAddr> {
    let net = net.parse::<IpNet>().or_else(|_| net.parse::<IpAddr>().map(IpNet::from));
    let Ok(net) = net else { return Vec::new() };
    let beside = match net.broadcast() {
        IpAddr::V4(last) => IpAddr::V4(last.to_bits().wrapping_add(1).into()),
        IpAddr::V6(last) => IpAddr::V6(last.to_bits().wrapping_add(1).into()),
    };
    [net.network(), beside].into_iter().filter(|address| !address.is_loopback() && !address.is_unspecified()).collect()
}

fn answer<'a>(question: &'a str, more: impl IntoIterator<Item = &'a str>, rules: &str) -> Value {
    let words = "trace --quiet --all --format json".split(' ').chain(question.split_whitespace()).chain(more);
    let run = kpt(words, rules);
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{question}: {error}: {}", run.stderr))
}

/// How packets end: verdict and destination.
fn outcomes(answer: &Value) -> BTreeSet<String> {
    let worlds = answer["worlds"].as_array().expect("worlds");
    let paths = worlds.iter().flat_map(|world| world["paths"].as_array().expect("paths"));
    let end = |path: &Value| {
        let packet = &path["packet"];
        format!("{} {}:{}", path["verdict"], packet["dst"], packet["dport"])
    };
    paths.map(end).collect()
}

/// Every fact that was asked, as `--assume` takes it.
fn facts(answer: &Value) -> BTreeSet<String> {
    let worlds = answer["worlds"].as_array().expect("worlds");
    let assumed = worlds.iter().flat_map(|world| world["assumptions"].as_array().expect("assumptions"));
    let moot = answer["moot"].as_array().expect("facts");
    assumed.chain(moot).map(|fact| fact["fact"].as_str().expect("a name").to_owned()).collect()
}
