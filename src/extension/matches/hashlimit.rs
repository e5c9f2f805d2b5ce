//! `-m hashlimit`: a bucket of tokens for each address or port (`net/netfilter/xt_hashlimit.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;
use crate::save::quote;

/// `-m hashlimit`
#[derive(Debug, Clone)]
pub struct HashLimit<'t> {
    above: bool,
    /// Options and values in the order in which iptables prints them.
    options: Vec<(&'static str, Cow<'t, str>)>,
}

impl<'t> Extension<'t> for HashLimit<'t> {
    const NAME: &'static str = "hashlimit";
    const OPTIONS: &'static [Opt] = &[
        opt("--hashlimit-upto", 1).or(&["--hashlimit"]),
        opt("--hashlimit-above", 1),
        opt("--hashlimit-burst", 1),
        opt("--hashlimit-mode", 1),
        opt("--hashlimit-name", 1),
        opt("--hashlimit-htable-size", 1),
        opt("--hashlimit-htable-max", 1),
        opt("--hashlimit-htable-gcinterval", 1),
        opt("--hashlimit-htable-expire", 1),
        opt("--hashlimit-srcmask", 1),
        opt("--hashlimit-dstmask", 1),
        opt("--hashlimit-rate-match", 0),
        opt("--hashlimit-rate-interval", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let inverted = args.get("--hashlimit-upto").is_some_and(|arg| arg.not);
        if !args.has("--hashlimit-upto") && !args.has("--hashlimit-above") {
            return Err(args.missing("--hashlimit-upto"));
        }
        for rate in args.list.iter().filter(|arg| matches!(arg.option, "--hashlimit-upto" | "--hashlimit-above")) {
            if !rate.text(0).starts_with(|c: char| c.is_ascii_digit()) {
                return Err(rate.bad("a rate such as 10/sec or 512kb/s"));
            }
        }
        let given = Self::OPTIONS.iter().filter_map(|option| args.get(option.name));
        Ok(Self {
            above: args.has("--hashlimit-above") || inverted,
            options: given.map(|arg| (arg.option, arg.text(0))).collect(),
        })
    }
}

impl HashLimit<'_> {
    fn value(&self, option: &str) -> &str {
        self.options.iter().find(|(name, _)| *name == option).map_or("", |(_, value)| value)
    }
}

impl Matches for HashLimit<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let name = self.value("--hashlimit-name");
        cx.ask(
            &format!("hashlimit:{name}"),
            Some(Presumed::usually(false)),
            format!("the rate limit `{name}` is exceeded"),
            format!("the rate limit `{name}` is not exceeded"),
        )
        .negated(!self.above)
    }
}

impl fmt::Display for HashLimit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, value) in &self.options {
            match *option {
                "--hashlimit-name" => write!(f, " {option} {}", quote(value))?,
                "--hashlimit-upto" if self.above => write!(f, " --hashlimit-above {value}")?,
                _ if value.is_empty() => write!(f, " {option}")?,
                _ => write!(f, " {option} {value}")?,
            }
        }
        Ok(())
    }
}
