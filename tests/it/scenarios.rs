//! The walk gives the answers that the scenarios foresee.

use std::fs;

use serde_json::{Value, json};

use crate::scenario::{self, Scenario};

#[test]
fn the_walk_answers_as_the_scenarios_foresee() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (addr, routes) = (folder.path().join("addr.json"), folder.path().join("routes.json"));
    let mut wrong = Vec::new();
    for scenario in scenario::all() {
        fs::write(&addr, addresses(&scenario).to_string()).expect("room for it");
        fs::write(&routes, default_route(&scenario).to_string()).expect("room for it");
        for row in &scenario.packets {
            let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_kpt"))
                .args(["trace", "--format", "json", "-f"])
                .arg(&scenario.rules)
                .arg("--addr")
                .arg(&addr)
                .arg("--routes")
                .arg(&routes)
                .args(row.arguments())
                .output()
                .expect("kpt runs");
            assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
            let answer = serde_json::from_slice(&output.stdout).expect("JSON");
            if let Err(difference) = row.check(&answer) {
                wrong.push(format!("{}: {}: {difference}", scenario.name, row.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_lists_that_a_row_fills_are_in_its_rules() {
    for scenario in scenario::all() {
        let rules = fs::read_to_string(&scenario.rules).expect("the rules of a scenario");
        for list in scenario.packets.iter().flat_map(|row| row.forget.iter().chain(&row.remember)) {
            assert!(rules.contains(&format!("--name {list} ")), "{}: no rule asks {list}", scenario.name);
        }
    }
}

#[test]
fn a_row_that_loads_legacy_last_says_so_to_kpt() {
    for scenario in scenario::all() {
        for row in &scenario.packets {
            let assumed = row.arguments().any(|word| word.starts_with("nft-first:") && word.ends_with("=no"));
            assert_eq!(row.first.as_deref() == Some("legacy"), assumed, "{}: {}", scenario.name, row.name);
        }
    }
}

/// What `ip -j addr` would print.
fn addresses(scenario: &Scenario) -> Value {
    let link = |(name, net): (&str, &str)| {
        let (address, length) = net.split_once('/').expect("address/length");
        let length: u8 = length.parse().expect("a prefix length");
        json!({ "ifname": name, "addr_info": [{ "local": address, "prefixlen": length }] })
    };
    scenario.addresses().map(link).collect()
}

/// What `ip -j route` would print of the default route.
fn default_route(scenario: &Scenario) -> Value {
    let everywhere = if scenario.is_v6() { "::/0" } else { "default" };
    scenario.host.get("default").map(|dev| json!({ "dst": everywhere, "dev": dev })).into_iter().collect()
}
