//! A test of how far a packet may still go, shared by `ttl` and `hl`.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::Outcome;
use crate::packet::Context;

use super::args::{Args, not};

/// Equal, less or greater.
#[derive(Debug, Clone)]
pub(super) struct Hops {
    not: bool,
    option: &'static str,
    value: u8,
}

impl Hops {
    pub(super) fn read(args: &Args<'_>) -> Result<Self, Diagnostic> {
        let arg = args.list.first().ok_or_else(|| args.missing("--ttl-eq"))?;
        Ok(Self { not: arg.not, option: arg.option, value: arg.value("a number from 0 to 255")? })
    }

    pub(super) fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (ttl, value) = (&cx.packet.ttl, self.value);
        let fits = match self.option.rsplit('-').next() {
            Some("lt") => !cx.is_within(ttl, &(value..=u8::MAX)),
            Some("gt") => !cx.is_within(ttl, &(0..=value)),
            _ => cx.is(ttl, value),
        };
        fits.negated(self.not)
    }
}

impl fmt::Display for Hops {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", not(self.not), self.option, self.value)
    }
}
