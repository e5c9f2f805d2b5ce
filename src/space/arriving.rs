//! Which packets come to a chain at all: those that some way of jumps from a built-in chain lets through.
//!
//! Only what the jumps ask for counts; that an earlier rule of a calling chain takes packets away is left out.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::logic::Values;
use crate::ruleset::{ChainId, Kind, Ruleset, TableId};
use crate::save::{Hook, TableName};

use super::axis::Axis;
use super::change::Changes;
use super::covered::Reach;
use super::cube::Cube;
use super::reading::Reading;
use super::space::Space;
use super::state::read;
use crate::packet::CtState;

/// How many cubes what comes to a chain may consist of; more are taken to be everything.
const MOST_CUBES: usize = 16;

/// What comes to the chains of a table. A chain that is not in it may be asked about any packet.
pub type Arriving = FxHashMap<ChainId, Space>;

/// What comes to each chain of a table. Where chains lead back to themselves nothing is told.
pub fn arriving(ruleset: &Ruleset<'_>, table: TableId, reach: &mut Reach<'_, '_>) -> Arriving {
    let Some(order) = callers_first(ruleset, table) else { return Arriving::default() };
    let mut arriving: FxHashMap<ChainId, Space> = FxHashMap::default();
    for chain in order {
        let Some(kind) = ruleset.chain(chain).map(|chain| chain.kind) else { continue };
        let here = match kind {
            Kind::Base { hook, .. } => of_hook(ruleset, table.name, hook),
            Kind::User => arriving.get(&chain).cloned().unwrap_or_else(Space::all),
        };
        arriving.insert(chain, here.clone());
        let mut changed = Changes::NONE;
        for rule in ruleset.rules(chain) {
            if let Some(to) = rule.leads_to().filter(|to| *to != chain) {
                let now = here.clone().each(|cube| Some(cube.forget(changed)));
                let lasting = Changes::by_matches(rule);
                let led = now.and(&Reading::of(rule, ruleset.family).upper);
                let all = arriving.entry(to).or_default();
                let fits = led.is_some_and(|led| {
                    led.cubes().iter().all(|cube| all.add_up_to(MOST_CUBES, cube.clone().forget(lasting)))
                });
                if !fits {
                    *all = Space::all();
                }
            }
            changed = changed.and(reach.changes_of(rule));
        }
    }
    arriving.retain(|_, space| !space.is_all());
    arriving
}

/// The chains that built-in chains lead to, each behind all that lead to it; `None` if there is a circle.
fn callers_first(ruleset: &Ruleset<'_>, table: TableId) -> Option<Vec<ChainId>> {
    let mut after = Vec::new();
    let mut open: FxHashSet<ChainId> = FxHashSet::default();
    let mut done: FxHashSet<ChainId> = FxHashSet::default();
    let bases = ruleset.chains(table).filter(|(_, chain)| matches!(chain.kind, Kind::Base { .. }));
    let mut stack: Vec<(ChainId, bool)> = bases.map(|(id, _)| (id, false)).collect();
    while let Some((chain, is_left)) = stack.pop() {
        if is_left {
            open.remove(&chain);
            done.insert(chain);
            after.push(chain);
            continue;
        }
        if done.contains(&chain) {
            continue;
        }
        if !open.insert(chain) {
            return None;
        }
        stack.push((chain, true));
        let mut seen = FxHashSet::default();
        for to in ruleset.rules(chain).iter().filter_map(crate::ruleset::Rule::leads_to) {
            if open.contains(&to) {
                return None;
            }
            if !done.contains(&to) && seen.insert(to) {
                stack.push((to, false));
            }
        }
    }
    after.reverse();
    Some(after)
}

/// What a built-in chain is asked about. A packet has no interface to leave by before it is routed, nor one that it came by if
/// it was made here; nat is asked only about what begins a connection or is related to one.
fn of_hook(ruleset: &Ruleset<'_>, table: TableName, hook: Hook) -> Space {
    let none = Values::one(0u128);
    let cube = match hook {
        Hook::Prerouting | Hook::Input => Cube::all().narrowed(Axis::Output, &none),
        Hook::Output => Cube::all().narrowed(Axis::Input, &none),
        // Since Linux 5.7 a packet that was forwarded still has it there.
        Hook::Forward | Hook::Postrouting => Some(Cube::all()),
    };
    let begins = |number: &u8| matches!(read(*number).0, CtState::New | CtState::Related);
    let states = Axis::State.scaled(ruleset.family, &Values::union((0..16).filter(begins).map(Values::one)));
    let cube =
        cube.and_then(|cube| if table == TableName::Nat { cube.narrowed(Axis::State, &states) } else { Some(cube) });
    cube.map_or_else(Space::all, Space::from)
}
