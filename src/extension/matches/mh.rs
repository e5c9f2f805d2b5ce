//! `-m mh`: the type of a mobility header of IPv6 (`net/ipv6/netfilter/ip6t_mh.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::number::number;
use crate::packet::{Context, Protocol};

/// `-m mh [!] --mh-type A[:B]`
#[derive(Debug, Clone)]
pub struct Mh {
    not: bool,
    types: RangeInclusive<u8>,
}

/// Every type.
const ALL: RangeInclusive<u8> = 0..=u8::MAX;

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
        let Some(arg) = args.one_of(&["--mh-type"])? else { return Ok(Self { not: false, types: ALL }) };
        let types = types(&arg.text(0)).filter(|types| !types.is_empty());
        Ok(Self { not: arg.not, types: types.ok_or_else(|| arg.bad("a type, first:last, or a name"))? })
    }
}

fn types(text: &str) -> Option<RangeInclusive<u8>> {
    let side = |side: &str, open| if side.is_empty() { Some(open) } else { kind(side) };
    match text.split_once(':') {
        Some((first, last)) => Some(side(first, 0)?..=side(last, u8::MAX)?),
        None => kind(text).map(|kind| kind..=kind),
    }
}

/// A number or a name; of a name its beginning is enough, and the first that has it is taken.
fn kind(text: &str) -> Option<u8> {
    let whole = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text));
    let begins = |name: &str| name.get(..text.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(text));
    let named = whole.or_else(|| NAMES.iter().find(|(name, _)| !text.is_empty() && begins(name)));
    named.map(|(_, kind)| *kind).or_else(|| number(text))
}

impl Matches for Mh {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let every = self.types == ALL;
        let (first, last) = (*self.types.start(), *self.types.end());
        let fits = if every { Outcome::Always } else { cx.is_number("mh-type", first, last) };
        cx.is_protocol(Protocol(135)).and(fits.negated(self.not))
    }
}

impl fmt::Display for Mh {
    /// The full range is not saved, not even inverted (iptables up to 1.8.10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.types.start(), self.types.end()) {
            (0, &u8::MAX) => Ok(()),
            (first, last) if first == last => write!(f, "{} --mh-type {first}", not(self.not)),
            (first, last) => write!(f, "{} --mh-type {first}:{last}", not(self.not)),
        }
    }
}
