//! `-j RETURN`: back to where the chain was jumped to from; in a built-in chain, to its policy.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j RETURN`
#[derive(Debug, Clone)]
pub struct Return;

impl<'t> Extension<'t> for Return {
    const NAME: &'static str = "RETURN";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Acts for Return {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Return
    }
}

impl fmt::Display for Return {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
