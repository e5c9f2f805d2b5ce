//! `-m iprange`: addresses from one to another (`net/netfilter/xt_iprange.c`).

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Asked, Asks, Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m iprange [!] --src-range A-B [!] --dst-range A-B`
#[derive(Debug, Clone)]
pub struct IpRange {
    src: Option<Addresses>,
    dst: Option<Addresses>,
}

/// Both ends included.
#[derive(Debug, Clone)]
struct Addresses {
    not: bool,
    first: IpAddr,
    last: IpAddr,
}

impl<'t> Extension<'t> for IpRange {
    const NAME: &'static str = "iprange";
    const OPTIONS: &'static [Opt] = &[opt("--src-range", 1), opt("--dst-range", 1)];
    const LISTED: &'static [Listed] =
        &[opens("source IP range", "--src-range", 1), opens("destination IP range", "--dst-range", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--src-range")?;
        let read = |option| args.get(option).map(Addresses::read).transpose();
        Ok(Self { src: read("--src-range")?, dst: read("--dst-range")? })
    }
}

impl Addresses {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let text = arg.text(0);
        let (first, last) = text.split_once('-').unwrap_or((&text, &text));
        let read = |side: &str| side.parse().map_err(|_| arg.bad("two addresses, first-last"));
        Ok(Self { not: arg.not, first: read(first)?, last: read(last)? })
    }
}

impl Matches for IpRange {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let fits = |range: &Option<Addresses>, address| match range {
            Some(range) => cx.is_between(address, range.first, range.last).negated(range.not),
            None => Outcome::Always,
        };
        fits(&self.src, &cx.packet.src).and(fits(&self.dst, &cx.packet.dst))
    }

    fn asks(&self) -> Option<Asks> {
        let src = self.src.iter().map(|range| (range.not, Asked::Src(range.first, range.last)));
        let dst = self.dst.iter().map(|range| (range.not, Asked::Dst(range.first, range.last)));
        Some(src.chain(dst).fold(Asks::nothing(), |asks, (not, test)| asks.and(not, test)))
    }
}

impl fmt::Display for IpRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, range) in [("--src-range", &self.src), ("--dst-range", &self.dst)] {
            if let Some(range) = range {
                write!(f, "{} {option} {}-{}", not(range.not), range.first, range.last)?;
            }
        }
        Ok(())
    }
}
