//! Rulesets and packets that nobody wrote, from a seed: the kernel judges every rule that matched, in order, the verdict,
//! and the packet that came out.
//!
//! `KPT_PAIRS` is how many (ruleset, packet) pairs each backend and family is judged by, `KPT_SEED` the first seed. What
//! disagrees is made as small as it gets and printed with its seed.

mod bench;
mod chance;
mod logged;
mod prediction;

use std::net::UdpSocket;

use kpt::extension::Verdict;
use kpt::packet::{Conntrack, CtState, Packet};
use kpt::walk::Goes;
use libtest_mimic::{Failed, Trial};

use crate::draw::rules::{Rules, TRACE};
use crate::draw::shot::Shot;
use crate::draw::{Draw, INTERFACES};
use crate::namespace::inside;
use bench::{Bench, Loaded, Seen};
use prediction::{Prediction, Way};

/// How many packets each ruleset gets.
const PACKETS: u64 = 50;
const PAIRS: u64 = 3000;
const SEED: u64 = 1;

/// A trial for each backend and family.
pub(crate) fn trials() -> Vec<Trial> {
    let number = |name: &str, usual| std::env::var(name).ok().and_then(|value| value.parse().ok()).unwrap_or(usual);
    let (pairs, first): (u64, u64) = (number("KPT_PAIRS", PAIRS), number("KPT_SEED", SEED));
    let kinds = [("legacy", false), ("nft", false), ("legacy", true), ("nft", true)];
    let trial = |(backend, v6): (&'static str, bool)| {
        let family = if v6 { 6 } else { 4 };
        let seeds = first..first + pairs.div_ceil(PACKETS);
        let exact = format!("{backend}: generated IPv{family}: {pairs} pairs from seed {first}");
        let exact = Trial::test(exact, {
            let seeds = seeds.clone();
            move || inside(|| judge(backend, v6, seeds)).map_err(Failed::from)
        });
        let chance = format!("{backend}: chance IPv{family}: {} rulesets from seed {first}", seeds.end - seeds.start);
        let chance = Trial::test(chance, move || inside(|| chance::judge(backend, v6, seeds)).map_err(Failed::from));
        let logged = format!("{backend}: read back from its log IPv{family}: from seed {first}");
        let logged = Trial::test(logged, move || inside(|| logged::judge(backend, v6, first)).map_err(Failed::from));
        [exact, chance, logged]
    };
    kinds.into_iter().flat_map(trial).collect()
}

fn judge(backend: &'static str, v6: bool, seeds: std::ops::Range<u64>) -> Result<(), String> {
    let bench = Bench::new(backend, v6)?;
    for seed in seeds {
        let mut draw = Draw::new(seed);
        let rules = Rules::draw(&mut draw, v6);
        let loaded = bench.load(&rules.text()).map_err(|error| format!("seed {seed}: {error}"))?;
        prediction::printed_back(&loaded.save).map_err(|error| format!("seed {seed}: {error}"))?;
        for _ in 0..PACKETS {
            let mut shot = Shot::draw(&mut draw, v6, bench.next_id());
            if differ(&bench, &loaded, &shot)?.is_ok() {
                continue;
            }
            // A packet of the host's own may have had the same number.
            shot.id = bench.next_id();
            if let Err(error) = differ(&bench, &loaded, &shot)? {
                return Err(format!("seed {seed}, {shot:?}\n{}", smallest(&bench, rules, &shot, error)?));
            }
        }
    }
    Ok(())
}

/// What kernel and kpt disagree on, where they do.
type Difference = Result<(), String>;

/// Sends the packet and, where it can be answered, the answer and the packet after that.
fn differ(bench: &Bench, loaded: &Loaded, shot: &Shot) -> Result<Difference, String> {
    let difference = connection(bench, loaded, shot);
    bench.forget(shot)?;
    difference
}

fn connection(bench: &Bench, loaded: &Loaded, shot: &Shot) -> Result<Difference, String> {
    let (seen, Way { packet: first, .. }) = match single(bench, loaded, shot, &shot.packet())? {
        Ok(done) => done,
        Err(difference) => return Ok(Err(difference)),
    };
    let Some(answer) = answer(bench, shot, &seen, &first) else { return Ok(Ok(())) };
    let answered = match single(bench, loaded, &answer, &later(&answer, &first, &first, true))? {
        Ok((_, way)) => way,
        Err(difference) => return Ok(Err(format!("the answer {answer:?}: {difference}"))),
    };
    // What the host says to an answer that it rejects, or that no socket of its own waits for, belongs to the connection.
    let provokes =
        matches!(answered.verdict, Verdict::Reject(_)) || shot.protocol == 6 && answered.goes == Some(Goes::Local);
    if !is_tracked(&answered.packet) || provokes {
        return Ok(Ok(()));
    }
    let next = shot.next(&answer, bench.next_id());
    let difference = single(bench, loaded, &next, &later(&next, &first, &answered.packet, false))?;
    Ok(difference.map(drop).map_err(|difference| format!("the next packet {next:?}: {difference}")))
}

/// Sends one packet; what the kernel did with it and the way that it took.
fn single(bench: &Bench, loaded: &Loaded, shot: &Shot, packet: &Packet) -> Result<Result<(Seen, Way), String>, String> {
    let prediction = Prediction::new(&loaded.save, &bench.host(), packet);
    // What is delivered finds a socket, so that the host does not complain about its connection.
    let _sockets: Vec<_> = prediction.delivered().map(UdpSocket::bind).collect();
    let seen = bench.send(loaded, shot)?;
    let way = prediction.check(&seen, shot).cloned();
    Ok(way.map(|way| (seen, way)))
}

/// The answer to a packet that came through with a connection, from where it came out.
fn answer(bench: &Bench, shot: &Shot, seen: &Seen, first: &Packet) -> Option<Shot> {
    if !is_tracked(first) || !shot.has_answer() || first.looped {
        return None;
    }
    let input = match (&seen.sent, &seen.delivered) {
        (Some((interface, _)), _) => Some(INTERFACES.iter().find(|(name, ..)| name == interface)?.0),
        // The host itself answers TCP.
        (None, Some(_)) if shot.protocol != 6 => None,
        _ => return None,
    };
    shot.answer(first, input, bench.next_id())
}

const fn is_tracked(packet: &Packet) -> bool {
    matches!(packet.conntrack, Conntrack::Entry { .. })
}

/// A packet, after `last`, of the connection that `first` has set up.
fn later(shot: &Shot, first: &Packet, last: &Packet, answers: bool) -> Packet {
    Packet {
        given_state: Some(CtState::Established),
        connection: Some(Box::new(Conntrack::established(first, answers))),
        connmark: last.connmark.clone(),
        ..shot.packet()
    }
}

/// Takes rules out as long as kernel and kpt still disagree.
fn smallest(bench: &Bench, mut rules: Rules, shot: &Shot, mut error: String) -> Result<String, String> {
    let mut shot = shot.clone();
    let mut again = true;
    while std::mem::take(&mut again) {
        for chain in 0..rules.chains.len() {
            for rule in (0..rules.chains[chain].rules.len()).rev() {
                if rules.chains[chain].rules[rule] == TRACE {
                    continue;
                }
                let mut fewer = rules.clone();
                fewer.chains[chain].rules.remove(rule);
                shot.id = bench.next_id();
                let Ok(loaded) = bench.load(&fewer.text()) else { continue };
                if let Err(still) = differ(bench, &loaded, &shot)? {
                    (rules, error, again) = (fewer, still, true);
                }
            }
        }
    }
    Ok(format!("{}\n{error}", rules.text()))
}
