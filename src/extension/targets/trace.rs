//! `-j TRACE`: marks the packet so that the kernel reports every rule it meets (raw table).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j TRACE`
#[derive(Debug, Clone)]
pub struct Trace;

impl<'t> Extension<'t> for Trace {
    const NAME: &'static str = "TRACE";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Acts for Trace {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
