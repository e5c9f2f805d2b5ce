//! The walk gives the answers that the scenarios foresee.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::kpt::kpt;
use crate::scenario::{self, Row, Scenario};

#[test]
fn the_walk_answers_as_the_scenarios_foresee() {
    let wrong: Vec<_> = scenario::all().iter().flat_map(|scenario| wrong(scenario, &scenario.rules, false)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// How the answers to the packets of a scenario differ from what it foresees, with its rules as they stand in this file.
pub(crate) fn wrong(scenario: &Scenario, rules: &Path, may_have_problems: bool) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (addr, routes) = (folder.path().join("addr.json"), folder.path().join("routes.json"));
    fs::write(&addr, addresses(scenario).to_string()).expect("room for it");
    fs::write(&routes, default_route(scenario).to_string()).expect("room for it");
    let [rules, addr, routes] = [rules, &addr, &routes].map(|path| path.to_str().expect("UTF-8"));
    let check = |row: &Row| {
        let fixed = ["trace", "--format", "json", "-f", rules, "--addr", addr, "--routes", routes];
        let run = kpt(fixed.into_iter().chain(row.arguments()), "");
        let answer: Value = serde_json::from_str(&run.stdout).map_err(|error| format!("{error}: {}", run.stderr))?;
        assert!(may_have_problems || answer["problems"] == json!([]), "{}", answer["problems"]);
        row.check(&answer)
    };
    let differs = |row: &Row| check(row).err().map(|error| format!("{rules}: {}: {error}", row.name));
    scenario.packets.iter().filter_map(differs).collect()
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
