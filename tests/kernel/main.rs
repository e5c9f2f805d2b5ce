//! The kernel as judge: every scenario's rules in a namespace, its packets sent, its counters read; every case of an
//! extension loaded and printed back; every case of an ipset made and hit.
//!
//! Needs root, `ip`, `ipset`, and both of Debian's `iptables`. Where they are missing every test is marked as ignored and the
//! reason is printed; with `KPT_KERNEL=required` that is a failure, as in CI.

#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::print_stderr, reason = "it is a test")]

#[path = "../cases/mod.rs"]
mod cases;
mod balance;
mod counters;
#[path = "../draw/mod.rs"]
mod draw;
mod generated;
mod ipset;
mod loaded;
mod logs;
mod namespace;
mod netlink;
#[path = "../node/mod.rs"]
mod node;
mod nodes;
mod pages;
mod predict;
mod printing;
#[path = "../scenario/mod.rs"]
mod scenario;
mod shown;
mod watch;
#[path = "../sets/mod.rs"]
mod sets;
mod wire;

use std::net::UdpSocket;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};

use counters::Counters;
use loaded::Loaded;
use namespace::{inside, run};
use predict::Prediction;
use scenario::{Row, Scenario};
use wire::{Probe, Wire};

/// How often a packet with several ways is sent: that one of three ways is never taken has a chance of 10^-7.
const DRAWS: u16 = 42;

fn main() {
    let arguments = Arguments::from_args();
    let missing = missing();
    if let Some(reason) = &missing {
        assert!(std::env::var_os("KPT_KERNEL").is_none_or(|value| value != "required"), "the kernel suite: {reason}");
        eprintln!("the kernel suite is skipped: {reason}");
    }
    let mut trials = Vec::new();
    for scenario in scenario::all().into_iter().map(Arc::new) {
        for row in scenario.packets.clone() {
            for loaded in Loaded::ways(&scenario, &row) {
                let (scenario, row) = (Arc::clone(&scenario), row.clone());
                let name = format!("{loaded}: {}: {}", scenario.name, row.name);
                let judge = move || judge(&scenario, &row, &loaded).map_err(Failed::from);
                trials.push(Trial::test(name, judge).with_ignored_flag(missing.is_some()));
            }
        }
    }
    for file in cases::all().into_iter().map(Arc::new) {
        for backend in ["legacy", "nft"] {
            let (file, name) = (Arc::clone(&file), format!("{backend} prints: {}", file.option));
            let judge = move || printing::judge(&file, backend).map_err(Failed::from);
            trials.push(Trial::test(name, judge).with_ignored_flag(missing.is_some()));
        }
    }
    let plugins = || printing::judge_plugins().map_err(Failed::from);
    trials.push(Trial::test("every plugin of iptables is known", plugins).with_ignored_flag(missing.is_some()));
    trials.extend(balance::trials().into_iter().map(|trial| trial.with_ignored_flag(missing.is_some())));
    trials.extend(shown::trials().into_iter().map(|trial| trial.with_ignored_flag(missing.is_some())));
    trials.extend(nodes::trials().into_iter().map(|trial| trial.with_ignored_flag(missing.is_some())));
    trials.extend(pages::trials().into_iter().map(|trial| trial.with_ignored_flag(missing.is_some())));
    trials.extend(generated::trials().into_iter().map(|trial| trial.with_ignored_flag(missing.is_some())));
    for case in sets::all().into_iter().map(Arc::new) {
        let lacking = if missing.is_none() { ipset::missing(&case) } else { None };
        if let Some(reason) = &lacking {
            eprintln!("{} is skipped: {reason}", case.name);
        }
        for backend in ["legacy", "nft"] {
            let (case, name) = (Arc::clone(&case), format!("{backend} sets: {}", case.name));
            let judge = move || ipset::judge(&case, backend).map_err(Failed::from);
            trials.push(Trial::test(name, judge).with_ignored_flag(missing.is_some() || lacking.is_some()));
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// What the suite lacks here.
fn missing() -> Option<String> {
    if !nix::unistd::geteuid().is_root() {
        return Some("it needs root".into());
    }
    if !std::path::Path::new("/dev/net/tun").exists() {
        return Some("it needs /dev/net/tun".into());
    }
    let commands = ["ip -V", "ipset version", "iptables-legacy-restore --version", "iptables-nft-restore --version"];
    commands.into_iter().find_map(|command| run(command, "").err()).map(|error| format!("it needs {error}"))
}

/// Loads the rules, sends the packet, and compares what the kernel did with what kpt says.
fn judge(scenario: &Scenario, row: &Row, loaded: &Loaded) -> Result<(), String> {
    inside(|| {
        let wire = Wire::new(scenario.addresses(), scenario.host.get("default").map(String::as_str))?;
        let route = if scenario.is_v6() { "ip -6 -j route" } else { "ip -j route" };
        loaded.restore(scenario)?;
        let save = || loaded.save(scenario);
        let prediction = Prediction::new(&save()?, &run("ip -j addr", "")?, &run(route, "")?, row.arguments());
        row.check(prediction.answer())?;
        let ways = prediction.ways();
        // What is delivered finds a socket, so that no answer is counted.
        let _sockets: Vec<_> = ways.iter().filter_map(predict::Way::delivered).map(UdpSocket::bind).collect();
        let mut seen = vec![false; ways.len()];
        let draws = if ways.len() > 1 { DRAWS } else { 1 };
        for draw in 0..draws {
            let probe = prediction.probe(40_000 + draw);
            prepare(row, &probe)?;
            let before = Counters::read(&save()?);
            wire.sent();
            match prediction.input() {
                Some(interface) => wire.arrive(interface, &probe)?,
                None => wire::make(&probe)?,
            }
            let matched = Counters::read(&save()?).since(&before);
            let sent = wire.sent();
            let taken = ways.iter().position(|way| way.counts(&matched, probe.protocol));
            let taken = taken.ok_or_else(|| unforeseen(&matched, &ways))?;
            seen[taken] = true;
            check_sent(&ways[taken], &sent)?;
        }
        match seen.iter().position(|seen| !seen) {
            Some(way) => Err(format!("no packet took {:#?}", ways[way].counters())),
            None => Ok(()),
        }
    })
}

fn unforeseen(matched: &Counters, ways: &[predict::Way<'_>]) -> String {
    let foreseen: Vec<_> = ways.iter().map(predict::Way::counters).collect();
    format!("the kernel counted {matched:#?}\nkpt foresaw one of {foreseen:#?}")
}

/// The packet leaves the host once, rewritten as foreseen, or not at all.
fn check_sent(way: &predict::Way<'_>, sent: &[(String, Probe)]) -> Result<(), String> {
    match (way.leaves(), sent) {
        (true, [(_, probe)]) if way.sends(probe) => Ok(()),
        (false, []) => Ok(()),
        (leaves, sent) => Err(format!("it should {}; sent were {sent:#?}", if leaves { "leave" } else { "stay" })),
    }
}

/// Makes the lists of `recent` know the client, or not.
fn prepare(row: &Row, probe: &Probe) -> Result<(), String> {
    let lists = row.forget.iter().map(|list| (list, '-')).chain(row.remember.iter().map(|list| (list, '+')));
    for (list, sign) in lists {
        let path = format!("/proc/thread-self/net/xt_recent/{list}");
        std::fs::write(&path, format!("{sign}{}", probe.src)).map_err(|error| format!("{path}: {error}"))?;
    }
    Ok(())
}
