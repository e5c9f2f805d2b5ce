//! `-j CT`: what connection tracking does with the packet (`net/netfilter/xt_CT.c`; raw table).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Conntrack, Context, Packet, Zone};
use crate::save::bare;

/// `-j CT --notrack | [--helper NAME] [--timeout NAME] [--ctevents LIST] [--expevents LIST] [--zone ID|mark]`
#[derive(Debug, Clone)]
pub struct Ct<'t> {
    notrack: bool,
    helper: Option<Cow<'t, str>>,
    timeout: Option<Cow<'t, str>>,
    /// What programs are told of the connection, in the order of [`EVENTS`].
    events: Vec<&'static str>,
    /// What programs are told of connections that it announces.
    expectations: bool,
    zone: Zone,
    /// The only direction in which the zone tells connections apart.
    direction: Option<Direction>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Direction {
    Original,
    Reply,
}

const EVENTS: [&str; 10] =
    ["new", "related", "destroy", "reply", "assured", "protoinfo", "helper", "mark", "natseqinfo", "secmark"];

impl<'t> Extension<'t> for Ct<'t> {
    const NAME: &'static str = "CT";
    const OPTIONS: &'static [Opt] = &[
        opt("--notrack", 0),
        opt("--helper", 1),
        opt("--timeout", 1),
        opt("--ctevents", 1),
        opt("--expevents", 1),
        opt("--zone-orig", 1),
        opt("--zone-reply", 1),
        opt("--zone", 1),
    ];
    const LISTED: &'static [Listed] = &[
        goes_on("CT", "", 0),
        goes_on("notrack", "--notrack", 0),
        goes_on("helper", "--helper", 1),
        goes_on("timeout", "--timeout", 1),
        goes_on("ctevents", "--ctevents", 1),
        goes_on("expevents", "--expevents", 1),
        goes_on("zone-orig", "--zone-orig", 1),
        goes_on("zone-reply", "--zone-reply", 1),
        goes_on("zone", "--zone", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let events = args.get("--ctevents").map(|arg| events(arg, &EVENTS)).transpose()?.unwrap_or_default();
        let expectations = args.get("--expevents").map(|arg| events_of_expectations(arg)).transpose()?.is_some();
        let direction = match (args.has("--zone-orig"), args.has("--zone-reply")) {
            (true, false) => Some(Direction::Original),
            (false, true) => Some(Direction::Reply),
            _ => None,
        };
        let name = |option| args.get(option).map(|arg| arg.text(0)).filter(|name| !name.is_empty());
        let (helper, timeout) = (name("--helper"), name("--timeout"));
        Ok(Self {
            notrack: args.has("--notrack"),
            helper,
            timeout,
            events,
            expectations,
            zone: zone(&args)?,
            direction,
        })
    }
}

/// The zone that is named last; one by mark wins.
fn zone(args: &Args<'_>) -> Result<Zone, Diagnostic> {
    let mut zone = Zone::Number(0);
    for arg in args.list.iter().filter(|arg| arg.option.starts_with("--zone")) {
        zone = match (zone, &*arg.text(0)) {
            (_, "mark") => Zone::Mark,
            (before, _) => {
                let number = arg.number("a zone from 0 to 65535, or `mark`")?;
                if before == Zone::Mark { before } else { Zone::Number(number) }
            }
        };
    }
    Ok(zone)
}

/// The events of a list, in the order of `known`.
fn events(arg: &Arg<'_>, known: &'static [&'static str]) -> Result<Vec<&'static str>, Diagnostic> {
    let named = arg.list("events such as new,destroy", |name| known.iter().find(|event| **event == name))?;
    Ok(known.iter().filter(|event| named.contains(event)).copied().collect())
}

fn events_of_expectations(arg: &Arg<'_>) -> Result<Vec<&'static str>, Diagnostic> {
    events(arg, &["new"])
}

/// Takes the packet out of connection tracking, unless it has been decided already.
pub(super) fn untracked(cx: &Context<'_>) -> Effect {
    decided(cx, Conntrack::Untracked)
}

/// The first that decides how the packet is tracked has decided.
fn decided(cx: &Context<'_>, conntrack: Conntrack) -> Effect {
    match cx.packet.conntrack {
        Conntrack::Unseen | Conntrack::Invalid => Effect::Change(Box::new(Packet { conntrack, ..cx.packet.clone() })),
        _ => Effect::Continue,
    }
}

impl Acts for Ct<'_> {
    /// A helper, a timeout or events do not change where a packet goes; a zone does where nat chooses an address by it.
    fn act(&self, cx: &Context<'_>) -> Effect {
        if self.notrack { untracked(cx) } else { decided(cx, Conntrack::Template(self.zone)) }
    }

    fn tracks(&self) -> bool {
        !self.notrack
    }
}

impl fmt::Display for Ct<'_> {
    /// Names are printed bare, zone 0 not at all.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.notrack { " --notrack" } else { "" })?;
        for (option, name) in [("--helper", &self.helper), ("--timeout", &self.timeout)] {
            name.iter().try_for_each(|name| write!(f, " {option} {}", bare(name)))?;
        }
        if !self.events.is_empty() {
            write!(f, " --ctevents {}", self.events.join(","))?;
        }
        f.write_str(if self.expectations { " --expevents new" } else { "" })?;
        let option = match self.direction {
            Some(Direction::Original) => "--zone-orig",
            Some(Direction::Reply) => "--zone-reply",
            None => "--zone",
        };
        match self.zone {
            Zone::Number(0) => Ok(()),
            Zone::Number(zone) => write!(f, " {option} {zone}"),
            Zone::Mark => write!(f, " {option} mark"),
        }
    }
}
