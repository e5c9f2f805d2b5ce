//! `-j CLASSIFY`: sets the traffic control class.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j CLASSIFY`
#[derive(Debug, Clone)]
pub struct Classify<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Classify<'t> {
    const NAME: &'static str = "CLASSIFY";
    const OPTIONS: &'static [Opt] = &[opt("--set-class", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { options: Given::all(&args) })
    }
}

impl Acts for Classify<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Classify<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
