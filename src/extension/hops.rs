//! How far a packet may still go: the test that `ttl` and `hl` share, and the change that `TTL` and `HL` make.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::{Fact, Field, Outcome};
use crate::packet::{Context, Packet, Value};

use super::Effect;
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
            Some("lt") => value.checked_sub(1).map_or(Outcome::Never, |most| cx.is_within(ttl, &(0..=most))),
            Some("gt") => value.checked_add(1).map_or(Outcome::Never, |least| cx.is_within(ttl, &(least..=u8::MAX))),
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

/// Set, raise or lower.
#[derive(Debug, Clone)]
pub(super) struct HopChange {
    option: &'static str,
    by: u8,
}

impl HopChange {
    /// Reads the one option of `options`, which end in `-set`, `-inc` and `-dec`.
    pub(super) fn read(args: &Args<'_>, options: [&'static str; 3]) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&options)?.ok_or_else(|| args.missing(options[0]))?;
        let by = if arg.option == options[0] {
            arg.number("a number from 0 to 255")?
        } else {
            arg.number_in(1..=u8::MAX, "a number from 1 to 255")?
        };
        Ok(Self { option: arg.option, by })
    }

    /// From a number of hops that is not known, nor taken for the usual one, comes another that is not.
    pub(super) fn act(&self, cx: &Context<'_>) -> Effect {
        let ttl = match self.change(cx) {
            Ok(Some(ttl)) => Value::Known(ttl),
            Ok(None) => Value::left(Field::Ttl, cx.line),
            Err(fact) => return Effect::Depends(fact),
        };
        Effect::Change(Box::new(Packet { ttl, ..cx.packet.clone() }))
    }

    /// Neither end is passed.
    fn change(&self, cx: &Context<'_>) -> Result<Option<u8>, Box<Fact>> {
        let now = || cx.reckoned(&cx.packet.ttl);
        Ok(match self.option.rsplit('-').next() {
            Some("inc") => now()?.map(|ttl| ttl.saturating_add(self.by)),
            Some("dec") => now()?.map(|ttl| ttl.saturating_sub(self.by)),
            _ => Some(self.by),
        })
    }
}

impl fmt::Display for HopChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " {} {}", self.option, self.by)
    }
}
