//! `-m connbytes`: how much a connection has carried so far (`net/netfilter/xt_connbytes.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::number::number;
use crate::packet::{Conntrack, Context, CtState};

/// `-m connbytes [!] --connbytes A[:B] --connbytes-mode packets|bytes|avgpkt --connbytes-dir original|reply|both`
#[derive(Debug, Clone)]
pub struct ConnBytes {
    not: bool,
    range: RangeInclusive<u64>,
    counted: &'static Counted,
}

/// What is counted.
#[derive(Debug)]
struct Counted {
    mode: &'static str,
    direction: &'static str,
    /// As facts name it.
    name: &'static str,
}

static COUNTED: [Counted; 9] = [
    counted("packets", "original", "connection-packets-sent"),
    counted("packets", "reply", "connection-packets-answered"),
    counted("packets", "both", "connection-packets"),
    counted("bytes", "original", "connection-bytes-sent"),
    counted("bytes", "reply", "connection-bytes-answered"),
    counted("bytes", "both", "connection-bytes"),
    counted("avgpkt", "original", "connection-packet-size-sent"),
    counted("avgpkt", "reply", "connection-packet-size-answered"),
    counted("avgpkt", "both", "connection-packet-size"),
];

const fn counted(mode: &'static str, direction: &'static str, name: &'static str) -> Counted {
    Counted { mode, direction, name }
}

impl<'t> Extension<'t> for ConnBytes {
    const NAME: &'static str = "connbytes";
    const OPTIONS: &'static [Opt] = &[opt("--connbytes", 1), opt("--connbytes-mode", 1), opt("--connbytes-dir", 1)];
    const LISTED: &'static [Listed] = &[
        opens("connbytes", "--connbytes", 1),
        goes_on("connbytes mode", "--connbytes-mode", 1),
        goes_on("connbytes direction", "--connbytes-dir", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let get = |option| args.get(option).ok_or_else(|| args.missing(option));
        let arg = get("--connbytes")?;
        let range = range(&arg.text(0)).ok_or_else(|| arg.bad("a number, or first:last"))?;
        let (mode, direction) = (get("--connbytes-mode")?, get("--connbytes-dir")?);
        let with_mode = || COUNTED.iter().filter(|counted| counted.mode == mode.text(0));
        if with_mode().next().is_none() {
            return Err(mode.bad("`packets`, `bytes` or `avgpkt`"));
        }
        let counted = with_mode().find(|counted| counted.direction == direction.text(0));
        let counted = counted.ok_or_else(|| direction.bad("`original`, `reply` or `both`"))?;
        Ok(Self { not: arg.not, range, counted })
    }
}

/// `10` is without an upper end, like `10:`.
fn range(text: &str) -> Option<RangeInclusive<u64>> {
    let (first, last) = text.split_once(':').unwrap_or((text, ""));
    let side = |side: &str, open| if side.is_empty() { Some(open) } else { number(side) };
    Some(side(first, 0)?..=side(last, u64::MAX)?).filter(|range| !text.is_empty() && !range.is_empty())
}

impl Matches for ConnBytes {
    /// The packet counts itself. Without an entry it is false, also when inverted.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let carried = match cx.packet.conntrack {
            Conntrack::Entry { state: CtState::New, .. } => self.holds_first(cx),
            Conntrack::Entry { .. } => self.ask(cx),
            _ => return Outcome::Never,
        };
        carried.negated(self.not)
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl ConnBytes {
    /// What the first packet of a connection makes of it.
    fn holds_first(&self, cx: &Context<'_>) -> Outcome {
        match (self.counted.direction, self.counted.mode) {
            ("reply", _) => self.range.contains(&0).into(),
            (_, "packets") => self.range.contains(&1).into(),
            // The length of one packet fits in 16 bits.
            _ => match u16::try_from(*self.range.start()) {
                Ok(first) => {
                    let last = u16::try_from(*self.range.end()).unwrap_or(u16::MAX);
                    cx.is_within(&cx.packet.length, &(first..=last))
                }
                Err(_) => Outcome::Never,
            },
        }
    }

    /// How much it was before a later packet is not in the dump.
    fn ask(&self, cx: &Context<'_>) -> Outcome {
        match (*self.range.start(), *self.range.end()) {
            (0, u64::MAX) => Outcome::Always,
            (first, last) => cx.is_number(self.counted.name, first, last),
        }
    }

    /// iptables leaves out an end of 0 as it does an open one.
    fn text(&self) -> String {
        match (self.range.start(), self.range.end()) {
            (first, &(0 | u64::MAX)) => first.to_string(),
            (first, last) => format!("{first}:{last}"),
        }
    }
}

impl fmt::Display for ConnBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --connbytes {}", not(self.not), self.text())?;
        write!(f, " --connbytes-mode {} --connbytes-dir {}", self.counted.mode, self.counted.direction)
    }
}
