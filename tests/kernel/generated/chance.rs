//! Rulesets in which chance decides: every way that the kernel takes is one of those foreseen, and over many packets each
//! is taken as often as foreseen.

use super::bench::Bench;
use super::prediction::{Prediction, Way};
use crate::draw::Draw;
use crate::draw::rules::Rules;
use crate::draw::shot::Shot;

/// How many packets of one kind are sent.
const DRAWS: u32 = 300;
/// Ways that so few packets are foreseen to take are counted together.
const RARE: f64 = 5.0;
/// Of so many sets of draws that fit, one is thought not to; it is then drawn once more.
const QUANTILE: f64 = 4.265; // of the normal distribution, one in 100,000

/// Judges the rulesets of these seeds.
pub(super) fn judge(backend: &str, v6: bool, seeds: std::ops::Range<u64>) -> Result<(), String> {
    let bench = Bench::new(backend, v6)?;
    for seed in seeds {
        let mut draw = Draw::new(seed);
        let rules = Rules::draw_random(&mut draw, v6);
        let Some(shot) = parting(&bench, &rules, &mut draw, v6)? else { continue };
        let told = |error: String| format!("seed {seed}, {shot:?}\n{}\n{error}", rules.text());
        if !fits(&bench, &rules, &shot).map_err(told)? && !fits(&bench, &rules, &shot).map_err(told)? {
            return Err(told("the shares do not fit, twice".into()));
        }
    }
    Ok(())
}

/// A packet that has several ways through these rules; none if a few draws find none.
fn parting(bench: &Bench, rules: &Rules, draw: &mut Draw, v6: bool) -> Result<Option<Shot>, String> {
    let loaded = bench.load(&rules.text())?;
    let mut shots = (0..20).map(|_| Shot::draw(draw, v6, bench.next_id()));
    Ok(shots.find(|shot| Prediction::new(&loaded.save, &bench.host(), &shot.packet()).ways().len() > 1))
}

/// Do so many packets take each way as foreseen?
fn fits(bench: &Bench, rules: &Rules, shot: &Shot) -> Result<bool, String> {
    let loaded = bench.load(&rules.text())?;
    let prediction = Prediction::new(&loaded.save, &bench.host(), &shot.packet());
    let mut taken = vec![0; prediction.ways().len()];
    for _ in 0..DRAWS {
        let shot = Shot { id: bench.next_id(), ..shot.clone() };
        let way = prediction.check(&bench.send(&loaded, &shot)?, &shot)?;
        let at = prediction.ways().iter().position(|other| std::ptr::eq(other, way)).expect("one of them");
        taken[at] += 1;
        bench.forget(&shot)?;
    }
    Ok(distance(prediction.ways(), &taken) <= limit(prediction.ways()))
}

/// Foreseen and counted, rare ways as one.
fn distance(ways: &[Way], taken: &[u32]) -> f64 {
    let mut rare = (0.0, 0.0);
    let mut sum = 0.0;
    for (way, taken) in ways.iter().zip(taken) {
        let (foreseen, taken) = (way.share * f64::from(DRAWS), f64::from(*taken));
        if foreseen < RARE {
            rare = (rare.0 + foreseen, rare.1 + taken);
        } else {
            sum += (taken - foreseen).powi(2) / foreseen;
        }
    }
    if rare.0 >= 1.0 { sum + (rare.1 - rare.0).powi(2) / rare.0 } else { sum }
}

/// The quantile of the chi-square distribution, after Wilson and Hilferty.
fn limit(ways: &[Way]) -> f64 {
    let common = ways.iter().filter(|way| way.share * f64::from(DRAWS) >= RARE).count();
    let degrees = f64::from(u32::try_from(common.max(1)).expect("few"));
    let part = 2.0 / (9.0 * degrees);
    degrees * (1.0 - part + QUANTILE * part.sqrt()).powi(3)
}
