//! `-m conntrack`: what connection tracking knows of the packet (`conntrack_mt` in `net/netfilter/xt_conntrack.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::{ports, write};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Conntrack as Entry, Context, CtState, Net, Protocol, Tuple};

/// `-m conntrack`
#[derive(Debug, Clone)]
pub struct Conntrack {
    /// In the order in which iptables prints them.
    criteria: Vec<Criterion>,
}

/// One option.
#[derive(Debug, Clone)]
struct Criterion {
    not: bool,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    State(States),
    Protocol(Protocol),
    Address(Side, Net),
    Port(Side, RangeInclusive<u16>),
    Status(Vec<&'static str>),
    Expire(RangeInclusive<u32>),
    Direction(&'static str),
}

/// Which end of which direction; `Reply` is what an answer is expected to carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    OrigSrc,
    OrigDst,
    ReplySrc,
    ReplyDst,
}

/// A list of `--ctstate`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct States {
    plain: Vec<CtState>,
    dnat: bool,
    snat: bool,
}

impl States {
    pub(super) fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let mut list = Self::default();
        for name in arg.text(0).split(',').filter(|name| !name.is_empty()) {
            match name {
                _ if name.eq_ignore_ascii_case("DNAT") => list.dnat = true,
                _ if name.eq_ignore_ascii_case("SNAT") => list.snat = true,
                _ => list.plain.push(CtState::named(name).ok_or_else(|| arg.bad("states such as NEW,ESTABLISHED"))?),
            }
        }
        Ok(list)
    }

    /// Is the packet in one of the states? A rewritten connection is in DNAT or SNAT besides its own.
    pub(super) fn hold(&self, entry: &Entry) -> bool {
        let rewritten = match entry {
            Entry::Entry { dnat, snat, .. } => self.dnat && *dnat || self.snat && *snat,
            _ => false,
        };
        rewritten || self.plain.contains(&entry.state())
    }
}

impl fmt::Display for States {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = CtState::ALL.into_iter().filter(|state| self.plain.contains(state)).map(CtState::as_str);
        let rewritten = [("SNAT", self.snat), ("DNAT", self.dnat)];
        let rewritten = rewritten.into_iter().filter_map(|(name, there)| there.then_some(name));
        f.write_str(&named.chain(rewritten).collect::<Vec<_>>().join(","))
    }
}

const STATUS: [&str; 5] = ["NONE", "EXPECTED", "SEEN_REPLY", "ASSURED", "CONFIRMED"];
const ADDRESSES: [(&str, Side); 4] = [
    ("--ctorigsrc", Side::OrigSrc),
    ("--ctorigdst", Side::OrigDst),
    ("--ctreplsrc", Side::ReplySrc),
    ("--ctrepldst", Side::ReplyDst),
];
const PORTS: [(&str, Side); 4] = [
    ("--ctorigsrcport", Side::OrigSrc),
    ("--ctorigdstport", Side::OrigDst),
    ("--ctreplsrcport", Side::ReplySrc),
    ("--ctrepldstport", Side::ReplyDst),
];

impl<'t> Extension<'t> for Conntrack {
    const NAME: &'static str = "conntrack";
    const OPTIONS: &'static [Opt] = &[
        opt("--ctstate", 1),
        opt("--ctproto", 1),
        opt("--ctorigsrc", 1),
        opt("--ctorigdst", 1),
        opt("--ctreplsrc", 1),
        opt("--ctrepldst", 1),
        opt("--ctorigsrcport", 1),
        opt("--ctorigdstport", 1),
        opt("--ctreplsrcport", 1),
        opt("--ctrepldstport", 1),
        opt("--ctstatus", 1),
        opt("--ctexpire", 1),
        opt("--ctdir", 1),
    ];
    const LISTED: &'static [Listed] = &[
        opens("ctstate", "--ctstate", 1),
        opens("ctorigdstport", "--ctorigdstport", 1),
        opens("ctproto", "--ctproto", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--ctstate")?;
        let mut criteria = Vec::new();
        for option in Self::OPTIONS {
            if let Some(arg) = args.get(option.name) {
                criteria.push(Criterion { not: arg.not, test: Test::read(arg)? });
            }
        }
        Ok(Self { criteria })
    }
}

