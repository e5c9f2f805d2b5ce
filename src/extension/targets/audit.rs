//! `-j AUDIT`: writes to the audit log.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;

/// `-j AUDIT --type accept|drop|reject`
#[derive(Debug, Clone)]
pub struct Audit {
    kind: &'static str,
}

impl<'t> Extension<'t> for Audit {
    const NAME: &'static str = "AUDIT";
    const OPTIONS: &'static [Opt] = &[opt("--type", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--type").ok_or_else(|| args.missing("--type"))?;
        let kind = ["accept", "drop", "reject"].into_iter().find(|kind| *kind == arg.text(0));
        Ok(Self { kind: kind.ok_or_else(|| arg.bad("`accept`, `drop` or `reject`"))? })
    }
}

impl Acts for Audit {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Audit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --type {}", self.kind)
    }
}
