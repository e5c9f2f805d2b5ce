//! `-j ULOG`: writes to a netlink group; gone from Linux since 3.17.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j ULOG`
#[derive(Debug, Clone)]
pub struct Ulog<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Ulog<'t> {
    const NAME: &'static str = "ULOG";
    const OPTIONS: &'static [Opt] =
        &[opt("--ulog-nlgroup", 1), opt("--ulog-prefix", 1), opt("--ulog-cprange", 1), opt("--ulog-qthreshold", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self { options: Given::all(&args) })
    }
}

impl Acts for Ulog<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Ulog<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
