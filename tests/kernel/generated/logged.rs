//! What the kernel tells of generated packets, read by kpt as a log: it is laid along the path that kpt foresees, and along
//! no other.
//!
//! Of the legacy backend the lines are written from what `nfnetlink_log` tells, as `nf_log_syslog.c` writes them; those of the
//! nft backend are what `nft monitor trace` prints.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kpt::kernlog::{Beside, Chart, Connection, Grouper, account, parse};
use kpt::packet::{Conntrack, CtState, Host};
use kpt::ruleset::{Rule, Ruleset};
use kpt::save::{TableName, scan};

use super::bench::Bench;
use super::prediction::{Prediction, Way};
use crate::counters::Place;
use crate::draw::Draw;
use crate::draw::rules::Rules;
use crate::draw::shot::Shot;

/// How many rulesets, and packets for each.
const RULESETS: u64 = 14;
const PACKETS: u64 = 15;
/// How long the monitor may take for what comes next.
const PATIENCE: Duration = Duration::from_millis(60);

/// Judges a few rulesets from this seed on.
pub(super) fn judge(backend: &'static str, v6: bool, first: u64) -> Result<(), String> {
    let bench = Bench::new(backend, v6)?;
    let mut judged = 0;
    for seed in first..first + RULESETS {
        let mut draw = Draw::new(seed);
        let rules = Rules::draw(&mut draw, v6);
        let loaded = bench.load(&rules.text()).map_err(|error| format!("seed {seed}: {error}"))?;
        // It knows the rules that are there when it begins.
        let monitor = (backend == "nft").then(Monitor::new).transpose()?;
        for _ in 0..PACKETS {
            let shot = Shot::draw(&mut draw, v6, bench.next_id());
            if let Some(monitor) = &monitor {
                monitor.lines();
            }
            let seen = bench.send(&loaded, &shot)?;
            bench.forget(&shot)?;
            let lines = monitor.as_ref().map_or_else(|| seen.told.lines.clone(), Monitor::lines);
            let prediction = Prediction::new(&loaded.save, &bench.host(), &shot.packet());
            // What the generated part of the suite says of it is not said again.
            let Ok(way) = prediction.check(&seen, &shot) else { continue };
            judged += usize::from(!seen.told.steps.is_empty());
            read_back(&loaded.save, &bench.host(), &shot, &lines, way).map_err(|error| {
                let rules: Vec<_> = loaded.save.lines().filter(|line| line.starts_with(['*', '-'])).collect();
                format!("seed {seed}, {shot:?}\n{}\n{}\n{error}", rules.join("\n"), lines.join("\n"))
            })?;
        }
    }
    if judged > 100 { Ok(()) } else { Err(format!("only {judged} packets were told of")) }
}

/// Does the log of a packet show the way that it took?
fn read_back(save: &str, host: &Host, shot: &Shot, lines: &[String], way: &Way) -> Result<(), String> {
    let ruleset = Ruleset::merged(scan(save, None).0);
    let chart = Chart::new(&ruleset);
    let named = BTreeMap::new();
    let mut told: Vec<Connection> = Vec::new();
    let mut grouper = Grouper::default();
    for (number, line) in (1..).zip(lines) {
        if let Some(record) = parse(number, line.as_bytes()) {
            grouper.push(record, &mut |connection| told.push(connection));
        }
    }
    grouper.finish(&mut |connection| told.push(connection));
    let of_shot = |connection: &&Connection| {
        let headers = connection.first.first().and_then(|record| record.headers.as_ref());
        headers
            .is_some_and(|headers| headers.src == shot.src && headers.protocol.is_none_or(|it| it.0 == shot.protocol))
    };
    let Some(connection) = told.iter().find(of_shot) else { return Ok(()) };
    let account = account(&chart, &Beside { host, named: &named }, connection).ok_or("no account")?;
    if let Some(parting) = &account.parting {
        return Err(format!("they part: {parting:?}"));
    }
    let path = account.answer.worlds.into_iter().flat_map(|world| world.paths).next().ok_or("no path")?;
    let mut found = Way::new(&ruleset, path);
    // No line tells an invalid packet from one of an earlier connection, whose nat is not known; then only its steps are told.
    if found.packet.given_state == Some(CtState::Established) && way.packet.conntrack == Conntrack::Invalid {
        found.packet = way.packet.clone();
    }
    // Whether a rule that changes nothing matches may hang on what no log shows; then it is a line, and no step.
    let idle = |(table, chain, number): &Place| {
        let table = TableName::named(table).and_then(|table| ruleset.find_any(table, chain).next());
        let rule = table.and_then(|chain| ruleset.rules(chain).get(number.checked_sub(1)? as usize));
        rule.is_some_and(Rule::is_harmless)
    };
    if found.is(way, idle) { Ok(()) } else { Err(format!("foreseen {way:?}\nread back {found:?}")) }
}

/// `nft monitor trace`, as it runs.
struct Monitor {
    process: Child,
    heard: Receiver<String>,
}

impl Monitor {
    fn new() -> Result<Self, String> {
        let error = |error: std::io::Error| format!("nft monitor trace: {error}");
        let process = Command::new("nft").args(["monitor", "trace"]).stdout(Stdio::piped()).spawn();
        let mut process = process.map_err(error)?;
        let out = process.stdout.take().ok_or("no output")?;
        let (tell, heard) = channel();
        std::thread::spawn(move || {
            BufReader::new(out).lines().map_while(Result::ok).try_for_each(|line| tell.send(line))
        });
        std::thread::sleep(Duration::from_millis(500));
        Ok(Self { process, heard })
    }

    /// What it has printed since this was asked last.
    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        while let Ok(line) = self.heard.recv_timeout(PATIENCE) {
            lines.push(line);
        }
        lines
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
