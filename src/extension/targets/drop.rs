//! `-j DROP`: the packet is gone; refused in the nat table.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Acts, Effect, Extension, Verdict};
use crate::packet::Context;

/// `-j DROP`
#[derive(Debug, Clone)]
pub struct Drop;

impl<'t> Extension<'t> for Drop {
    const NAME: &'static str = "DROP";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Acts for Drop {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Verdict(Verdict::Drop)
    }
}

impl fmt::Display for Drop {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
