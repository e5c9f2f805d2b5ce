//! `-m ah`: the SPI of an authenticated packet (`net/ipv4/netfilter/ipt_ah.c`, `net/ipv6/netfilter/ip6t_ah.c`).

use std::fmt;

use crate::diagnostic::{Code, Diagnostic};
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::Between;
use crate::extension::headers::{Header, Length};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, Protocol};
use crate::save::Family;

/// `-m ah [!] --ahspi A[:B]`, in IPv6 also `[!] --ahlen N --ahres`
#[derive(Debug, Clone)]
pub struct Ah {
    spi: Option<Between>,
    length: Option<Length>,
    reserved: bool,
}

impl<'t> Extension<'t> for Ah {
    const NAME: &'static str = "ah";
    const OPTIONS: &'static [Opt] = &[opt("--ahspi", 1), opt("--ahlen", 1), opt("--ahres", 0)];
    const LISTED: &'static [Listed] = &[
        opens("ah", "", 0),
        goes_on("spis:", "--ahspi", 1),
        goes_on("spi:", "--ahspi", 1),
        goes_on("length:", "--ahlen", 1),
        goes_on("reserved", "--ahres", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let other = args.list.iter().find(|arg| arg.option != "--ahspi");
        if let (Family::V4, Some(arg)) = (args.family, other) {
            return Err(Diagnostic::new(Code::UnknownOption, format!("`{}` is not an option here", arg.option))
                .at(arg.span, "only IPv6 has it"));
        }
        Ok(Self {
            spi: Between::read(&args, "--ahspi")?,
            length: Length::read(&args, "--ahlen")?,
            reserved: args.flag("--ahres")?,
        })
    }
}

impl Matches for Ah {
    /// A length of 0 is any, also inverted.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let there = match cx.packet.family {
            Family::V4 => cx.is_protocol(Protocol(51)),
            Family::V6 => Header::Authentication.is_there(cx),
        };
        let spi = self.spi.as_ref().map_or(Outcome::Always, |spi| spi.holds(cx, "ah-spi", u32::MAX));
        let length = self.length.as_ref().filter(|length| length.bytes != 0);
        let length = length.map_or(Outcome::Always, |length| length.holds(cx, "ah-length", 4));
        let reserved = if self.reserved { is_empty(cx) } else { Outcome::Always };
        there.and(spi).and(length).and(reserved)
    }
}

fn is_empty(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "ah-reserved",
        Some(Presumed::usually(true)),
        "the reserved field of the authentication header is empty".into(),
        "the reserved field of the authentication header is not empty".into(),
    )
}

impl fmt::Display for Ah {
    /// `--ahlen 0` is left out, but not if it is inverted.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.spi.iter().try_for_each(|spi| spi.fmt(f))?;
        if let Some(length) = self.length.as_ref().filter(|length| length.not || length.bytes != 0) {
            length.fmt(f)?;
        }
        f.write_str(if self.reserved { " --ahres" } else { "" })
    }
}
