//! One set: what it was created as, and what it holds.

use std::sync::{Arc, OnceLock};

use crate::logic::{Pattern, Values};
use crate::number::Masked;
use crate::save::Family;

use super::element::{ANY_MAC, Element, Key, mask};
use super::entry::{Entry, width};
use super::kind::{Dimension, Kind};
use super::table::Table;

/// What a set keeps with an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// It is an exception: what it covers is not in the set.
    pub nomatch: bool,
    /// Packets that were counted for it.
    pub packets: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What `-j SET --map-mark` makes of a mark.
    pub mark: Masked,
}

impl Held {
    /// Nothing but the element itself.
    pub const PLAIN: Self = Self { nomatch: false, packets: 0, bytes: 0, mark: Masked { value: 0, mask: 0 } };
}

/// As most entries keep nothing, it costs one pointer.
pub(super) type Extras = Option<Box<Held>>;

/// An entry of `hash:net,iface`.
#[derive(Debug, Clone)]
struct Bound {
    interface: Arc<str>,
    /// The name is the beginning of names.
    wildcard: bool,
    extras: Extras,
}

/// A set.
#[derive(Debug, Clone)]
pub struct Set {
    /// Its type.
    pub kind: &'static Kind,
    /// IPv4 or IPv6; what its type has both of has either.
    family: Family,
    /// The bits of addresses that it keeps (`netmask`, `bitmask`).
    pub(super) kept: u128,
    /// The bits of marks that it keeps (`markmask`).
    pub(super) kept_mark: u32,
    /// It counts packets.
    pub counts: bool,
    /// It keeps what `-j SET --map-mark` asks for.
    pub keeps_marks: bool,
    /// How many elements it takes.
    pub(super) room: usize,
    /// What a bitmap has bits for.
    pub(super) range: Option<(u128, u128)>,
    exceptions: bool,
    body: Body,
    /// The values of a set of one dimension: what is in it, and what is excepted.
    values: [OnceLock<Option<Values>>; 2],
}

#[derive(Debug, Clone)]
enum Body {
    Elements(Table<Extras>),
    Bound(Table<Vec<Bound>>),
    Sets(Vec<(String, Extras)>),
}

impl Set {
    /// An empty one.
    pub(super) fn new(kind: &'static Kind, family: Family) -> Self {
        let width = width(family);
        let body = match kind.dimensions {
            [] => Body::Sets(Vec::new()),
            [.., Dimension::Interface] => Body::Bound(Table::new(width)),
            _ => Body::Elements(Table::new(width)),
        };
        Self {
            kind,
            family,
            kept: mask(width, width),
            kept_mark: u32::MAX,
            counts: false,
            keeps_marks: false,
            room: 1 << 16,
            range: None,
            exceptions: false,
            body,
            values: [const { OnceLock::new() }; 2],
        }
    }

    /// Can a packet of this family be in it?
    pub fn takes(&self, family: Family) -> bool {
        self.kind.any_family || self.family == family
    }

    pub(super) const fn family(&self) -> Family {
        self.family
    }

    /// Does it have exceptions?
    pub const fn has_exceptions(&self) -> bool {
        self.exceptions
    }

    /// Will it refuse another element?
    pub fn is_full(&self) -> bool {
        match &self.body {
            Body::Elements(table) => !self.kind.is_bitmap() && table.len() >= self.room,
            Body::Bound(table) => table.len() >= self.room,
            Body::Sets(_) => false,
        }
    }

    /// Could it hold this?
    pub fn has_room_for(&self, element: &Element) -> bool {
        self.range.is_none_or(|(first, last)| {
            let key = self.kept_of(element);
            let place = if self.kind.dimensions == [Dimension::Port] { key.port.into() } else { key.addresses[0] };
            (first..=last).contains(&place)
        })
    }

    /// Adds what an entry is about.
    pub(super) fn add(&mut self, entry: &Entry, wildcard: bool, held: &Held) {
        self.exceptions |= held.nomatch;
        let held = (*held != Held::PLAIN).then(|| Box::new(held.clone()));
        let kept_mark = self.kept_mark;
        for mut key in entry.keys(self.kept) {
            if self.kind.dimensions.contains(&Dimension::Mark) {
                key.tag &= u64::from(kept_mark);
            }
            match (&mut self.body, &entry.interface) {
                (Body::Elements(table), _) => table.entry(key).clone_from(&held),
                (Body::Bound(table), Some(interface)) if !entry.physdev => {
                    table.entry(key).push(Bound { interface: interface.clone(), wildcard, extras: held.clone() });
                }
                _ => {}
            }
        }
    }

