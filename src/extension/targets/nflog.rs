//! `-j NFLOG`: hands a copy to a logging program and goes on (`net/netfilter/xt_NFLOG.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::Context;
use crate::save::quote;

/// `-j NFLOG`
#[derive(Debug, Clone)]
pub struct NfLog<'t> {
    prefix: Option<Cow<'t, str>>,
    /// Options with a number, in the order in which iptables prints them; 0 is not saved.
    numbers: Vec<(&'static str, u32)>,
}

impl<'t> Extension<'t> for NfLog<'t> {
    const NAME: &'static str = "NFLOG";
    const OPTIONS: &'static [Opt] = &[
        opt("--nflog-prefix", 1),
        opt("--nflog-group", 1),
        opt("--nflog-range", 1),
        opt("--nflog-size", 1),
        opt("--nflog-threshold", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mut numbers = Vec::new();
        for option in Self::OPTIONS.iter().skip(1) {
            if let Some(arg) = args.get(option.name) {
                numbers.push((option.name, arg.value("a number")?));
            }
        }
        Ok(Self { prefix: args.get("--nflog-prefix").map(|arg| arg.text(0)), numbers })
    }
}

impl Acts for NfLog<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for NfLog<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(prefix) = &self.prefix {
            write!(f, " --nflog-prefix {}", quote(prefix))?;
        }
        for (option, number) in self.numbers.iter().filter(|(_, number)| *number != 0) {
            write!(f, " {option} {number}")?;
        }
        Ok(())
    }
}
