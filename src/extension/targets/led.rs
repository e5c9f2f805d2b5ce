//! `-j LED`: lights a lamp when a packet comes (`net/netfilter/xt_LED.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::in_quotes;

/// `-j LED --led-trigger-id NAME [--led-delay MS] [--led-always-blink]`
#[derive(Debug, Clone)]
pub struct Led<'t> {
    trigger: Cow<'t, str>,
    delay: Delay,
    blink: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Delay {
    /// In milliseconds.
    For(i32),
    /// For ever.
    On,
}

impl<'t> Extension<'t> for Led<'t> {
    const NAME: &'static str = "LED";
    const OPTIONS: &'static [Opt] = &[opt("--led-trigger-id", 1), opt("--led-delay", 1), opt("--led-always-blink", 0)];
    const LISTED: &'static [Listed] =
        &[goes_on("led-trigger-id:", "--led-trigger-id", 1), goes_on("led-always-blink", "--led-always-blink", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let trigger = args.get("--led-trigger-id").ok_or_else(|| args.missing("--led-trigger-id"))?;
        if trigger.text(0).len() > 16 {
            return Err(trigger.bad("a name of at most 16 characters"));
        }
        let delay = args.get("--led-delay").map_or(Ok(Delay::For(0)), delay)?;
        Ok(Self { trigger: trigger.text(0), delay, blink: args.has("--led-always-blink") })
    }
}

/// What is saved for `inf` is -1, which iptables itself does not read.
fn delay(arg: &Arg<'_>) -> Result<Delay, Diagnostic> {
    match &*arg.text(0) {
        "inf" | "-1" => Ok(Delay::On),
        _ => {
            let what = "a time in milliseconds, or `inf`";
            arg.number::<u32>(what)?.try_into().map(Delay::For).map_err(|_| arg.bad(what))
        }
    }
}

impl Acts for Led<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Led<'_> {
    /// The name always in quotes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --led-trigger-id {}", in_quotes(&self.trigger))?;
        match self.delay {
            Delay::For(0) => {}
            Delay::For(delay) => write!(f, " --led-delay {delay}")?,
            Delay::On => f.write_str(" --led-delay -1")?,
        }
        f.write_str(if self.blink { " --led-always-blink" } else { "" })
    }
}
