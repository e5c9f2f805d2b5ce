//! A packet asked of an ipset, for `-m set` and `-j SET` (`ip_set_test` in `net/netfilter/ipset/ip_set_core.c`).

mod asked;
mod change;
mod counts;
mod entry;

pub(super) use change::{change, mapped};
pub(super) use counts::{Count, Counts};
pub(super) use entry::Entry;

use crate::ipset::{Dimension, Element, Held, Set};
use crate::logic::{Outcome, Presumed, Unknown};
use crate::packet::{Context, Interface, SetChange, Value};

use asked::{Asked, asked, in_words};

/// An ipset and the directions that a rule asks it in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lookup<'a> {
    /// The ipset.
    pub(super) name: &'a str,
    /// `src` and `dst`, separated by commas.
    pub(super) sides: &'a str,
    /// `--return-nomatch`: exceptions match, and only those.
    pub(super) exceptions: bool,
    /// What its counters must be.
    pub(super) counts: &'a Counts,
}

impl<'a> Lookup<'a> {
    /// Does the set hold the packet?
    pub(super) fn outcome(&self, cx: &Context<'_>) -> Outcome {
        let Some(set) = cx.host.sets().get(self.name) else { return self.ask(cx, None) };
        let Some(sides) = heeded(cx, set, self.sides) else { return Outcome::Never };
        let lookup = Lookup { sides, ..*self };
        if set.kind.is_list() {
            return lookup.in_list(cx, set);
        }
        match asked(cx, set, sides) {
            Asked::Nothing => Outcome::Never,
            Asked::Known(element) => lookup.holds(cx, set, &element),
            Asked::On(element, interface) => lookup.holds_on(cx, set, &element, &interface),
            Asked::Unknown(unknown) => lookup.may_hold(cx, set, unknown.as_ref()),
        }
    }

    /// The first of a list's sets that holds the packet.
    fn in_list(&self, cx: &Context<'_>, list: &Set) -> Outcome {
        if self.changes(cx).next().is_some() {
            return self.ask(cx, Some(list));
        }
        let mut outcome = Outcome::Never;
        for (name, held) in list.sets() {
            let member = Lookup { name, counts: &Counts::ANY, ..*self }.outcome(cx);
            outcome = outcome.or(member.and(self.counts.fit(cx, self.name, list, held)));
            if outcome == Outcome::Always {
                break;
            }
        }
        outcome
    }

    /// Does the set hold this, as it is after what the packet has changed?
    fn holds(&self, cx: &Context<'_>, set: &Set, element: &Element) -> Outcome {
        match after(set, element, self.changes(cx)) {
            After::Same => self.decide(cx, set, &set.covering(element)),
            After::Now(there) if self.counts.are_any(set) => there.into(),
            After::Now(_) | After::Unknown => self.ask(cx, Some(set)),
        }
    }

    /// The first entry whose counters fit decides.
    fn decide(&self, cx: &Context<'_>, set: &Set, covering: &[&Held]) -> Outcome {
        for held in covering {
            match self.counts.fit(cx, self.name, set, held) {
                Outcome::Never => {}
                Outcome::Always => return (held.nomatch == (self.exceptions && set.kind.nets)).into(),
                open => return open,
            }
        }
        Outcome::Never
    }

    /// Does the set hold this on an interface that is not known? The question is about that.
    fn holds_on(&self, cx: &Context<'_>, set: &Set, element: &Element, interface: &Value<Interface>) -> Outcome {
        if !self.counts.are_any(set) || self.changes(cx).next().is_some() {
            return self.ask(cx, Some(set));
        }
        for (pattern, held) in set.interfaces(element) {
            match cx.is_on(interface, &pattern) {
                Outcome::Never => {}
                Outcome::Always => return (held.nomatch == self.exceptions).into(),
                open => return open,
            }
        }
        Outcome::Never
    }

    /// Does the set hold what is not known? Where it has one dimension the question is about that.
    fn may_hold(&self, cx: &Context<'_>, set: &Set, unknown: Option<&Unknown>) -> Outcome {
        let plain = self.counts.are_any(set) && self.changes(cx).next().is_none();
        let values = set.values(self.exceptions && set.kind.nets);
        match (unknown, values) {
            (Some(unknown), Some(values)) if plain => {
                let what = match (set.kind.dimensions, self.sides) {
                    ([Dimension::Port], "src") => Some("the source port"),
                    ([Dimension::Port], _) => Some("the destination port"),
                    _ => None,
                };
                let (name, yes, no) = self.words(cx, what, "");
                cx.is_among(unknown, values, &name, yes, no)
            }
            _ => self.ask(cx, Some(set)),
        }
    }

    /// What the packet has changed in this set, the last change first.
    fn changes<'p>(&self, cx: &Context<'p>) -> impl Iterator<Item = &'p SetChange>
    where
        'a: 'p,
    {
        let name = self.name;
        cx.packet.set_changes.iter().rev().filter(move |change| &*change.set == name)
    }

    /// The question as a whole. What the packet itself put there is most likely there.
    fn ask(&self, cx: &Context<'_>, set: Option<&Set>) -> Outcome {
        let Some(change) = self.changes(cx).next() else {
            let (name, yes, no) = self.words(cx, None, "");
            return cx.ask(&name, None, yes, no);
        };
        let same = *change.asked == in_words(cx, self.sides, "src", "dst");
        let sure = same && (change.added || set.is_some_and(|set| !set.kind.nets));
        let (name, yes, no) = self.words(cx, None, &format!(" after line {}", change.line));
        cx.ask(&name, sure.then_some(Presumed::usually(change.added)), yes, no)
    }

    /// The question's name, and how it reads if it is so and if not.
    fn words(&self, cx: &Context<'_>, what: Option<&str>, after: &str) -> (String, String, String) {
        let Self { name, sides, .. } = self;
        let whole = || in_words(cx, sides, "the client", "the destination");
        let what = what.map_or_else(whole, str::to_owned);
        let exception = if self.exceptions { "an exception of" } else { "in" };
        let short = if self.exceptions { ":nomatch" } else { "" };
        (
            format!("ipset:{name}:{sides}:{}{short}{}", in_words(cx, sides, "src", "dst"), after.replace(' ', "-")),
            format!("{what} is {exception} the ipset `{name}` ({sides}){after}"),
            format!("{what} is not {exception} the ipset `{name}` ({sides}){after}"),
        )
    }
}

/// The directions that a set heeds: one for each dimension, and all for the sets of a list. None if there are too few, or
/// if the packet is not of the set's family: it cannot hold it then.
fn heeded<'s>(cx: &Context<'_>, set: &Set, sides: &'s str) -> Option<&'s str> {
    if !set.takes(cx.packet.family) {
        return None;
    }
    if set.kind.is_list() {
        return Some(sides);
    }
    let mut ends = sides.match_indices(',').map(|(end, _)| end).chain([sides.len()]);
    sides.get(..ends.nth(set.kind.dimensions.len() - 1)?)
}

/// What a packet's changes of a set did to an element.
enum After {
    /// Nothing.
    Same,
    /// It is there now, or is not.
    Now(bool),
    /// It cannot be told.
    Unknown,
}

/// An added network hides others by its length, so what becomes of those is not told.
fn after<'p>(set: &Set, element: &Element, changes: impl Iterator<Item = &'p SetChange>) -> After {
    for change in changes {
        match &change.element {
            Some(changed) if set.kind.keeps_each() => {
                if set.is_same(changed, element) {
                    return After::Now(change.added);
                }
            }
            _ => return After::Unknown,
        }
    }
    After::Same
}
