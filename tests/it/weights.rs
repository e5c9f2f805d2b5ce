//! `kpt lb-weights`: the shares are those of the walk, and sum to what is served.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::corpus::dumps;
use crate::kpt::{kpt, run};
use crate::scenario;

fn weights(path: &str) -> Option<Value> {
    let run = kpt(["lb-weights", "--format", "json", "-f", path], "");
    // A dump without Services is wrong usage.
    (run.code == 0).then(|| serde_json::from_str(&run.stdout).expect("JSON"))
}

fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value[name].as_array().expect("a list")
}

#[test]
fn even_up_to_rounding_is_said_in_words() {
    insta::assert_snapshot!(run("lb-weights --width 80 -f testdata/scenarios/nodeport.rules").stdout);
}

#[test]
fn a_service_with_several_answers_has_each_with_its_way() {
    insta::assert_snapshot!(
        run("lb-weights --width 80 -f testdata/scenarios/kube-1.30.rules ns2/svc2 ns6/svc6").stdout
    );
}

#[test]
fn ladders_that_are_broken() {
    let rules = std::fs::read_to_string("testdata/scenarios/nodeport.rules").expect("a dump");
    let last = "-j KUBE-SEP-74XRUOWV76LDS3ID";
    let draws = format!("-m statistic --mode random --probability 0.25 {last}");
    let twice = rules.replace("172.17.0.3:80", "172.17.0.2:80");
    let printed = |rules: String| kpt(["lb-weights", "--width", "80"], rules).stdout;
    insta::assert_snapshot!(printed(rules.replace(last, &draws)));
    insta::assert_snapshot!(printed(twice.replace("0.50000000000", "1.00000000000")));
}

#[test]
fn fans_that_somebody_wrote_by_hand() {
    let rule = |words: &str, to: u8| {
        format!(
            "-A PREROUTING -d 192.0.2.1/32 -p tcp -m tcp --dport 80 {words} -j DNAT --to-destination 10.0.0.{to}:80\n"
        )
    };
    let nth = |every: u8| format!("-m statistic --mode nth --every {every} --packet 0");
    let rules = [rule(&nth(3), 1), rule(&nth(2), 2), rule("", 3)].concat();
    let dump = format!("*nat\n:PREROUTING ACCEPT [0:0]\n{rules}COMMIT\n");
    insta::assert_snapshot!(kpt(["lb-weights", "--width", "80"], dump).stdout);
}

#[test]
fn what_was_counted_stands_beside_the_shares() {
    let rules = std::fs::read_to_string("testdata/scenarios/nodeport.rules").expect("a dump");
    let counted = |counts: [u32; 3]| {
        let mut counts = counts.into_iter();
        let line = |line: &str| {
            let count = line.starts_with("-A KUBE-SVC-").then(|| counts.next().expect("a count"));
            count.map_or_else(|| format!("{line}\n"), |count| format!("[{count}:1] {line}\n"))
        };
        let dump: Vec<_> = rules.lines().map(line).collect();
        kpt(["lb-weights", "--width", "80"], dump.concat()).stdout
    };
    insta::assert_snapshot!(counted([2011, 1994, 1995]) + &counted([900, 3660, 1440]) + &counted([2, 1, 0]));
}

#[test]
fn draws_of_our_own_are_those_of_the_seed() {
    let simulated = |seed: &str| {
        run(&format!("lb-weights --width 80 -f testdata/scenarios/nodeport.rules --simulate 6000 --seed {seed}")).stdout
    };
    insta::assert_snapshot!(simulated("1"));
    assert_eq!(simulated("1"), simulated("1"));
    assert_ne!(simulated("1"), simulated("2"));
}

#[test]
fn a_row_for_each_endpoint() {
    insta::assert_snapshot!(
        run("lb-weights --format csv -f testdata/scenarios/kube-1.30.rules ns2/svc2 ns5/svc5 --simulate 100").stdout
    );
}

