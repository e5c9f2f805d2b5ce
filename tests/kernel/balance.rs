//! Many clients of one Service: how often each endpoint is drawn, and how many clients the lists of `recent` keep.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr};

use kpt::analyze::Memory;
use kpt::logic::Share;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::loaded::Loaded;
use crate::namespace::{inside, run};
use crate::predict::Prediction;
use crate::scenario::{self, Scenario};
use crate::wire::{Probe, Wire};

/// Scenarios whose shares are counted: those of the founding reports.
const COUNTED: [&str; 4] = ["nodeport", "one-endpoint", "three-endpoints", "affinity"];
/// Connections for each.
const CONNECTIONS: u32 = 6000;
/// How many clients come to three endpoints.
const CLIENTS: [u32; 6] = [50, 100, 200, 300, 400, 1000];
/// How often they come for the first time: the mean of so many is compared.
const ROUNDS: u32 = 4;
/// How far a measured part of the clients may be from what kpt says: three points.
const NEAR: f64 = 0.03;

/// One trial for each scenario and for each number of clients.
pub(crate) fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for scenario in scenario::all().into_iter().filter(|scenario| COUNTED.contains(&scenario.name.as_str())) {
        for loaded in Loaded::ways(&scenario, &scenario.packets[0]) {
            let (name, scenario) = (format!("{loaded}: {}: shares", scenario.name), scenario.clone());
            let judge = move || inside(|| shares(&scenario, &loaded)).map_err(Failed::from);
            trials.push(Trial::test(name, judge));
        }
    }
    for clients in CLIENTS {
        let scenario = scenario::all().into_iter().find(|scenario| scenario.name == "affinity").expect("it is there");
        let judge = move || inside(|| retention(&scenario, clients)).map_err(Failed::from);
        trials.push(Trial::test(format!("legacy: affinity: {clients} clients are remembered"), judge));
    }
    trials
}

/// A Service on a host of its own, and a packet to it that can come from anywhere.
struct Service {
    wire: Wire,
    interface: String,
    probe: Probe,
}

impl Service {
    fn new(scenario: &Scenario, loaded: &Loaded) -> Result<Self, String> {
        let wire = Wire::new(scenario.addresses(), scenario.host.get("default").map(String::as_str))?;
        loaded.restore(scenario)?;
        let from_outside = scenario.packets.iter().find_map(|row| {
            let save = loaded.save(scenario).ok()?;
            let (addr, routes) = (run("ip -j addr", "").ok()?, run("ip -j route", "").ok()?);
            let prediction = Prediction::new(&save, &addr, &routes, row.arguments());
            Some((prediction.input()?.to_owned(), prediction.probe(40_000)))
        });
        let (interface, probe) = from_outside.ok_or("no packet of this scenario comes from outside")?;
        Ok(Self { wire, interface, probe })
    }

    /// The `nth` client makes a connection of its own.
    fn connect(&self, nth: u32, sport: u16) -> Result<(), String> {
        let IpAddr::V4(src) = self.probe.src else { return Err("no IPv4 client".into()) };
        // Of the net of the scenario's client, above its endpoints.
        let src = Ipv4Addr::from((u32::from(src) & 0xffff_0000) + 0x1000 + nth);
        self.wire.arrive(&self.interface, &Probe { src: src.into(), sport, ..self.probe.clone() })
    }
}

/// Are connections counted at the endpoints as often as kpt says?
fn shares(scenario: &Scenario, loaded: &Loaded) -> Result<(), String> {
    let fits = || -> Result<bool, String> {
        let service = Service::new(scenario, loaded)?;
        (0..CONNECTIONS).try_for_each(|nth| service.connect(nth, 40_000))?;
        let told = weights(&loaded.save(scenario)?);
        let counted: Vec<_> =
            list(&told, "endpoints").filter_map(|endpoint| endpoint["connections"].as_u64()).collect();
        eprintln!("{loaded}: {}: {counted:?}", scenario.name);
        let total: u64 = counted.iter().sum();
        if total != u64::from(CONNECTIONS) {
            return Err(format!("{total} connections were counted"));
        }
        Ok(told["counted"] == "fits" || counted.len() == 1)
    };
    // One in a thousand does not fit by chance.
    if fits()? || inside(fits)? { Ok(()) } else { Err("the counts do not fit the shares, twice".into()) }
}

fn weights(save: &str) -> Value {
    let mut kpt = assert_cmd::Command::new(env!("CARGO_BIN_EXE_kpt"));
    let output = kpt.args(["lb-weights", "--format", "json"]).write_stdin(save).output().expect("kpt runs");
    let told: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    told["services"][0].clone()
}

fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value[name].as_array().into_iter().flatten()
}

/// Are as many clients remembered as kpt says, after each came once and when they come back at random?
fn retention(scenario: &Scenario, clients: u32) -> Result<(), String> {
    let loaded = Loaded::ways(scenario, &scenario.packets[0]).remove(0);
    let memory = Memory { clients: Some(clients), ..Memory::default() };
    let told = memory.remembered(&[Share::one_of(3); 3]).expect("clients");
    let mut once = Vec::new();
    let mut returning = 0.0;
    for _ in 0..ROUNDS {
        inside(|| -> Result<(), String> {
            let service = Service::new(scenario, &loaded)?;
            (0..clients).try_for_each(|nth| service.connect(nth, 1024))?;
            once.push(f64::from(remembered(scenario)?) / f64::from(clients));
            returning = returns(scenario, &loaded, &service, clients)?;
            Ok(())
        })?;
    }
    let once = once.iter().sum::<f64>() / f64::from(ROUNDS);
    for (measured, told, when) in [(once, told.once, "came once"), (returning, told.returning, "come back")] {
        eprintln!("of {clients} clients that {when} {measured:.3} are remembered; kpt says {told:.3}");
        if (measured - told).abs() > NEAR {
            return Err(format!("of {clients} clients that {when} {measured:.3} are remembered, not {told:.3}"));
        }
    }
    Ok(())
}

/// The part of connections that find their client remembered, after everybody has come back many times at random.
fn returns(scenario: &Scenario, loaded: &Loaded, service: &Service, clients: u32) -> Result<f64, String> {
    let mut draw = crate::draw::Draw::new(u64::from(clients));
    let mut sport = 1024;
    let mut come_back = |times: u32| {
        (0..times).try_for_each(|_| {
            sport += 1;
            service.connect(u32::try_from(draw.below(clients as usize)).expect("few"), sport)
        })
    };
    come_back(clients * 15)?;
    let before = hits(&loaded.save(scenario)?);
    come_back(clients * 5)?;
    Ok(f64::from(hits(&loaded.save(scenario)?) - before) / f64::from(clients * 5))
}

/// How many clients the lists have.
fn remembered(scenario: &Scenario) -> Result<u32, String> {
    let lists: BTreeSet<_> = scenario.packets.iter().flat_map(|row| &row.forget).collect();
    let count = |list: &&String| {
        let path = format!("/proc/thread-self/net/xt_recent/{list}");
        std::fs::read_to_string(&path).map(|text| text.lines().count()).map_err(|error| format!("{path}: {error}"))
    };
    let total = lists.iter().map(count).sum::<Result<usize, _>>()?;
    u32::try_from(total).map_err(|error| error.to_string())
}

/// Connections that a list has sent on.
fn hits(save: &str) -> u32 {
    let packets = |line: &str| line.strip_prefix('[')?.split(':').next()?.parse::<u32>().ok();
    save.lines().filter(|line| line.contains("--rcheck")).filter_map(packets).sum()
}
