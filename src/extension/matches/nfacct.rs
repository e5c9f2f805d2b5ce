//! `-m nfacct`: counts into a named object; always matches (`net/netfilter/xt_nfacct.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;
use crate::save::quote;

/// `-m nfacct --nfacct-name NAME`
#[derive(Debug, Clone)]
pub struct NfAcct<'t> {
    name: Cow<'t, str>,
}

impl<'t> Extension<'t> for NfAcct<'t> {
    const NAME: &'static str = "nfacct";
    const OPTIONS: &'static [Opt] = &[opt("--nfacct-name", 1)];
    const LISTED: &'static [Listed] = &[opens("nfacct-name", "--nfacct-name", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--nfacct-name").ok_or_else(|| args.missing("--nfacct-name"))?;
        Ok(Self { name: arg.text(0) })
    }
}

impl Matches for NfAcct<'_> {
    fn matches(&self, _cx: &Context<'_>) -> Outcome {
        Outcome::Always
    }
}

impl fmt::Display for NfAcct<'_> {
    /// With two blanks, as iptables prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --nfacct-name  {}", quote(&self.name))
    }
}
