//! `-m ipv6header`: which headers a packet of IPv6 has (`net/ipv6/netfilter/ip6t_ipv6header.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::between::has_header;
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m ipv6header [!] --header LIST [--soft]`
#[derive(Debug, Clone)]
pub struct Ipv6Header {
    not: bool,
    /// In the order in which iptables prints them.
    headers: Vec<&'static str>,
    /// These at least, rather than just these.
    soft: bool,
}

/// As saved, the other names and the number that are read, and how a packet's reads.
const HEADERS: [(&str, &[&str], &str); 8] = [
    ("hop-by-hop", &["hop", "hopopt", "0"], "the hop-by-hop options header"),
    ("ipv6-opts", &["dst", "60"], "the destination options header"),
    ("ipv6-route", &["route", "43"], "a routing header"),
    ("ipv6-frag", &["frag", "44"], "a fragment header"),
    ("ah", &["auth", "51"], "an authentication header"),
    ("esp", &["50"], "an ESP header"),
    ("ipv6-nonxt", &["none", "59"], "a header that says that none follows"),
    ("protocol", &["prot", "proto", "255"], "a header of a protocol above IPv6"),
];

impl<'t> Extension<'t> for Ipv6Header {
    const NAME: &'static str = "ipv6header";
    const OPTIONS: &'static [Opt] = &[opt("--header", 1), opt("--soft", 0)];
    const LISTED: &'static [Listed] = &[opens("ipv6header flags:", "--header", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--header").ok_or_else(|| args.missing("--header"))?;
        let named = |text: &str| HEADERS.iter().position(|(name, others, _)| *name == text || others.contains(&text));
        let given = arg.list("headers such as hop-by-hop or ipv6-frag", named)?;
        let headers = HEADERS.iter().enumerate().filter(|(at, _)| given.contains(at)).map(|(_, (name, ..))| *name);
        Ok(Self { not: arg.not, headers: headers.collect(), soft: args.has("--soft") })
    }
}

impl Matches for Ipv6Header {
    /// An ordinary packet has a protocol above IPv6 and no other header.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let fits = HEADERS.iter().map(|(name, _, words)| {
            let asked = self.headers.contains(name);
            let there = if *name == "protocol" { Outcome::Always } else { has_header(cx, short(name), words) };
            if asked || !self.soft { there.negated(!asked) } else { Outcome::Always }
        });
        fits.fold(Outcome::Always, Outcome::and).negated(self.not)
    }
}

/// The name that the other matches ask for the same header by.
fn short(name: &str) -> &str {
    match name {
        "hop-by-hop" => "hbh",
        "ipv6-opts" => "dst",
        "ipv6-route" => "rt",
        "ipv6-frag" => "frag",
        other => other,
    }
}

impl fmt::Display for Ipv6Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --header {}", not(self.not), self.headers.join(","))?;
        f.write_str(if self.soft { " --soft" } else { "" })
    }
}
