//! `-j TEE`: sends a copy of the packet to another host of the network; the packet itself goes on
//! (`net/netfilter/xt_TEE.c`).

use std::borrow::Cow;
use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;
use crate::save::bare;

/// `-j TEE --gateway ADDRESS [--oif INTERFACE]`
#[derive(Debug, Clone)]
pub struct Tee<'t> {
    gateway: IpAddr,
    output: Option<Cow<'t, str>>,
}

impl<'t> Extension<'t> for Tee<'t> {
    const NAME: &'static str = "TEE";
    const OPTIONS: &'static [Opt] = &[opt("--gateway", 1), opt("--oif", 1)];
    const LISTED: &'static [Listed] = &[goes_on("TEE gw:", "--gateway", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--gateway").ok_or_else(|| args.missing("--gateway"))?;
        let gateway = arg.address(args.family)?;
        if gateway.is_unspecified() {
            return Err(arg.bad("the address of another host"));
        }
        Ok(Self { gateway, output: args.get("--oif").map(|arg| arg.text(0)) })
    }
}

impl Acts for Tee<'_> {
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }

    fn is_harmless(&self) -> bool {
        true
    }
}

impl fmt::Display for Tee<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --gateway {}", self.gateway)?;
        self.output.as_ref().map_or(Ok(()), |output| write!(f, " --oif {}", bare(output)))
    }
}
