//! `-m dst`: the destination options header of IPv6 (`net/ipv6/netfilter/ip6t_hbh.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::headers::Header;
use crate::extension::options_header::OptionsHeader;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m dst [!] --dst-len N --dst-opts TYPE[:LENGTH],...`
#[derive(Debug, Clone)]
pub struct Dst {
    header: OptionsHeader,
}

impl<'t> Extension<'t> for Dst {
    const NAME: &'static str = "dst";
    const OPTIONS: &'static [Opt] = &[opt("--dst-len", 1), opt("--dst-opts", 1)];
    const LISTED: &'static [Listed] =
        &[opens("dst", "", 0), goes_on("length:", "--dst-len", 1), goes_on("opts", "--dst-opts", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { header: OptionsHeader::read(&args, "--dst-len", "--dst-opts")? })
    }
}

impl Matches for Dst {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.header.matches(cx, Header::Destination, "dst-length")
    }
}

impl fmt::Display for Dst {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header.write(f, "--dst-opts")
    }
}
