//! `-j LOG`: writes the packet to the kernel log and goes on (`net/netfilter/xt_LOG.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::quote;

/// `-j LOG`
#[derive(Debug, Clone)]
pub struct Log<'t> {
    /// What stands before the packet in the log, at most 29 bytes in what Linux keeps.
    pub prefix: Option<Cow<'t, str>>,
    level: u8,
    flags: Vec<&'static str>,
}

/// The level that is not saved: warning.
const LEVEL: u8 = 4;
/// Names that hand-written rules use, by level; iptables prints numbers.
const LEVELS: [&[&str]; 8] = [
    &["emerg", "panic"],
    &["alert"],
    &["crit"],
    &["err", "error"],
    &["warning", "warn"],
    &["notice"],
    &["info"],
    &["debug"],
];
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
    const LISTED: &'static [Listed] =
        &[goes_on("LOG flags", "", 1), goes_on("level", "--log-level", 1), goes_on("prefix", "--log-prefix", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self {
            prefix: args.get("--log-prefix").map(|arg| arg.text(0)),
            level: args.get("--log-level").map_or(Ok(LEVEL), level)?,
            flags: FLAGS.into_iter().filter(|flag| args.has(flag)).collect(),
        })
    }
}

/// A level by number or name.
fn level(arg: &Arg<'_>) -> Result<u8, Diagnostic> {
    let text = arg.text(0);
    let named = || (0..).zip(LEVELS).find(|(_, names)| names.contains(&&*text)).map(|(level, _)| level);
    let level = text.parse().ok().filter(|level| *level < 8).or_else(named);
    level.ok_or_else(|| arg.bad("a level from 0 to 7, or its name"))
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
