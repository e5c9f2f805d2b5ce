//! Few worlds: those that end alike are one, and a fact that no two worlds differ by does not matter.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use crate::logic::{Fact, Grounds, Unknown};
use crate::packet::Value;

use super::answer::{Path, WorldAnswer};

/// How a path ends, as far as a person can tell: verdict and reason, destination, source.
type Ending = (String, Value<IpAddr>, Value<u16>, Option<Value<IpAddr>>);

/// Keeps the first of those worlds that end alike, and tells which facts were looked at and changed nothing. The first world keeps all of
/// its assumptions, the others those that make them what they are.
pub(super) fn differing(worlds: Vec<WorldAnswer>) -> (Vec<WorldAnswer>, Vec<Fact>) {
    let mut kept: Vec<WorldAnswer> = Vec::new();
    let mut places: BTreeMap<Vec<(Ending, i64)>, usize> = BTreeMap::new();
    let (mut supposed, mut mattering) = (BTreeSet::<Unknown>::new(), BTreeSet::<Unknown>::new());
    for mut world in worlds {
        let place = *places.entry(endings(&world)).or_insert(kept.len());
        if !kept.is_empty() {
            world.assumptions.retain(|assumed| assumed.grounds == Grounds::Supposed);
        }
        if !kept.is_empty() {
            supposed.extend(world.assumptions.iter().map(|assumed| assumed.fact.about.clone()));
        }
        if place > 0 {
            mattering.extend(world.assumptions.iter().map(|assumed| assumed.fact.about.clone()));
        }
        match kept.get_mut(place) {
            None => kept.push(world),
            // What ends like the first world needs no telling; others name every way to get there.
            Some(_) if place == 0 => {}
            Some(twin) => {
                twin.default |= world.default;
                twin.also.push(world.assumptions);
            }
        }
    }
    let asked = kept.first().into_iter().flat_map(|world| &world.assumptions).map(|assumed| &assumed.fact);
    let moot =
        asked.filter(|fact| supposed.contains(&fact.about) && !mattering.contains(&fact.about)).cloned().collect();
    (kept, moot)
}

/// The endings of a world with their shares in billionths.
fn endings(world: &WorldAnswer) -> Vec<(Ending, i64)> {
    let mut shares: BTreeMap<Ending, f64> = BTreeMap::new();
    for path in &world.paths {
        *shares.entry(ending(path)).or_default() += path.share.get();
    }
    #[expect(clippy::cast_possible_truncation, reason = "a share is at most 1")]
    let billionths = |share: f64| (share * 1e9).round() as i64;
    shares.into_iter().map(|(ending, share)| (ending, billionths(share))).collect()
}

fn ending(path: &Path) -> Ending {
    let snat = path.snat.as_ref().map(|_| path.packet.src.clone());
    (format!("{:?} {:?}", path.verdict, path.fault), path.packet.dst.clone(), path.packet.dport.clone(), snat)
}
