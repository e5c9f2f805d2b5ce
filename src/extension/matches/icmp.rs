//! `-m icmp`: type and code of ICMP (`icmp_match` in `net/netfilter/x_tables`' `ip_tables.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::icmp_type::TypeTest;
use crate::extension::{Asks, Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m icmp [!] --icmp-type any|T|T/C`
#[derive(Debug, Clone)]
pub struct Icmp {
    test: TypeTest,
}

/// Names that hand-written rules use; iptables prints numbers.
const NAMES: [(&str, u8, Option<u8>); 39] = [
    ("echo-reply", 0, None),
    ("pong", 0, None),
    ("destination-unreachable", 3, None),
    ("network-unreachable", 3, Some(0)),
    ("host-unreachable", 3, Some(1)),
    ("protocol-unreachable", 3, Some(2)),
    ("port-unreachable", 3, Some(3)),
    ("fragmentation-needed", 3, Some(4)),
    ("source-route-failed", 3, Some(5)),
    ("network-unknown", 3, Some(6)),
    ("host-unknown", 3, Some(7)),
    ("network-prohibited", 3, Some(9)),
    ("host-prohibited", 3, Some(10)),
    ("TOS-network-unreachable", 3, Some(11)),
    ("TOS-host-unreachable", 3, Some(12)),
    ("communication-prohibited", 3, Some(13)),
    ("host-precedence-violation", 3, Some(14)),
    ("precedence-cutoff", 3, Some(15)),
    ("source-quench", 4, None),
    ("redirect", 5, None),
    ("network-redirect", 5, Some(0)),
    ("host-redirect", 5, Some(1)),
    ("TOS-network-redirect", 5, Some(2)),
    ("TOS-host-redirect", 5, Some(3)),
    ("echo-request", 8, None),
    ("ping", 8, None),
    ("router-advertisement", 9, None),
    ("router-solicitation", 10, None),
    ("time-exceeded", 11, None),
    ("ttl-exceeded", 11, None),
    ("ttl-zero-during-transit", 11, Some(0)),
    ("ttl-zero-during-reassembly", 11, Some(1)),
    ("parameter-problem", 12, None),
    ("ip-header-bad", 12, Some(0)),
    ("required-option-missing", 12, Some(1)),
    ("timestamp-request", 13, None),
    ("timestamp-reply", 14, None),
    ("address-mask-request", 17, None),
    ("address-mask-reply", 18, None),
];

impl<'t> Extension<'t> for Icmp {
    const NAME: &'static str = "icmp";
    const OPTIONS: &'static [Opt] = &[opt("--icmp-type", 1)];
    const LISTED: &'static [Listed] = &[opens("icmptype", "--icmp-type", 1), goes_on("code", "/", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--icmp-type"])?.ok_or_else(|| args.missing("--icmp-type"))?;
        Ok(Self { test: TypeTest::read(arg, &NAMES, Some("any"))? })
    }
}

impl Matches for Icmp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.test.matches(cx)
    }

    fn asks(&self) -> Option<Asks> {
        let (not, asked) = self.test.asked();
        Some(Asks::over(&[Protocol::ICMP]).and(not, asked))
    }
}

impl fmt::Display for Icmp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.test.write(f, "--icmp-type")
    }
}
