//! `-m ipv6header`: which headers a packet of IPv6 has (`net/ipv6/netfilter/ip6t_ipv6header.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::headers::Header;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m ipv6header [!] --header LIST [--soft]`
#[derive(Debug, Clone)]
pub struct Ipv6Header {
    not: bool,
    /// Bits of [`NAMES`].
    headers: u8,
    /// These at least, rather than just these.
    soft: bool,
}

/// Bit, name as saved, and other names that are read; in the order in which iptables prints them.
const NAMES: [(u8, &str, &[&str]); 8] = [
    (0x80, "hop-by-hop", &["hop", "hopopt", "0"]),
    (0x40, "ipv6-opts", &["dst", "60"]),
    (0x20, "ipv6-route", &["route", "43"]),
    (0x10, "ipv6-frag", &["frag", "44"]),
    (0x08, "ah", &["auth", "51"]),
    (ESP, "esp", &["50"]),
    (NONE, "ipv6-nonxt", &["none", "59"]),
    (PROTOCOL, "protocol", &["prot", "255"]),
];

const ESP: u8 = 0x04;
/// The header that says that nothing follows.
const NONE: u8 = 0x02;
/// Any protocol above IPv6.
const PROTOCOL: u8 = 0x01;

impl<'t> Extension<'t> for Ipv6Header {
    const NAME: &'static str = "ipv6header";
    const OPTIONS: &'static [Opt] = &[opt("--header", 1), opt("--soft", 0)];
    const LISTED: &'static [Listed] = &[opens("ipv6header flags:", "--header", 1), goes_on("soft", "--soft", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--header"])?.ok_or_else(|| args.missing("--header"))?;
        let headers = bits(&arg.text(0)).ok_or_else(|| arg.bad("headers such as hop-by-hop,ipv6-frag"))?;
        Ok(Self { not: arg.not, headers, soft: args.flag("--soft")? })
    }
}

/// A list of names, or the number that listings print.
fn bits(text: &str) -> Option<u8> {
    if let Some(hex) = text.strip_prefix("0x") {
        return u8::from_str_radix(hex, 16).ok().filter(|bits| *bits > 0);
    }
    text.split(',').try_fold(0, |bits, word| {
        let found = NAMES.iter().find(|(_, name, others)| *name == word || others.contains(&word));
        found.map(|(bit, ..)| bits | bit)
    })
}

/// Every packet has one of the last three: ESP, nothing, or another protocol.
fn is_there(bit: u8, cx: &Context<'_>) -> Outcome {
    let (esp, none) = (cx.is_protocol(Protocol(50)), cx.is_protocol(Protocol(59)));
    match bit {
        0x80 => Header::HopByHop.is_there(cx),
        0x40 => Header::Destination.is_there(cx),
        0x20 => Header::Routing.is_there(cx),
        0x10 => Header::Fragment.is_there(cx),
        0x08 => Header::Authentication.is_there(cx),
        ESP => esp,
        NONE => none,
        _ => !esp.or(none),
    }
}

impl Matches for Ipv6Header {
    /// Just these headers, or not just these; with `--soft` all of these, or none of these.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let tests = NAMES.iter().map(|(bit, ..)| (self.headers & bit != 0, is_there(*bit, cx)));
        if self.soft {
            let asked = tests.filter(|(asked, _)| *asked).map(|(_, there)| there.negated(self.not));
            asked.fold(Outcome::Always, Outcome::and)
        } else {
            let fits = tests.map(|(asked, there)| there.negated(!asked));
            fits.fold(Outcome::Always, Outcome::and).negated(self.not)
        }
    }
}

impl fmt::Display for Ipv6Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = NAMES.iter().filter(|(bit, ..)| self.headers & bit != 0).map(|(_, name, _)| *name);
        write!(f, "{} --header {}", not(self.not), names.collect::<Vec<_>>().join(","))?;
        f.write_str(if self.soft { " --soft" } else { "" })
    }
}
