//! `-j IDLETIMER`: tells programs when no packet has come for a while (`net/netfilter/xt_IDLETIMER.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::bare;

/// `-j IDLETIMER --timeout SECONDS --label NAME [--alarm]`
#[derive(Debug, Clone)]
pub struct IdleTimer<'t> {
    /// In seconds.
    timeout: u32,
    label: Cow<'t, str>,
    /// It also wakes a host that sleeps.
    alarm: bool,
}

/// The kernel counts milliseconds in 31 bits.
const LONGEST: u32 = 2_147_482;

impl<'t> Extension<'t> for IdleTimer<'t> {
    const NAME: &'static str = "IDLETIMER";
    const OPTIONS: &'static [Opt] = &[opt("--timeout", 1), opt("--label", 1), opt("--alarm", 0)];
    const LISTED: &'static [Listed] =
        &[goes_on("timeout:", "--timeout", 1), goes_on("label:", "--label", 1), goes_on("alarm", "--alarm", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--timeout").ok_or_else(|| args.missing("--timeout"))?;
        let timeout = arg.number_in(1..=LONGEST, "a time in seconds")?;
        let label = args.get("--label").ok_or_else(|| args.missing("--label"))?.text(0);
        Ok(Self { timeout, label, alarm: args.has("--alarm") })
    }
}

impl Acts for IdleTimer<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for IdleTimer<'_> {
    /// The label without quotes, as iptables prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --timeout {} --label {}", self.timeout, bare(&self.label))?;
        f.write_str(if self.alarm { " --alarm" } else { "" })
    }
}
