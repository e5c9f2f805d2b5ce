//! `-m conntrack`: what connection tracking knows of the packet (`conntrack_mt` in `net/netfilter/xt_conntrack.c`).

use std::fmt;
use std::net::IpAddr;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::{ports, write};
use crate::extension::{Asked, Asks, Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Conntrack as Entry, Context, CtState, Net, Packet, Protocol, Tuple, Value};

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

    /// The list as a test of a field.
    pub(super) fn asked(&self) -> Asked {
        Asked::State { plain: self.plain.clone(), dnat: self.dnat, snat: self.snat }
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

/// The packet's connection.
struct Connection<'p> {
    state: CtState,
    answers: bool,
    original: &'p Tuple,
    /// What its answers carry.
    reply: Tuple,
}

impl<'p> Connection<'p> {
    /// Until nat is done with the first packet, an answer carries what that has now, the other way round.
    fn of(packet: &'p Packet) -> Option<Self> {
        let Entry::Entry { state, answers, original, expected, .. } = &packet.conntrack else { return None };
        let reply = expected.as_ref().map_or_else(|| packet.tuple().reversed(), |expected| (**expected).clone());
        Some(Self { state: *state, answers: *answers, original, reply })
    }

    const fn address(&self, side: Side) -> &Value<IpAddr> {
        match side {
            Side::OrigSrc => &self.original.src,
            Side::OrigDst => &self.original.dst,
            Side::ReplySrc => &self.reply.src,
            Side::ReplyDst => &self.reply.dst,
        }
    }

    const fn port(&self, side: Side) -> &Value<u16> {
        match side {
            Side::OrigSrc => &self.original.sport,
            Side::OrigDst => &self.original.dport,
            Side::ReplySrc => &self.reply.sport,
            Side::ReplyDst => &self.reply.dport,
        }
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

    fn holds(&self, cx: &Context<'_>, connection: &Connection<'_>) -> Outcome {
        match self {
            Self::State(states) => states.hold(&cx.packet.conntrack).into(),
            Self::Protocol(protocol) => cx.is_protocol(*protocol),
            Self::Address(side, net) => cx.is_in(connection.address(*side), *net),
            Self::Port(side, range) => cx.is_within(connection.port(*side), range),
            Self::Status(list) => self.has_status(cx, list, connection),
            Self::Direction(direction) => ((*direction == "REPLY") == connection.answers).into(),
            Self::Expire(_) => self.ask(cx),
        }
    }

    /// A first packet's entry is neither answered nor assured, and confirmed only once the packet has left the host; that
    /// of an established connection is answered and confirmed.
    fn has_status(&self, cx: &Context<'_>, list: &[&str], connection: &Connection<'_>) -> Outcome {
        let has = |status| list.contains(&status);
        let established = connection.state == CtState::Established;
        match connection.state {
            _ if has("CONFIRMED") && (established || cx.packet.looped) => Outcome::Always,
            _ if has("SEEN_REPLY") && established => Outcome::Always,
            CtState::New if !has("EXPECTED") => Outcome::Never,
            _ if list == ["NONE"] => Outcome::Never,
            _ => self.ask(cx),
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
        let Some(connection) = Connection::of(cx.packet) else {
            return self.matches_without_entry(cx).into();
        };
        let holds = |criterion: &Criterion| criterion.test.holds(cx, &connection).negated(criterion.not);
        self.criteria.iter().map(holds).fold(Outcome::Always, Outcome::and)
    }

    /// With an entry or without, the state has to fit if it is asked for.
    fn asks(&self) -> Option<Asks> {
        let state = self.criteria.iter().find_map(|criterion| match &criterion.test {
            Test::State(states) => Some((criterion.not, states.asked())),
            _ => None,
        });
        let more = self.criteria.len() > usize::from(state.is_some());
        let asks = Asks::nothing().with_more(more);
        Some(match state {
            Some((not, asked)) => asks.and(not, asked),
            None => asks,
        })
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
