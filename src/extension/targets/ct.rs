//! `-j CT`: what connection tracking does with the packet (`net/netfilter/xt_CT.c`; raw table).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::given::Given;
use crate::extension::{Acts, Effect, Extension};
use crate::packet::{Conntrack, Context, Packet};

/// `-j CT --notrack | --zone Z | --helper NAME ...`
#[derive(Debug, Clone)]
pub struct Ct<'t> {
    notrack: bool,
    options: Given<'t>,
}

impl<'t> Extension<'t> for Ct<'t> {
    const NAME: &'static str = "CT";
    const OPTIONS: &'static [Opt] = &[
        opt("--notrack", 0),
        opt("--helper", 1),
        opt("--timeout", 1),
        opt("--ctevents", 1),
        opt("--expevents", 1),
        opt("--zone", 1),
        opt("--zone-orig", 1),
        opt("--zone-reply", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        for zone in args.list.iter().filter(|arg| arg.option.starts_with("--zone")) {
            if &*zone.text(0) != "mark" {
                zone.value::<u16>("a zone from 0 to 65535, or `mark`")?;
            }
        }
        Ok(Self { notrack: args.has("--notrack"), options: Given::all(&args) })
    }
}

/// Takes the packet out of connection tracking, unless it has been decided already.
pub(super) fn untracked(cx: &Context<'_>) -> Effect {
    match cx.packet.conntrack {
        Conntrack::Unseen | Conntrack::Invalid => {
            Effect::Change(Box::new(Packet { conntrack: Conntrack::Untracked, ..cx.packet.clone() }))
        }
        _ => Effect::Continue,
    }
}

impl Acts for Ct<'_> {
    /// A zone, helper or timeout does not change where a first packet goes.
    fn act(&self, cx: &Context<'_>) -> Effect {
        if self.notrack { untracked(cx) } else { Effect::Continue }
    }

    fn is_harmless(&self) -> bool {
        !self.notrack
    }

    fn tracks(&self) -> bool {
        !self.notrack
    }
}

impl fmt::Display for Ct<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.options.fmt(f)
    }
}
