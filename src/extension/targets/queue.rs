//! `-j QUEUE`: hands the packet to a program on queue 0; without one it is dropped.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

use super::nfqueue::hand_over;

/// `-j QUEUE`
#[derive(Debug, Clone)]
pub struct Queue;

impl<'t> Extension<'t> for Queue {
    const NAME: &'static str = "QUEUE";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Acts for Queue {
    fn act(&self, cx: &Context<'_>) -> Effect {
        hand_over(cx, &(0..=0), false)
    }
}

impl fmt::Display for Queue {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
