//! `-j CLASSIFY`: sets the traffic control class.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension};
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

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--set-class").ok_or_else(|| args.missing("--set-class"))?;
        let text = arg.text(0);
        let read = |side| u16::from_str_radix(side, 16).map_err(|_| arg.bad("a class, MAJOR:MINOR"));
        let (major, minor) = text.split_once(':').ok_or_else(|| arg.bad("a class, MAJOR:MINOR"))?;
        Ok(Self { major: read(major)?, minor: read(minor)? })
    }
}

impl Acts for Classify {
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