#[test]
fn what_is_sorted_comes_first() {
    let names = |by: &str| {
        let told = run(&format!("lb-weights -f testdata/scenarios/kube-1.30.rules --sort {by}")).stdout;
        let heads = told.lines().filter(|line| line.starts_with("ns"));
        heads.filter_map(|line| line.split(' ').next().map(str::to_owned)).collect::<Vec<_>>()
    };
    let (by_name, by_endpoints) = (names("name"), names("endpoints"));
    assert!(by_name.is_sorted() && by_name != by_endpoints);
    assert_eq!(by_name.len(), by_endpoints.len());
    assert_eq!(by_endpoints.last().map(String::as_str), Some("ns6/svc6:p80"));
}

/// Addresses that were lost in print are found as a walk finds them.
#[test]
fn endpoints_of_a_misprinted_dump_have_their_addresses() {
    let told = run("lb-weights -q --width 80 -f testdata/misprinted.rules").stdout;
    assert!(told.contains("172.17.0.2:80") && told.contains("172.17.0.3:8080"), "{told}");
}

#[test]
fn what_is_asked_for_is_shown() {
    let of = |arguments: &str| {
        let run = run(&format!("lb-weights --format json -f testdata/scenarios/kube-1.30.rules {arguments}"));
        let answer: Value = serde_json::from_str(&run.stdout).unwrap_or_default();
        (run.code, answer["services"].as_array().map_or(0, Vec::len))
    };
    assert_eq!(of("ns1/svc1"), (0, 1));
    assert_eq!(of("--namespace ns2"), (0, 2));
    assert_eq!(of("--min-endpoints 3"), (0, 1));
    assert_eq!(of("--uneven"), (0, 0));
    assert_eq!(of("default/none"), (2, 0));
}

#[test]
fn shares_sum_to_what_is_served() {
    let scenarios = scenario::all().into_iter().map(|scenario| scenario.rules);
    let mut fans = 0;
    for path in scenarios.chain(dumps("")).chain(dumps("mangled")) {
        let Some(answer) = weights(&path.to_string_lossy()) else { continue };
        for service in list(&answer, "services") {
            let shares = list(service, "endpoints").iter().filter_map(|endpoint| endpoint["probability"].as_f64());
            let sum = shares.sum::<f64>() + service["unserved"].as_f64().expect("a number");
            assert!((sum - 1.0).abs() < 1e-9, "{}: {sum}: {service}", path.display());
            fans += 1;
        }
    }
    println!("{fans} fans");
    assert!(fans > 20);
}

/// The default world of a trace has the shares of new clients too.
#[test]
fn shares_are_those_of_the_walk() {
    let mut compared = 0;
    for scenario in scenario::all() {
        let path = scenario.rules.to_string_lossy().into_owned();
        let Some(answer) = weights(&path) else { continue };
        for service in list(&answer, "services") {
            let plain = |entry: &&Value| entry["kind"] == "cluster-ip" && list(entry, "unless").is_empty();
            let Some(entry) = list(service, "entries").iter().find(plain) else { continue };
            let of = |part: &Value| part.as_str().map_or_else(|| part.to_string(), str::to_owned);
            let [address, port] = ["address", "port"].map(|part| of(&entry[part]));
            let protocol = of(&service["protocol"]);
            let fixed = ["trace", "--format", "json", "-f", &path, "-d", &address, "--dport", &port, "-p", &protocol];
            let traced: Value = serde_json::from_str(&kpt(fixed, "").stdout).expect("JSON");
            let mut walked: BTreeMap<String, f64> = BTreeMap::new();
            for path in list(&traced["worlds"][0], "paths").iter().filter(|path| !path["dnat"].is_null()) {
                *walked.entry(of(&path["packet"]["dst"])).or_default() +=
                    path["probability"].as_f64().expect("a number");
            }
            let mut told: BTreeMap<String, f64> = BTreeMap::new();
            for endpoint in list(service, "endpoints") {
                *told.entry(of(&endpoint["address"])).or_default() +=
                    endpoint["probability"].as_f64().expect("a number");
            }
            let same = walked.len() == told.len()
                && walked.iter().zip(&told).all(|((a, p), (b, q))| a == b && (p - q).abs() < 1e-9);
            assert!(same, "{path}: {address}: {walked:?} and {told:?}");
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} were compared");
}
