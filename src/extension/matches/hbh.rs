//! `-m hbh`: the hop-by-hop options header of IPv6 (`net/ipv6/netfilter/ip6t_hbh.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::headers::Header;
use crate::extension::options_header::OptionsHeader;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m hbh [!] --hbh-len N --hbh-opts TYPE[:LENGTH],...`
#[derive(Debug, Clone)]
pub struct Hbh {
    header: OptionsHeader,
}

impl<'t> Extension<'t> for Hbh {
    const NAME: &'static str = "hbh";
    const OPTIONS: &'static [Opt] = &[opt("--hbh-len", 1), opt("--hbh-opts", 1)];
    const LISTED: &'static [Listed] =
        &[opens("hbh", "", 0), goes_on("length:", "--hbh-len", 1), goes_on("opts", "--hbh-opts", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { header: OptionsHeader::read(&args, "--hbh-len", "--hbh-opts")? })
    }
}

impl Matches for Hbh {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.header.matches(cx, Header::HopByHop, "hbh-length")
    }
}

impl fmt::Display for Hbh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header.write(f, "--hbh-opts")
    }
}
