//! `-m mark`: the firewall mark of the packet (`net/netfilter/xt_mark.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Asked, Asks, Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Masked};

/// `-m mark [!] --mark VALUE[/MASK]`
#[derive(Debug, Clone)]
pub struct Mark {
    /// Behind a `!`.
    pub not: bool,
    /// What the mark has to be in which bits.
    pub mark: Masked,
}

impl<'t> Extension<'t> for Mark {
    const NAME: &'static str = "mark";
    const OPTIONS: &'static [Opt] = &[opt("--mark", 1)];
    const LISTED: &'static [Listed] = &[opens("mark match", "--mark", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--mark").ok_or_else(|| args.missing("--mark"))?;
        Ok(Self { not: arg.not, mark: arg.value("a mark, value or value/mask")? })
    }
}

impl Matches for Mark {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.is_marked(&cx.packet.mark, self.mark).negated(self.not)
    }

    fn asks(&self) -> Option<Asks> {
        Some(Asks::one(self.not, Asked::Mark(self.mark)))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --mark {}", not(self.not), self.mark)
    }
}
