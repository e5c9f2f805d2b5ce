//! Rulesets and packets that nobody wrote, from a seed: the kernel judges every rule that matched, in order, the verdict,
//! and the packet that came out.
//!
//! `KPT_PAIRS` is how many (ruleset, packet) pairs each backend and family is judged by, `KPT_SEED` the first seed. What
//! disagrees is made as small as it gets and printed with its seed.

mod bench;
mod draw;
mod prediction;
mod rules;
mod shot;

use libtest_mimic::{Failed, Trial};

use crate::namespace::inside;
use bench::{Bench, Loaded};
use draw::Draw;
use prediction::Prediction;
use rules::{Rules, TRACE};
use shot::Shot;

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
        let name = format!("{backend}: generated IPv{}: {pairs} pairs from seed {first}", if v6 { 6 } else { 4 });
        Trial::test(name, move || {
            let seeds = first..first + pairs.div_ceil(PACKETS);
            inside(|| judge(backend, v6, seeds)).map_err(Failed::from)
        })
    };
    kinds.map(trial).into()
}

fn judge(backend: &'static str, v6: bool, seeds: std::ops::Range<u64>) -> Result<(), String> {
    let bench = Bench::new(backend, v6)?;
    for seed in seeds {
        let mut draw = Draw::new(seed);
        let rules = Rules::draw(&mut draw, v6);
        let loaded = bench.load(&rules.text()).map_err(|error| format!("seed {seed}: {error}"))?;
        for _ in 0..PACKETS {
            let shot = Shot::draw(&mut draw, v6, bench.next_id());
            if let Err(error) = differ(&bench, &loaded, &shot)? {
                return Err(format!("seed {seed}, {shot:?}\n{}", smallest(&bench, rules, &shot, error)?));
            }
        }
    }
    Ok(())
}

/// The inner result is the difference between the kernel and kpt, if there is one.
fn differ(bench: &Bench, loaded: &Loaded, shot: &Shot) -> Result<Result<(), String>, String> {
    let prediction = Prediction::new(&loaded.save, bench.host(), shot);
    Ok(prediction.check(&bench.send(loaded, shot)?, shot))
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
