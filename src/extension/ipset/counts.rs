//! What the counters of a set's entry must be: `--packets-gt 10` and its like (`ip_set_match_extensions`).
//!
//! The packet counts itself first, unless the rule says `! --update-counters`. The save tells what was counted before.

use std::cmp::Ordering;

use crate::ipset::{Held, Set};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// The tests of a rule.
#[derive(Debug, Clone, Default)]
pub(in crate::extension) struct Counts {
    /// `! --update-counters`: the packet is not counted.
    pub(in crate::extension) frozen: bool,
    /// `--packets-...`
    pub(in crate::extension) packets: Option<Count>,
    /// `--bytes-...`
    pub(in crate::extension) bytes: Option<Count>,
}

/// One test.
#[derive(Debug, Clone, Copy)]
pub(in crate::extension) struct Count {
    /// `! --packets-eq`
    pub(in crate::extension) not: bool,
    /// `eq`, `lt` or `gt`.
    pub(in crate::extension) is: Ordering,
    /// What it is compared to.
    pub(in crate::extension) value: u64,
}

impl Count {
    /// The end of the option's name.
    pub(in crate::extension) const fn suffix(self) -> &'static str {
        match self.is {
            Ordering::Less => "lt",
            Ordering::Equal => "eq",
            Ordering::Greater => "gt",
        }
    }

    const fn words(self) -> &'static str {
        match (self.is, self.not) {
            (Ordering::Less, _) => "fewer than",
            (Ordering::Greater, _) => "more than",
            (Ordering::Equal, false) => "exactly",
            (Ordering::Equal, true) => "more or fewer than",
        }
    }

    fn fits(self, counted: u64) -> bool {
        (counted.cmp(&self.value) == self.is) != self.not
    }

    /// Will it stay as it is for `counted`, however much more is counted?
    fn stays(self, counted: u64) -> bool {
        counted > self.value
    }
}

impl Counts {
    /// No test at all.
    pub(super) const ANY: Self = Self { frozen: false, packets: None, bytes: None };

    /// Are there no tests, or no counters to test? Without counters the kernel takes them as passed.
    pub(super) const fn are_any(&self, set: &Set) -> bool {
        !set.counts || self.packets.is_none() && self.bytes.is_none()
    }

    /// Do the counters of an entry fit?
    pub(super) fn fit(&self, cx: &Context<'_>, name: &str, set: &Set, held: &Held) -> Outcome {
        if self.are_any(set) {
            return Outcome::Always;
        }
        let length = cx.packet.length.known().map(|length| u64::from(*length));
        let packets = self.packets.map(|count| (count, "packets", held.packets, Some(1)));
        let bytes = self.bytes.map(|count| (count, "bytes", held.bytes, length));
        let tests = [packets, bytes].into_iter().flatten();
        tests.fold(Outcome::Always, |outcome, (count, what, before, own)| {
            let own = if self.frozen { Some(0) } else { own };
            outcome.and(fits(cx, name, count, what, before, own))
        })
    }
}

/// Counters never go down, so what they have passed is passed. What other packets, or earlier rules for this one, have
/// counted since the save is not known.
fn fits(cx: &Context<'_>, name: &str, count: Count, what: &str, before: u64, own: Option<u64>) -> Outcome {
    let now = before.saturating_add(own.unwrap_or(0));
    if count.stays(now) {
        return count.fits(now).into();
    }
    let (words, value) = (count.words(), count.value);
    let not = if count.not { "!" } else { "" };
    cx.ask(
        &format!("ipset:{name}:{before}:{not}{what}-{}-{value}", count.suffix()),
        own.map(|_| Presumed::usually(count.fits(now))),
        format!("{words} {value} {what} are counted for the packet's entry in the ipset `{name}`"),
        format!("not {words} {value} {what} are counted for the packet's entry in the ipset `{name}`"),
    )
}
