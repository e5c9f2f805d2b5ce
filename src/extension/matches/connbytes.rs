//! `-m connbytes`: how much a connection has carried so far (`net/netfilter/xt_connbytes.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Conntrack, Context, CtState};

/// `-m connbytes [!] --connbytes A[:B] --connbytes-mode packets|bytes|avgpkt --connbytes-dir original|reply|both`
#[derive(Debug, Clone)]
pub struct ConnBytes {
    not: bool,
    range: RangeInclusive<u64>,
    mode: &'static str,
    direction: &'static str,
}

const MODES: [&str; 3] = ["packets", "bytes", "avgpkt"];
const DIRECTIONS: [&str; 3] = ["original", "reply", "both"];

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
        let text = arg.text(0);
        let last = if text.contains(':') { arg.range(0..=u64::MAX, WHAT)? } else { arg.value(WHAT)?..=u64::MAX };
        if last.is_empty() {
            return Err(arg.bad(WHAT));
        }
        let mode = one_of(get("--connbytes-mode")?, MODES, "`packets`, `bytes` or `avgpkt`")?;
        let direction = one_of(get("--connbytes-dir")?, DIRECTIONS, "`original`, `reply` or `both`")?;
        Ok(Self { not: arg.not, range: last, mode, direction })
    }
}

const WHAT: &str = "a number, or first:last";

fn one_of(arg: &Arg<'_>, names: [&'static str; 3], what: &str) -> Result<&'static str, Diagnostic> {
    names.into_iter().find(|name| *name == arg.text(0)).ok_or_else(|| arg.bad(what))
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
        match (self.direction, self.mode) {
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

    fn ask(&self, cx: &Context<'_>) -> Outcome {
        let Self { mode, direction, .. } = self;
        let range = self.text();
        cx.ask(
            &format!("connbytes:{mode}:{direction}:{range}"),
            None,
            format!("the {mode} of its connection ({direction}) are in {range}"),
            format!("the {mode} of its connection ({direction}) are not in {range}"),
        )
    }

    /// `10` is without an upper end.
    fn text(&self) -> String {
        match (self.range.start(), self.range.end()) {
            (first, &u64::MAX) => first.to_string(),
            (first, last) => format!("{first}:{last}"),
        }
    }
}

impl fmt::Display for ConnBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --connbytes {}", not(self.not), self.text())?;
        write!(f, " --connbytes-mode {} --connbytes-dir {}", self.mode, self.direction)
    }
}
