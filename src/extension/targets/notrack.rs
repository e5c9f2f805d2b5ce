//! `-j NOTRACK`: takes the packet out of connection tracking (raw table); saved as `CT --notrack` since 1.4.15.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

use super::ct::untracked;

/// `-j NOTRACK`
#[derive(Debug, Clone)]
pub struct NoTrack;

impl<'t> Extension<'t> for NoTrack {
    const NAME: &'static str = "NOTRACK";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Acts for NoTrack {
    fn act(&self, cx: &Context<'_>) -> Effect {
        untracked(cx)
    }
}

impl fmt::Display for NoTrack {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
