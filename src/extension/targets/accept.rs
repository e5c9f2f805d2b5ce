//! `-j ACCEPT`: ends the table; the packet goes on.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Acts, Effect, Extension, Verdict};
use crate::packet::Context;

/// `-j ACCEPT`
#[derive(Debug, Clone)]
pub struct Accept;

impl<'t> Extension<'t> for Accept {
    const NAME: &'static str = "ACCEPT";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Acts for Accept {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Verdict(Verdict::Accept)
    }
}

impl fmt::Display for Accept {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
