//! `-j AUDIT`: writes to the audit log.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j AUDIT`
#[derive(Debug, Clone)]
pub struct Audit<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Audit<'t> {
    const NAME: &'static str = "AUDIT";
    const OPTIONS: &'static [Opt] = &[opt("--type", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { options: Given::all(&args) })
    }
}

impl Acts for Audit<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Audit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
