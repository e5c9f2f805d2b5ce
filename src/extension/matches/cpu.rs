//! `-m cpu`: the processor that handles the packet (`net/netfilter/xt_cpu.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m cpu [!] --cpu N`
#[derive(Debug, Clone)]
pub struct Cpu {
    not: bool,
    cpu: u32,
}

impl<'t> Extension<'t> for Cpu {
    const NAME: &'static str = "cpu";
    const OPTIONS: &'static [Opt] = &[opt("--cpu", 1)];
    const LISTED: &'static [Listed] = &[opens("cpu", "--cpu", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--cpu").ok_or_else(|| args.missing("--cpu"))?;
        Ok(Self { not: arg.not, cpu: arg.number("a number")? })
    }
}

impl Matches for Cpu {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.is_number("cpu", self.cpu, self.cpu).negated(self.not)
    }
}

impl fmt::Display for Cpu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --cpu {}", not(self.not), self.cpu)
    }
}
