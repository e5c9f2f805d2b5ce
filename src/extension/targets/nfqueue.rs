//! `-j NFQUEUE`: a program decides; without one the packet is dropped, or accepted with `--queue-bypass`
//! (`net/netfilter/xt_NFQUEUE.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension, Verdict};
use crate::packet::Context;

/// `-j NFQUEUE`
#[derive(Debug, Clone)]
pub struct NfQueue<'t> {
    /// Neither a queue nor a range of them is named, which means queue 0.
    usual: bool,
    options: Given<'t>,
}

impl<'t> Extension<'t> for NfQueue<'t> {
    const NAME: &'static str = "NFQUEUE";
    const OPTIONS: &'static [Opt] =
        &[opt("--queue-num", 1), opt("--queue-balance", 1), opt("--queue-bypass", 0), opt("--queue-cpu-fanout", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let num = args.get("--queue-num").map(|arg| arg.value::<u16>("a number from 0 to 65535")).transpose()?;
        Ok(Self { usual: num.is_none() && !args.has("--queue-balance"), options: Given::all(&args) })
    }
}

impl Acts for NfQueue<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Verdict(Verdict::Queue)
    }
}

impl fmt::Display for NfQueue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.usual { " --queue-num 0" } else { "" })?;
        self.options.fmt(f)
    }
}
