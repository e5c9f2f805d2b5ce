//! `-m realm`: the realm of the packet's route (`net/netfilter/xt_realm.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Masked};

/// `-m realm [!] --realm VALUE[/MASK]`
#[derive(Debug, Clone)]
pub struct Realm {
    not: bool,
    realm: Masked,
}

impl<'t> Extension<'t> for Realm {
    const NAME: &'static str = "realm";
    const OPTIONS: &'static [Opt] = &[opt("--realm", 1)];
    const LISTED: &'static [Listed] = &[opens("realm", "--realm", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--realm").ok_or_else(|| args.missing("--realm"))?;
        Ok(Self { not: arg.not, realm: arg.value("a realm, value or value/mask")? })
    }
}

impl Matches for Realm {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.is_masked("realm", self.realm).negated(self.not)
    }
}

impl fmt::Display for Realm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --realm {}", not(self.not), self.realm)
    }
}
