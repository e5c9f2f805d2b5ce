//! `-m mh`: the type of a mobility header of IPv6 (`net/ipv6/netfilter/ip6t_mh.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m mh [!] --mh-type A[:B]`
#[derive(Debug, Clone)]
pub struct Mh {
    types: Option<(bool, u8, u8)>,
}

/// Names that are read in place of a type.
const NAMES: [(&str, u8); 16] = [
    ("binding-refresh-request", 0),
    ("brr", 0),
    ("home-test-init", 1),
    ("hoti", 1),
    ("careof-test-init", 2),
    ("coti", 2),
    ("home-test", 3),
    ("hot", 3),
    ("careof-test", 4),
    ("cot", 4),
    ("binding-update", 5),
    ("bu", 5),
    ("binding-acknowledgement", 6),
    ("ba", 6),
    ("binding-error", 7),
    ("be", 7),
];

impl<'t> Extension<'t> for Mh {
    const NAME: &'static str = "mh";
    const OPTIONS: &'static [Opt] = &[opt("--mh-type", 1)];
    const LISTED: &'static [Listed] = &[opens("mh", "--mh-type", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { types: args.get("--mh-type").map(types).transpose()? })
    }
}

fn types(arg: &Arg<'_>) -> Result<(bool, u8, u8), Diagnostic> {
    let text = arg.text(0);
    let (first, last) = text.split_once(':').unwrap_or((&text, &text));
    let side = |text: &str, open| {
        let named = NAMES.iter().find(|(name, _)| *name == text).map(|(_, kind)| *kind);
        if text.is_empty() { Some(open) } else { named.or_else(|| text.parse().ok()) }
    };
    let sides = side(first, 0).zip(side(last, u8::MAX));
    sides.map(|(first, last)| (arg.not, first, last)).ok_or_else(|| arg.bad("a type, first:last, or a name"))
}

impl Matches for Mh {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let kind = match self.types {
            Some((not, first, last)) => cx.is_number("mh-type", first, last).negated(not),
            None => Outcome::Always,
        };
        cx.is_protocol(Protocol(135)).and(kind)
    }
}

impl fmt::Display for Mh {
    /// The full range is not saved.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.types {
            None | Some((_, 0, u8::MAX)) => Ok(()),
            Some((inverted, first, last)) if first == last => write!(f, "{} --mh-type {first}", not(inverted)),
            Some((inverted, first, last)) => write!(f, "{} --mh-type {first}:{last}", not(inverted)),
        }
    }
}
