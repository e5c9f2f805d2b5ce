//! `-m icmp6`: type and code of ICMPv6 (`icmp6_match` in `net/ipv6/netfilter/ip6_tables.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::icmp_type::TypeTest;
use crate::extension::{Asks, Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m icmp6 [!] --icmpv6-type T|T/C`
#[derive(Debug, Clone)]
pub struct Icmp6 {
    test: TypeTest,
}

/// Names that hand-written rules use; iptables prints numbers.
const NAMES: [(&str, u8, Option<u8>); 28] = [
    ("destination-unreachable", 1, None),
    ("no-route", 1, Some(0)),
    ("communication-prohibited", 1, Some(1)),
    ("beyond-scope", 1, Some(2)),
    ("address-unreachable", 1, Some(3)),
    ("port-unreachable", 1, Some(4)),
    ("failed-policy", 1, Some(5)),
    ("reject-route", 1, Some(6)),
    ("packet-too-big", 2, None),
    ("time-exceeded", 3, None),
    ("ttl-exceeded", 3, None),
    ("ttl-zero-during-transit", 3, Some(0)),
    ("ttl-zero-during-reassembly", 3, Some(1)),
    ("parameter-problem", 4, None),
    ("bad-header", 4, Some(0)),
    ("unknown-header-type", 4, Some(1)),
    ("unknown-option", 4, Some(2)),
    ("echo-request", 128, None),
    ("ping", 128, None),
    ("echo-reply", 129, None),
    ("pong", 129, None),
    ("router-solicitation", 133, None),
    ("router-advertisement", 134, None),
    ("neighbour-solicitation", 135, None),
    ("neighbor-solicitation", 135, None),
    ("neighbour-advertisement", 136, None),
    ("neighbor-advertisement", 136, None),
    ("redirect", 137, None),
];

impl<'t> Extension<'t> for Icmp6 {
    const NAME: &'static str = "icmp6";
    const OPTIONS: &'static [Opt] = &[opt("--icmpv6-type", 1)];
    const LISTED: &'static [Listed] = &[opens("ipv6-icmptype", "--icmpv6-type", 1), goes_on("code", "/", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--icmpv6-type"])?.ok_or_else(|| args.missing("--icmpv6-type"))?;
        Ok(Self { test: TypeTest::read(arg, &NAMES, None)? })
    }
}

impl Matches for Icmp6 {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.test.matches(cx)
    }

    fn asks(&self) -> Option<Asks> {
        let (not, asked) = self.test.asked();
        Some(Asks::over(&[Protocol::ICMPV6]).and(not, asked))
    }
}

impl fmt::Display for Icmp6 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.test.write(f, "--icmpv6-type")
    }
}
