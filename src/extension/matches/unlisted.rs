//! What a listing without `-v` does not show: the interfaces of a rule. `ruleset/listing.rs` makes it.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// The rule may also ask for interfaces.
#[derive(Debug, Clone)]
pub struct Unlisted;

impl<'t> Extension<'t> for Unlisted {
    const NAME: &'static str = "unlisted";
    const OPTIONS: &'static [Opt] = &[];

    fn parse(_args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self)
    }
}

impl Matches for Unlisted {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("unlisted:{}", cx.line),
            Some(Presumed::usually(true)),
            format!("the rule in line {} asks for no other interface (a listing without -v does not show it)", cx.line),
            format!("the rule in line {} asks for another interface (a listing without -v does not show it)", cx.line),
        )
    }
}

impl fmt::Display for Unlisted {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}
