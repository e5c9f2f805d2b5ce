//! `-m policy`: was or will the packet be handled by IPsec (`net/netfilter/xt_policy.c`)?

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m policy --dir in|out --pol none|ipsec ...`
#[derive(Debug, Clone)]
pub struct Policy<'t> {
    none: bool,
    options: Given<'t>,
}

impl<'t> Extension<'t> for Policy<'t> {
    const NAME: &'static str = "policy";
    const OPTIONS: &'static [Opt] = &[
        opt("--dir", 1),
        opt("--pol", 1),
        opt("--strict", 0),
        opt("--reqid", 1),
        opt("--spi", 1),
        opt("--proto", 1),
        opt("--mode", 1),
        opt("--tunnel-src", 1),
        opt("--tunnel-dst", 1),
        opt("--next", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--pol")?;
        let none = args.get("--pol").is_some_and(|pol| &*pol.text(0) == "none");
        Ok(Self { none, options: Given::all(&args) })
    }
}

impl Matches for Policy<'_> {
    /// The default is a packet without IPsec.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("policy{self}"),
            Some(Presumed::usually(self.none)),
            format!("the packet fits the IPsec policy{self}"),
            format!("the packet does not fit the IPsec policy{self}"),
        )
    }
}

impl fmt::Display for Policy<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
