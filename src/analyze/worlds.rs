//! Few worlds: those that end alike are one, and a fact that no two worlds differ by does not matter.

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::logic::{Fact, Grounds};
use crate::packet::Value;

use super::answer::{Path, WorldAnswer};

/// How a path ends, as far as a person can tell: verdict and reason, destination, source.
type Ending = (String, Value<IpAddr>, Value<u16>, Option<Value<IpAddr>>);

/// Keeps the first of those worlds that end alike, and tells which facts changed nothing. The first world keeps all of
/// its assumptions, the others those that make them what they are.
pub(super) fn differing(mut worlds: Vec<WorldAnswer>) -> (Vec<WorldAnswer>, Vec<Fact>) {
    let mut kept: Vec<(Vec<(Ending, i64)>, WorldAnswer)> = Vec::new();
    let asked: Vec<Fact> =
        worlds.first().into_iter().flat_map(|world| &world.assumptions).map(|assumed| assumed.fact.clone()).collect();
    let mut mattering: Vec<Fact> = Vec::new();
    for (index, mut world) in worlds.drain(..).enumerate() {
        if index > 0 {
            world.assumptions.retain(|assumed| assumed.grounds == Grounds::Supposed);
        }
        let endings = endings(&world);
        let twin = kept.iter().position(|(other, _)| *other == endings);
        if twin != Some(0) && index > 0 {
            mattering.extend(world.assumptions.iter().map(|assumed| assumed.fact.clone()));
        }
        match twin.and_then(|twin| kept.get_mut(twin)) {
            // What ends like the first world needs no telling; others name every way to get there.
            Some((_, first)) if twin != Some(0) => {
                first.default |= world.default;
                first.also.push(world.assumptions);
            }
            Some(_) => {}
            None => kept.push((endings, world)),
        }
    }
    let moot = asked.into_iter().filter(|fact| !mattering.iter().any(|matters| matters.about == fact.about)).collect();
    (kept.into_iter().map(|(_, world)| world).collect(), moot)
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
