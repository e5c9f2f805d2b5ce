//! Entries of ipsets, as `-j SET` makes them and `-m set` asks for them.

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, Packet, Value};

use super::args::Arg;

/// `NAME src|dst[,...]`: what of a packet is an entry of which set.
#[derive(Debug, Clone)]
pub(super) struct Entry<'t> {
    /// At most 31 bytes.
    pub(super) name: Cow<'t, str>,
    /// For each dimension of the set, whether the packet's source is meant.
    sources: Vec<bool>,
}

/// The most dimensions.
const MOST: usize = 6;

impl<'t> Entry<'t> {
    /// Reads the two values of `arg`.
    pub(super) fn read(arg: &Arg<'t>) -> Result<Self, Diagnostic> {
        let (sides, what) = (arg.text(1), "a set, and one to six of `src` and `dst`");
        let source = |side: &str| match side {
            "src" => Some(true),
            "dst" => Some(false),
            _ => None,
        };
        let sources: Option<Vec<_>> = sides.split(',').map(source).collect();
        let sources = sources.filter(|sources| sources.len() <= MOST).ok_or_else(|| arg.bad(what))?;
        Ok(Self { name: arg.text(0), sources })
    }

    /// `src,dst`
    fn sides(&self) -> String {
        self.sources.iter().map(|source| if *source { "src" } else { "dst" }).collect::<Vec<_>>().join(",")
    }

    /// The entry of this packet, as far as it is known: the same for every packet that has the same.
    fn key(&self, packet: &Packet) -> String {
        let text = |address: &Value<IpAddr>, port: &Value<u16>| {
            let address = address.known().map_or_else(|| "?".into(), IpAddr::to_string);
            port.known().map_or_else(|| format!("{address} ?"), |port| format!("{address} {port}"))
        };
        let sides = self.sources.iter().map(|source| match source {
            true => text(&packet.src, &packet.sport),
            false => text(&packet.dst, &packet.dport),
        });
        format!("{} {}", self.name, sides.collect::<Vec<_>>().join(","))
    }

    /// What the set is asked for: the packet's side of each direction, as far as it is known.
    fn asked(&self, packet: &Packet) -> String {
        let address = |value: &Value<IpAddr>, unknown: &str| match value {
            Value::Known(address) => address.to_string(),
            Value::Unknown(_) => unknown.to_owned(),
        };
        let mut sides: Vec<_> = self
            .sources
            .iter()
            .map(|source| match source {
                true => address(&packet.src, "the client"),
                false => address(&packet.dst, "the destination"),
            })
            .collect();
        sides.dedup();
        sides.join(",")
    }

    /// Is the packet's entry in the set? Nothing in a dump tells.
    pub(super) fn is_member(&self, cx: &Context<'_>) -> Outcome {
        let (name, sides, asked) = (&self.name, self.sides(), self.asked(cx.packet));
        cx.ask(
            &format!("ipset:{name}:{sides}:{}", asked.replace("the client", "src").replace("the destination", "dst")),
            None,
            format!("{asked} is in the ipset `{name}` ({sides})"),
            format!("{asked} is not in the ipset `{name}` ({sides})"),
        )
    }

    /// Notes that the packet's entry was added, or taken out.
    pub(super) fn note(&self, packet: &mut Packet, added: bool) {
        let key = self.key(packet);
        packet.recorded.retain(|noted| noted.strip_prefix(['+', '-']).is_none_or(|noted| noted != key));
        packet.recorded.push(Arc::from(format!("{}{key}", if added { '+' } else { '-' })));
    }

    /// Is the packet's entry in the set, after a rule has added it or taken it out? `None` if none has.
    pub(super) fn noted(&self, cx: &Context<'_>) -> Option<Outcome> {
        let key = self.key(cx.packet);
        let noted = cx.packet.recorded.iter().find(|noted| noted.strip_prefix(['+', '-']) == Some(&key))?;
        let (name, sides) = (&self.name, self.sides());
        Some(if noted.starts_with('+') {
            cx.ask(
                &format!("ipset:{name}:{sides}:added"),
                Some(Presumed::firmly(true)),
                format!("what a rule adds to the ipset `{name}` finds room in it"),
                format!("what a rule adds to the ipset `{name}` finds no room in it"),
            )
        } else {
            cx.ask(
                &format!("ipset:{name}:{sides}:kept"),
                Some(Presumed::firmly(false)),
                format!("what a rule takes out of the ipset `{name}` is still in it, as part of a network"),
                format!("what a rule takes out of the ipset `{name}` is no longer in it"),
            )
        })
    }
}

impl fmt::Display for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.sides())
    }
}
