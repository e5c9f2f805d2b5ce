//! The chunks of an SCTP packet, as `--chunk-types` asks for them (`match_packet` in `net/netfilter/xt_sctp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

use super::args::{Arg, not};

/// `[!] --chunk-types any|all|only LIST`
#[derive(Debug, Clone)]
pub(super) struct Chunks {
    not: bool,
    which: Which,
    list: List,
}

/// How the packet's chunks and the listed ones meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// One of them is listed.
    Any,
    /// Each that is listed is there.
    All,
    /// Each that is there is listed.
    Only,
}

#[derive(Debug, Clone)]
enum List {
    /// Every type there is.
    All,
    None,
    /// By number of their types.
    These(Vec<Chunk>),
}

/// A type of chunk, and which flags it is to have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Chunk {
    kind: &'static Kind,
    /// Of the kind's letters: set, or not set.
    flags: Vec<(char, bool)>,
}

#[derive(Debug, PartialEq, Eq)]
struct Kind {
    name: &'static str,
    /// The letters of its flags, in the order in which iptables prints them.
    flags: &'static str,
}

const fn kind(name: &'static str, flags: &'static str) -> Kind {
    Kind { name, flags }
}

/// By number.
static KINDS: [Kind; 22] = [
    kind("DATA", "IUBE"),
    kind("INIT", ""),
    kind("INIT_ACK", ""),
    kind("SACK", ""),
    kind("HEARTBEAT", ""),
    kind("HEARTBEAT_ACK", ""),
    kind("ABORT", "T"),
    kind("SHUTDOWN", ""),
    kind("SHUTDOWN_ACK", ""),
    kind("ERROR", ""),
    kind("COOKIE_ECHO", ""),
    kind("COOKIE_ACK", ""),
    kind("ECN_ECNE", ""),
    kind("ECN_CWR", ""),
    kind("SHUTDOWN_COMPLETE", "T"),
    kind("I_DATA", ""),
    kind("ASCONF_ACK", ""),
    kind("RE_CONFIG", ""),
    kind("PAD", ""),
    kind("FORWARD_TSN", ""),
    kind("ASCONF", ""),
    kind("I_FORWARD_TSN", ""),
];

impl Chunks {
    pub(super) fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let which =
            Which::named(&arg.text(0)).ok_or_else(|| arg.bad("`any`, `all` or `only`, and a list of chunks"))?;
        let list = List::read(&arg.text(1)).ok_or_else(|| arg.bad("chunks such as `INIT,DATA:Be`, `ALL` or `NONE`"))?;
        Ok(Self { not: arg.not, which, list })
    }

    pub(super) fn matches(&self, cx: &Context<'_>) -> Outcome {
        let fits = match (self.which, &self.list) {
            (Which::Any | Which::Only, List::All) | (Which::All, List::None) => Outcome::Always,
            (Which::Any | Which::Only, List::None) => Outcome::Never,
            (Which::All, List::All) => has_every_type(cx),
            (Which::Any, List::These(chunks)) => {
                chunks.iter().map(|chunk| chunk.is_there(cx)).fold(Outcome::Never, Outcome::or)
            }
            (Which::All, List::These(chunks)) => {
                chunks.iter().map(|chunk| chunk.is_there(cx)).fold(Outcome::Always, Outcome::and)
            }
            (Which::Only, List::These(chunks)) => has_no_other(cx, chunks, &self.list),
        };
        fits.negated(self.not)
    }
}

impl Which {
    fn named(text: &str) -> Option<Self> {
        [Self::Any, Self::All, Self::Only].into_iter().find(|which| which.as_str().eq_ignore_ascii_case(text))
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::All => "all",
            Self::Only => "only",
        }
    }
}

impl List {
    /// A type that is listed twice counts once, with the flags of both.
    fn read(text: &str) -> Option<Self> {
        if text.eq_ignore_ascii_case("ALL") {
            return Some(Self::All);
        }
        if text.eq_ignore_ascii_case("NONE") {
            return Some(Self::None);
        }
        let given = text.split(',').map(Chunk::read).collect::<Option<Vec<_>>>()?;
        let of_kind = |kind| {
            let mut same = given.iter().filter(|chunk| chunk.kind == kind).cloned();
            let first = same.next()?;
            Some(same.fold(first, Chunk::joined))
        };
        Some(Self::These(KINDS.iter().filter_map(of_kind).collect()))
    }
}

impl Chunk {
    /// `DATA:Be`: flag B set, flag E not. The flags of `I_DATA` are read, and forgotten by iptables and kernel.
    fn read(text: &str) -> Option<Self> {
        let (name, letters) = text.split_once(':').unwrap_or((text, ""));
        let kind = KINDS.iter().find(|kind| kind.name.eq_ignore_ascii_case(name))?;
        let known = if kind.name == "I_DATA" { "IUBE" } else { kind.flags };
        if !letters.chars().all(|letter| known.contains(letter.to_ascii_uppercase())) {
            return None;
        }
        let flag = |flag: char| {
            let set = letters.contains(flag);
            (set || letters.contains(flag.to_ascii_lowercase())).then_some((flag, set))
        };
        Some(Self { kind, flags: kind.flags.chars().filter_map(flag).collect() })
    }

    /// A flag that is to be set in one of them is to be set.
    fn joined(self, other: Self) -> Self {
        let both = [self.flags, other.flags].concat();
        let flag = |flag| {
            let mut asked = both.iter().filter(|(letter, _)| *letter == flag).map(|(_, set)| *set).peekable();
            asked.peek().is_some().then(|| (flag, asked.any(|set| set)))
        };
        Self { kind: self.kind, flags: self.kind.flags.chars().filter_map(flag).collect() }
    }

    fn is_there(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("sctp-chunk:{self}"),
            Some(Presumed::usually(starts(cx) && self.kind.name == "INIT")),
            format!("the packet has a chunk {self}"),
            format!("the packet has no chunk {self}"),
        )
    }
}

/// An association starts with a packet of one chunk, `INIT`.
fn starts(cx: &Context<'_>) -> bool {
    cx.packet.connection.is_none()
}

fn has_no_other(cx: &Context<'_>, chunks: &[Chunk], list: &List) -> Outcome {
    let init = chunks.iter().any(|chunk| chunk.kind.name == "INIT");
    cx.ask(
        &format!("sctp-only:{list}"),
        Some(Presumed::usually(starts(cx) && init)),
        format!("the packet has no other chunks than {list}"),
        format!("the packet has other chunks than {list}"),
    )
}

fn has_every_type(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "sctp-every",
        Some(Presumed::firmly(false)),
        "the packet has a chunk of each of the 256 types".into(),
        "the packet does not have a chunk of each of the 256 types".into(),
    )
}

impl fmt::Display for Chunks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --chunk-types {} {}", not(self.not), self.which.as_str(), self.list)
    }
}

impl fmt::Display for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("ALL"),
            Self::None => f.write_str("NONE"),
            Self::These(chunks) => f.write_str(&chunks.iter().map(Chunk::to_string).collect::<Vec<_>>().join(",")),
        }
    }
}

impl fmt::Display for Chunk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.name)?;
        f.write_str(if self.flags.is_empty() { "" } else { ":" })?;
        let letter = |(flag, set): &(char, bool)| if *set { *flag } else { flag.to_ascii_lowercase() };
        f.write_str(&self.flags.iter().map(letter).collect::<String>())
    }
}
