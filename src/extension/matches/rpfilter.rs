//! `-m rpfilter`: would an answer leave by the interface the packet came in on (`ipt_rpfilter.c`, `ip6t_rpfilter.c`)?

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m rpfilter [--loose] [--validmark] [--accept-local] [--invert]`
#[derive(Debug, Clone)]
pub struct RpFilter {
    /// In the order in which iptables prints them.
    flags: Vec<&'static str>,
}

impl<'t> Extension<'t> for RpFilter {
    const NAME: &'static str = "rpfilter";
    const OPTIONS: &'static [Opt] =
        &[opt("--loose", 0), opt("--validmark", 0), opt("--accept-local", 0), opt("--invert", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let given = Self::OPTIONS.iter().map(|option| option.name).filter(|name| args.has(name));
        Ok(Self { flags: given.collect() })
    }
}

impl Matches for RpFilter {
    /// What comes in over lo always passes. The default is a source that fits its interface.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let passes = if cx.packet.looped {
            Outcome::Always
        } else {
            cx.ask(
                "rpfilter",
                Some(Presumed::usually(true)),
                "an answer would leave by the interface that the packet came in on".into(),
                "an answer would leave by another interface than the packet came in on".into(),
            )
        };
        passes.negated(self.flags.contains(&"--invert"))
    }
}

impl fmt::Display for RpFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.flags.iter().try_for_each(|flag| write!(f, " {flag}"))
    }
}
