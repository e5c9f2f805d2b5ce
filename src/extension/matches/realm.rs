//! `-m realm`: the realm of the packet's route (`net/netfilter/xt_realm.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::group::Group;
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m realm [!] --realm VALUE[/MASK]`, or a name of `/etc/iproute2/rt_realms`.
#[derive(Debug, Clone)]
pub struct Realm<'t> {
    realm: Group<'t>,
}

impl<'t> Extension<'t> for Realm<'t> {
    const NAME: &'static str = "realm";
    const OPTIONS: &'static [Opt] = &[opt("--realm", 1)];
    const LISTED: &'static [Listed] = &[opens("realm", "--realm", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--realm").ok_or_else(|| args.missing("--realm"))?;
        Ok(Self { realm: Group::read(arg, "cosmos")? })
    }
}

impl Matches for Realm<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        self.realm.holds(cx, "realm")
    }
}

impl fmt::Display for Realm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.realm.fmt(f)
    }
}
