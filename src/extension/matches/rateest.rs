//! `-m rateest`: compares estimates of a rate (`net/netfilter/xt_rateest.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m rateest`
#[derive(Debug, Clone)]
pub struct RateEst<'t> {
    options: Given<'t>,
}

impl<'t> Extension<'t> for RateEst<'t> {
    const NAME: &'static str = "rateest";
    const OPTIONS: &'static [Opt] = &[
        opt("--rateest", 1),
        opt("--rateest1", 1),
        opt("--rateest2", 1),
        opt("--rateest-delta", 0),
        opt("--rateest-bps", 0),
        opt("--rateest-bps1", 1),
        opt("--rateest-bps2", 1),
        opt("--rateest-pps", 0),
        opt("--rateest-pps1", 1),
        opt("--rateest-pps2", 1),
        opt("--rateest-lt", 0),
        opt("--rateest-gt", 0),
        opt("--rateest-eq", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--rateest")?;
        Ok(Self { options: Given::all(&args) })
    }
}

impl Matches for RateEst<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let text = self.to_string();
        cx.ask(
            &format!("rateest{}", text.replace(' ', ":")),
            Some(Presumed::usually(false)),
            format!("the rate fits{text}"),
            format!("the rate does not fit{text}"),
        )
    }
}

impl fmt::Display for RateEst<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
