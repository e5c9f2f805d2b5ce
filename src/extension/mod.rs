//! Every match and target that iptables can print: type, parse, print and meaning, one file each.
//!
//! To add one: a file, a line in the table of [`mod@matches`] or [`targets`], a case file in `testdata/extensions/`. What has
//! no file is kept word for word, printed back, and is not taken to match or not to match.

mod args;
mod asks;
mod between;
mod byte_rate;
mod chunks;
mod dscp;
mod given;
mod group;
mod headers;
mod hops;
mod icmp_type;
mod ipset;
mod jhash;
mod listed;
pub mod matches;
mod nat;
mod nat_hash;
mod nat_port;
mod npt;
mod options_header;
mod ports;
mod prefix;
mod rate;
mod table;
pub mod targets;
mod tos;
mod unread;

use std::fmt;

pub use args::{Arg, Args, Opt, opt};
pub use asks::{Ask, Asked, Asks};
pub use listed::{Listed, goes_on, opens};
pub use unread::{Lost, Unread};

use crate::diagnostic::Diagnostic;
use crate::logic::{Fact, Outcome};
use crate::packet::{Context, Packet, Rewrite};

/// What every extension has. Its [`fmt::Display`] writes the options as `iptables-save` does, each after a blank.
pub trait Extension<'t>: Sized + fmt::Display {
    /// The word after `-m` or `-j`.
    const NAME: &'static str;
    /// The options it knows.
    const OPTIONS: &'static [Opt];
    /// What listings print of it.
    const LISTED: &'static [Listed] = &[];

    /// Reads the options that were given.
    fn parse(args: Args<'t>) -> Result<Self, Diagnostic>;
}

/// What a match means.
pub trait Matches {
    /// Does the packet match?
    fn matches(&self, cx: &Context<'_>) -> Outcome;

    /// What it asks for, told in fields; `None` if it is not told.
    fn asks(&self) -> Option<Asks> {
        None
    }

    /// What the kernel writes down once it has asked this match, where a later rule can ask for it.
    fn record(&self, _packet: &mut Packet, _matched: bool) {}

    /// Does [`Matches::record`] do anything?
    fn records(&self) -> bool {
        false
    }

    /// Does loading it switch connection tracking on (`nf_ct_netns_get`)?
    fn tracks(&self) -> bool {
        false
    }
}

/// What a target means.
pub trait Acts {
    /// What it does to the packet.
    fn act(&self, cx: &Context<'_>) -> Effect;

    /// Is it sure that a packet goes the same way with and without it?
    fn is_harmless(&self) -> bool {
        false
    }

    /// Does loading it switch connection tracking on (`nf_ct_netns_get`)?
    fn tracks(&self) -> bool {
        false
    }
}

/// What a target does.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Nothing that matters; the next rule is tried.
    Continue,
    /// The packet becomes this one; the next rule is tried.
    Change(Box<Packet>),
    /// The packet becomes this one; the table lets it through.
    Pass(Box<Packet>),
    /// Back to where the chain was jumped to from.
    Return,
    /// The table has decided.
    Verdict(Verdict),
    /// The nat table has decided on a mapping.
    Rewrite(Rewrite),
    /// Ask again when this is answered.
    Depends(Box<Fact>),
}

/// How a packet's way through a table, or through the host, ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It goes on.
    Accept,
    /// It is gone without a word.
    Drop,
    /// It is gone before a table could decide, for this reason.
    Lost(&'static str),
    /// It is gone and its sender is told, in this way (`--reject-with`).
    Reject(&'static str),
    /// A program decides.
    Queue,
    /// The kernel answers in its place.
    Stolen,
    /// It cannot be told.
    Undetermined(Unclear),
}

/// Why it cannot be told what becomes of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unclear {
    /// A target that is neither a chain of the dump nor known.
    Target(String),
    /// A target whose words were lost, how, and the line it stands in.
    Lost(String, Lost, u32),
    /// The line could not be read.
    Line(u32),
    /// The chain of this name leads back to itself, which iptables refuses to load.
    Loop(String),
    /// There are too many rules to try.
    TooMuch,
}
