//! So many packets in a unit of time, as `limit` and `hashlimit` take and print it.

use std::fmt;

/// Kept as the kernel has it: the time between two packets, in ticks of which a second has `TICKS`; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rate<const TICKS: u64> {
    ticks: u64,
}

/// A unit of time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    /// In full; iptables reads every beginning of it, in capitals or not.
    name: &'static str,
    saved: &'static str,
    pub(super) seconds: u32,
}

/// The longest first.
const UNITS: [Unit; 4] = [
    Unit { name: "day", saved: "day", seconds: 24 * 60 * 60 },
    Unit { name: "hour", saved: "hour", seconds: 60 * 60 },
    Unit { name: "minute", saved: "min", seconds: 60 },
    SECOND,
];

/// The unit that is meant where none is given.
pub(super) const SECOND: Unit = Unit { name: "second", saved: "sec", seconds: 1 };

/// Reads `3/min`, `25/S`, `10`. Whatever stands between the digits and the `/` does not count.
pub(super) fn read(text: &str) -> Option<(u32, Unit)> {
    let (count, unit) = match text.split_once('/') {
        Some((count, unit)) => (count, unit_of(unit)?),
        None => (text, SECOND),
    };
    let end = count.find(|c: char| !c.is_ascii_digit()).unwrap_or(count.len());
    Some((count.get(..end)?.parse().ok()?, unit))
}

fn unit_of(text: &str) -> Option<Unit> {
    let begins = |unit: &Unit| unit.name.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
    UNITS.into_iter().find(|unit| !text.is_empty() && begins(unit))
}

impl<const TICKS: u64> Rate<TICKS> {
    /// One packet in so many seconds.
    pub(super) const fn once_in(seconds: u64) -> Self {
        Self { ticks: seconds * TICKS }
    }

    /// So many packets in a unit of time; `None` if there is no time between them.
    pub(super) fn of(count: u32, unit: Unit) -> Option<Self> {
        let ticks = (u64::from(unit.seconds) * TICKS).checked_div(count.into())?;
        (ticks > 0).then_some(Self { ticks })
    }

    /// The unit it is saved in: the shortest, or the one before it that says the rate no worse.
    pub(super) fn unit(&self) -> Unit {
        let is_worse = |unit: &Unit| {
            let length = u64::from(unit.seconds) * TICKS;
            self.ticks > length || length / self.ticks < length % self.ticks
        };
        let fitting = UNITS.iter().position(is_worse).unwrap_or(UNITS.len());
        UNITS.get(fitting.saturating_sub(1)).copied().unwrap_or(SECOND)
    }
}

impl<const TICKS: u64> fmt::Display for Rate<TICKS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = self.unit();
        write!(f, "{}/{}", u64::from(unit.seconds) * TICKS / self.ticks, unit.saved)
    }
}
