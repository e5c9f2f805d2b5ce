//! `-j SET`: adds to or removes from an ipset, or takes a mark out of one, and goes on (`net/netfilter/xt_set.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::ipset::{self, Entry};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Context, Value};

use super::mark::marked;

/// `-j SET [--add-set ENTRY [--exist] [--timeout N]] [--del-set ENTRY]
/// [--map-set ENTRY --map-mark|--map-prio|--map-queue]`
#[derive(Debug, Clone)]
pub struct Set<'t> {
    add: Option<Entry<'t>>,
    /// An entry that is there is renewed.
    exist: bool,
    /// In seconds.
    timeout: Option<u32>,
    delete: Option<Entry<'t>>,
    map: Option<Entry<'t>>,
    /// What is taken from the entry, in the order of [`MAPS`].
    maps: Vec<&'static str>,
}

const MAPS: [&str; 3] = ["--map-mark", "--map-prio", "--map-queue"];

impl<'t> Extension<'t> for Set<'t> {
    const NAME: &'static str = "SET";
    const OPTIONS: &'static [Opt] = &[
        opt("--add-set", 2),
        opt("--del-set", 2),
        opt("--map-set", 2),
        opt("--exist", 0),
        opt("--timeout", 1),
        opt("--map-mark", 0),
        opt("--map-prio", 0),
        opt("--map-queue", 0),
    ];
    const LISTED: &'static [Listed] = &[
        goes_on("add-set", "--add-set", 2),
        goes_on("del-set", "--del-set", 2),
        goes_on("map-set", "--map-set", 2),
        goes_on("exist", "--exist", 0),
        goes_on("timeout", "--timeout", 1),
        goes_on("map-mark", "--map-mark", 0),
        goes_on("map-prio", "--map-prio", 0),
        goes_on("map-queue", "--map-queue", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let entry = |option| args.one_of(&[option])?.map(Entry::read).transpose();
        let (add, delete, map) = (entry("--add-set")?, entry("--del-set")?, entry("--map-set")?);
        let timeout =
            args.get("--timeout").map(|arg| arg.number_in(0..=u32::MAX - 1, "a time in seconds")).transpose()?;
        let maps: Vec<_> = MAPS.into_iter().filter(|option| args.has(option)).collect();
        let set = Self { add, exist: args.has("--exist"), timeout, delete, map, maps };
        set.lacks().map_or(Ok(set), |option| Err(args.missing(option)))
    }
}

impl Set<'_> {
    /// An option without which the others mean nothing.
    const fn lacks(&self) -> Option<&'static str> {
        let nothing = self.delete.is_none() && self.map.is_none();
        if self.add.is_none() && (nothing || self.exist || self.timeout.is_some()) {
            return Some("--add-set");
        }
        match (self.map.is_some(), self.maps.is_empty()) {
            (false, false) => Some("--map-set"),
            (true, true) => Some("--map-mark"),
            _ => None,
        }
    }
}

impl Acts for Set<'_> {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let mut packet = cx.packet.clone();
        for (entry, added) in [(&self.add, true), (&self.delete, false)] {
            packet
                .set_changes
                .extend(entry.iter().flat_map(|entry| ipset::change(cx, &entry.name, &entry.sides, added)));
        }
        if let Some(entry) = self.map.as_ref().filter(|_| self.maps.contains(&"--map-mark")) {
            packet.mark = match ipset::mapped(cx, &entry.name, &entry.sides) {
                Some(mark) => marked(&packet.mark, mark, Field::Mark, cx.line),
                None => Value::left(Field::Mark, cx.line),
            };
        }
        Effect::Change(Box::new(packet))
    }
}

impl fmt::Display for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.add.iter().try_for_each(|entry| write!(f, " --add-set {entry}"))?;
        f.write_str(if self.exist { " --exist" } else { "" })?;
        self.timeout.iter().try_for_each(|timeout| write!(f, " --timeout {timeout}"))?;
        self.delete.iter().try_for_each(|entry| write!(f, " --del-set {entry}"))?;
        self.map.iter().try_for_each(|entry| write!(f, " --map-set {entry}"))?;
        self.maps.iter().try_for_each(|map| write!(f, " {map}"))
    }
}
