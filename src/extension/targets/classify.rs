//! `-j CLASSIFY`: sets the class of traffic control (`net/netfilter/xt_CLASSIFY.c`; FORWARD, OUTPUT and POSTROUTING).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j CLASSIFY --set-class MAJOR:MINOR`, both in hexadecimal.
#[derive(Debug, Clone)]
pub struct Classify {
    major: u16,
    minor: u16,
}

impl<'t> Extension<'t> for Classify {
    const NAME: &'static str = "CLASSIFY";
    const OPTIONS: &'static [Opt] = &[opt("--set-class", 1)];
    const LISTED: &'static [Listed] = &[goes_on("CLASSIFY set", "--set-class", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--set-class").ok_or_else(|| args.missing("--set-class"))?;
        let text = arg.text(0);
        let class = text.split_once(':').and_then(|(major, minor)| Some((half(major)?, half(minor)?)));
        let (major, minor) = class.ok_or_else(|| arg.bad("a class, MAJOR:MINOR"))?;
        Ok(Self { major, minor })
    }
}

/// A hexadecimal number, of which the lower 16 bits are kept.
fn half(text: &str) -> Option<u16> {
    let number = u32::from_str_radix(text.strip_prefix("0x").unwrap_or(text), 16).ok()?;
    u16::try_from(number & 0xffff).ok()
}

impl Acts for Classify {
    /// No rule can ask for a class.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Classify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --set-class {:04x}:{:04x}", self.major, self.minor)
    }
}
