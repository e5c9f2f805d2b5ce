//! `-j SECMARK`: gives the packet a security mark for `SELinux` (`net/netfilter/xt_SECMARK.c`; mangle and security).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::bare;

/// `-j SECMARK --selctx CONTEXT`
#[derive(Debug, Clone)]
pub struct SecMark<'t> {
    context: Cow<'t, str>,
}

impl<'t> Extension<'t> for SecMark<'t> {
    const NAME: &'static str = "SECMARK";
    const OPTIONS: &'static [Opt] = &[opt("--selctx", 1)];
    const LISTED: &'static [Listed] = &[goes_on("SECMARK selctx", "--selctx", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--selctx").ok_or_else(|| args.missing("--selctx"))?;
        Ok(Self { context: arg.text(0) })
    }
}

impl Acts for SecMark<'_> {
    /// No rule can ask for a security mark.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for SecMark<'_> {
    /// Without quotes, as iptables prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --selctx {}", bare(&self.context))
    }
}
