//! `-j LOG`: writes the packet to the kernel log and goes on (`net/netfilter/xt_LOG.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::quote;

/// `-j LOG`
#[derive(Debug, Clone)]
pub struct Log<'t> {
    /// What stands before the packet in the log, at most 29 bytes in what Linux keeps.
    pub prefix: Option<Cow<'t, str>>,
    level: Cow<'t, str>,
    flags: Vec<&'static str>,
}

/// The level that is not saved.
const LEVEL: &str = "4";
const FLAGS: [&str; 5] =
    ["--log-tcp-sequence", "--log-tcp-options", "--log-ip-options", "--log-uid", "--log-macdecode"];

impl<'t> Extension<'t> for Log<'t> {
    const NAME: &'static str = "LOG";
    const OPTIONS: &'static [Opt] = &[
        opt("--log-prefix", 1),
        opt("--log-level", 1),
        opt("--log-tcp-sequence", 0),
        opt("--log-tcp-options", 0),
        opt("--log-ip-options", 0),
        opt("--log-uid", 0),
        opt("--log-macdecode", 0),
    ];
    const LISTED: &'static [Listed] = &[goes_on("LOG flags", "", 1), goes_on("level", "--log-level", 1), goes_on("prefix", "--log-prefix", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self {
            prefix: args.get("--log-prefix").map(|arg| arg.text(0)),
            level: args.get("--log-level").map_or(LEVEL.into(), |arg| arg.text(0)),
            flags: FLAGS.into_iter().filter(|flag| args.has(flag)).collect(),
        })
    }
}

impl Acts for Log<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Log<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prefix) = self.prefix.as_ref().filter(|prefix| !prefix.is_empty()) {
            write!(f, " --log-prefix {}", quote(prefix))?;
        }
        if self.level != LEVEL {
            write!(f, " --log-level {}", self.level)?;
        }
        self.flags.iter().try_for_each(|flag| write!(f, " {flag}"))
    }
}