impl Test {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let side = |table: &[(&str, Side)]| table.iter().find(|(name, _)| *name == arg.option).map(|(_, side)| *side);
        if let Some(side) = side(&ADDRESSES) {
            return Ok(Self::Address(side, arg.value("an address")?));
        }
        if let Some(side) = side(&PORTS) {
            return Ok(Self::Port(side, ports(&arg.text(0)).ok_or_else(|| arg.bad("a port or first:last"))?));
        }
        let one_of =
            |names: &[&'static str], text: &str| names.iter().copied().find(|name| name.eq_ignore_ascii_case(text));
        Ok(match arg.option {
            "--ctstate" => Self::State(States::read(arg)?),
            "--ctproto" => Self::Protocol(arg.value("a protocol")?),
            "--ctstatus" => Self::Status(arg.list("states of an entry such as ASSURED", |name| one_of(&STATUS, name))?),
            "--ctexpire" => Self::Expire(arg.range(0..=u32::MAX, "seconds or first:last")?),
            _ => {
                let direction = one_of(&["ORIGINAL", "REPLY"], &arg.text(0));
                Self::Direction(direction.ok_or_else(|| arg.bad("`ORIGINAL` or `REPLY`"))?)
            }
        })
    }

    fn holds(&self, cx: &Context<'_>, original: &Tuple, state: CtState) -> Outcome {
        match self {
            Self::State(states) => states.hold(&cx.packet.conntrack).into(),
            Self::Protocol(protocol) => cx.is_protocol(*protocol),
            Self::Address(side, net) => match side {
                Side::OrigSrc => cx.is_in(&original.src, *net),
                Side::OrigDst => cx.is_in(&original.dst, *net),
                Side::ReplySrc => cx.is_in(&cx.packet.dst, *net),
                Side::ReplyDst => cx.is_in(&cx.packet.src, *net),
            },
            Self::Port(side, range) => match side {
                Side::OrigSrc => cx.is_within(&original.sport, range),
                Side::OrigDst => cx.is_within(&original.dport, range),
                Side::ReplySrc => cx.is_within(&cx.packet.dport, range),
                Side::ReplyDst => cx.is_within(&cx.packet.sport, range),
            },
            Self::Status(list) if state == CtState::New => self.holds_first(cx, list),
            Self::Direction(direction) if state == CtState::New => (*direction == "ORIGINAL").into(),
            Self::Status(_) | Self::Direction(_) | Self::Expire(_) => self.ask(cx),
        }
    }

    /// A first packet's entry is neither answered nor assured, and confirmed only once the packet has left the host.
    fn holds_first(&self, cx: &Context<'_>, list: &[&str]) -> Outcome {
        match list {
            list if list.contains(&"CONFIRMED") && cx.packet.looped => Outcome::Always,
            list if list.contains(&"EXPECTED") => self.ask(cx),
            _ => Outcome::Never,
        }
    }

    fn ask(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("conntrack:{}{self}", cx.line),
            None,
            format!("the connection fits{self}"),
            format!("the connection does not fit{self}"),
        )
    }
}

impl Matches for Conntrack {
    /// Without an entry only the state can fit, and then nothing else is looked at.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let Entry::Entry { original, state, .. } = &cx.packet.conntrack else {
            return self.matches_without_entry(cx).into();
        };
        let holds = |criterion: &Criterion| criterion.test.holds(cx, original, *state).negated(criterion.not);
        self.criteria.iter().map(holds).fold(Outcome::Always, Outcome::and)
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl Conntrack {
    fn matches_without_entry(&self, cx: &Context<'_>) -> bool {
        self.criteria.iter().any(|criterion| match &criterion.test {
            Test::State(states) => states.hold(&cx.packet.conntrack) != criterion.not,
            _ => false,
        })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let option = |table: &[(&'static str, Side)], wanted: Side| {
            table.iter().find(|(_, side)| *side == wanted).map_or("", |(name, _)| *name)
        };
        match self {
            Self::State(states) => write!(f, " --ctstate {states}"),
            Self::Protocol(protocol) => write!(f, " --ctproto {}", protocol.0),
            Self::Address(side, net) => match net.only() {
                Some(address) => write!(f, " {} {address}", option(&ADDRESSES, *side)),
                None => write!(f, " {} {net}", option(&ADDRESSES, *side)),
            },
            Self::Port(side, range) => {
                write!(f, " {} ", option(&PORTS, *side))?;
                write(f, range)
            }
            Self::Status(list) => {
                let named: Vec<_> = STATUS.into_iter().filter(|name| list.contains(name)).collect();
                write!(f, " --ctstatus {}", named.join(","))
            }
            Self::Expire(range) if range.start() == range.end() => write!(f, " --ctexpire {}", range.start()),
            Self::Expire(range) => write!(f, " --ctexpire {}:{}", range.start(), range.end()),
            Self::Direction(direction) => write!(f, " --ctdir {direction}"),
        }
    }
}

impl fmt::Display for Conntrack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.criteria.iter().try_for_each(|criterion| write!(f, "{}{}", not(criterion.not), criterion.test))
    }
}
