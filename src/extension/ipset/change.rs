//! What `-j SET` does to a set and takes from it (`set_target_v3` in `net/netfilter/xt_set.c`).

use crate::ipset::{Element, Set};
use crate::logic::Outcome;
use crate::packet::{Context, Masked, SetChange};

use super::asked::{Asked, asked, in_words};
use super::{After, Counts, Lookup, after, heeded};

/// What adding the packet to a set, or taking it out, changes.
pub(in crate::extension) fn change(cx: &Context<'_>, name: &str, sides: &str, added: bool) -> Vec<SetChange> {
    let known = cx.host.sets().get(name);
    let Some(sides) = known.map_or(Some(sides), |set| heeded(cx, set, sides)) else { return Vec::new() };
    let asked_for = in_words(cx, sides, "src", "dst");
    let change = |set: &str, element| {
        let (set, asked) = (set.into(), asked_for.as_str().into());
        SetChange { set, added, element, asked, line: cx.line }
    };
    let Some(set) = known else { return vec![change(name, None)] };
    if set.kind.is_list() {
        // The first member that takes it does.
        return set.sets().map(|(member, _)| member).chain([name]).map(|set| change(set, None)).collect();
    }
    match asked(cx, set, sides) {
        Asked::Nothing => Vec::new(),
        Asked::Known(element) if added && !set.has_room_for(&element) => Vec::new(),
        Asked::Known(element) => vec![change(name, (!added || takes(set, &element)).then_some(element))],
        Asked::On(..) | Asked::Unknown(_) => vec![change(name, None)],
    }
}

/// A set that is full takes nothing new.
fn takes(set: &Set, element: &Element) -> bool {
    !set.is_full() || !set.covering(element).is_empty()
}

/// What `--map-mark` makes of a mark; `None` if it is not known. A packet that is not in the set keeps its mark.
pub(in crate::extension) fn mapped(cx: &Context<'_>, name: &str, sides: &str) -> Option<Masked> {
    const KEPT: Masked = Masked { value: 0, mask: 0 };
    let lookup = Lookup { name, sides, exceptions: false, counts: &Counts::ANY };
    let set = cx.host.sets().get(name)?;
    let Some(sides) = heeded(cx, set, sides) else { return Some(KEPT) };
    if set.kind.is_list() {
        for (member, held) in set.sets() {
            let member_lookup = Lookup { name: member, ..lookup };
            match member_lookup.outcome(cx) {
                Outcome::Never => {}
                Outcome::Always if set.keeps_marks => return Some(held.mark),
                Outcome::Always => return mapped(cx, member, sides),
                _ => return None,
            }
        }
        return Some(KEPT);
    }
    match asked(cx, set, sides) {
        Asked::Nothing => Some(KEPT),
        Asked::Known(element) if matches!(after(set, &element, lookup.changes(cx)), After::Same) => {
            let first = set.covering(&element).first().map(|held| if held.nomatch { KEPT } else { held.mark });
            Some(first.unwrap_or(KEPT))
        }
        Asked::Known(_) | Asked::On(..) | Asked::Unknown(_) => None,
    }
}
