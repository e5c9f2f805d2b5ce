//! `-m ipvs`: is the packet part of a connection of IPVS (`net/netfilter/xt_ipvs.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m ipvs`
#[derive(Debug, Clone)]
pub struct Ipvs<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for Ipvs<'t> {
    const NAME: &'static str = "ipvs";
    const OPTIONS: &'static [Opt] = &[
        opt("--ipvs", 0),
        opt("--vproto", 1),
        opt("--vaddr", 1),
        opt("--vport", 1),
        opt("--vdir", 1),
        opt("--vmethod", 1),
        opt("--vportctl", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--ipvs")?;
        Ok(Self { options: Given::all(&args) })
    }
}

impl Matches for Ipvs<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let text = self.to_string();
        cx.ask(
            &format!("ipvs{}", text.replace(' ', ":")),
            Some(Presumed::usually(false)),
            format!("the packet belongs to a connection of IPVS that fits{text}"),
            format!("the packet does not belong to a connection of IPVS that fits{text}"),
        )
    }
}

impl fmt::Display for Ipvs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