    /// Adds another set to a list.
    pub(super) fn add_set(&mut self, name: &str, held: Held) {
        if let Body::Sets(sets) = &mut self.body {
            sets.push((name.to_owned(), (held != Held::PLAIN).then(|| Box::new(held))));
        }
    }

    /// The sets that a list holds, in order.
    pub fn sets(&self) -> impl Iterator<Item = (&str, &Held)> {
        let sets = if let Body::Sets(sets) = &self.body { sets.as_slice() } else { &[] };
        sets.iter().map(|(name, extras)| (name.as_str(), held(extras)))
    }

    /// Does the set keep the same of both?
    pub fn is_same(&self, one: &Element, other: &Element) -> bool {
        self.kept_of(one) == self.kept_of(other) && one.interface == other.interface
    }

    /// What it keeps of what it is asked for.
    fn kept_of(&self, element: &Element) -> Key {
        let mut key = element.key;
        key.addresses = key.addresses.map(|address| address & self.kept);
        match self.kind.dimensions {
            [Dimension::Port] => key.protocol = 0,
            [.., Dimension::Mark] => key.tag &= u64::from(self.kept_mark),
            _ => {}
        }
        key
    }

    /// The entries that cover what is asked for, in the order in which the kernel tries them. The first decides, unless it
    /// is asked about counters that do not fit.
    pub fn covering(&self, asked: &Element) -> Vec<&Held> {
        let key = self.kept_of(asked);
        match &self.body {
            Body::Elements(table) if self.kind.name == "bitmap:ip,mac" => {
                table.covering(key).chain(table.covering(Key { tag: ANY_MAC, ..key })).map(held).collect()
            }
            Body::Elements(table) => table.covering(key).map(held).collect(),
            Body::Bound(table) => {
                let name = asked.interface.as_deref().unwrap_or_default();
                // A network that is there, but on no such interface, hides the wider ones.
                let each = table.covering(key).map(|bound| bound.iter().filter(|bound| bound.is_on(name)));
                each.map_while(|mut on| on.next()).map(|bound| held(&bound.extras)).collect()
            }
            Body::Sets(_) => Vec::new(),
        }
    }

    /// The interfaces of the most specific network that covers an address, in the order in which the kernel tries them.
    pub fn interfaces(&self, asked: &Element) -> impl Iterator<Item = (Pattern, &Held)> {
        let table = if let Body::Bound(table) = &self.body { Some(table) } else { None };
        let bound = table.and_then(|table| table.covering(self.kept_of(asked)).next());
        bound.into_iter().flatten().map(|bound| (bound.pattern(), held(&bound.extras)))
    }

    /// The numbers that a set of one dimension holds, or those that it excepts; none if they are no ranges.
    pub fn values(&self, excepted: bool) -> Option<&Values> {
        let [included, exceptions] = &self.values;
        (if excepted { exceptions } else { included }).get_or_init(|| self.find_values(excepted)).as_ref()
    }

    fn find_values(&self, excepted: bool) -> Option<Values> {
        let Body::Elements(table) = &self.body else { return None };
        match self.kind.dimensions {
            [Dimension::Port] => Some(Values::union(table.ascending().iter().map(|(key, _)| Values::one(key.port)))),
            [Dimension::Address]
                if self.kept.leading_zeros() + self.kept.count_ones() + self.kept.trailing_zeros() == 128 =>
            {
                Some(self.networks(table, excepted))
            }
            _ => None,
        }
    }

    /// The addresses whose most specific network is an exception, or is none.
    fn networks(&self, table: &Table<Extras>, excepted: bool) -> Values {
        let mut values = Values::none();
        let entries = table.ascending();
        for alike in entries.chunk_by(|(one, _), (other, _)| one.lengths == other.lengths) {
            let those = |wanted: bool| {
                let of = alike.iter().filter(move |(_, extras)| (held(extras).nomatch == excepted) == wanted);
                Values::union(of.map(|(key, _)| {
                    let within = self.kept & mask(key.lengths[0], table.width());
                    let last = key.addresses[0] | (mask(table.width(), table.width()) & !within);
                    Values::range(key.addresses[0], last)
                }))
            };
            values = Values::union([values.minus(&those(false)), those(true)]);
        }
        values
    }
}

impl Bound {
    fn pattern(&self) -> Pattern {
        Pattern::new(&format!("{}{}", self.interface, if self.wildcard { "+" } else { "" }))
    }

    fn is_on(&self, name: &str) -> bool {
        if self.wildcard { name.starts_with(&*self.interface) } else { name == &*self.interface }
    }
}

fn held(extras: &Extras) -> &Held {
    extras.as_deref().unwrap_or(&Held::PLAIN)
}
