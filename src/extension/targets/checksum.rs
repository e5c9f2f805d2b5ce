//! `-j CHECKSUM`: fills in a checksum that hardware would have (`net/netfilter/xt_CHECKSUM.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j CHECKSUM --checksum-fill`
#[derive(Debug, Clone)]
pub struct Checksum;

impl<'t> Extension<'t> for Checksum {
    const NAME: &'static str = "CHECKSUM";
    const OPTIONS: &'static [Opt] = &[opt("--checksum-fill", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        if args.has("--checksum-fill") { Ok(Self) } else { Err(args.missing("--checksum-fill")) }
    }
}

impl Acts for Checksum {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Checksum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(" --checksum-fill")
    }
}
