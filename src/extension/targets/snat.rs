//! `-j SNAT`: a new source for the connection (`net/netfilter/xt_nat.c`; nat POSTROUTING and INPUT).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::nat::{Choice, Flags, PERSISTENT, RANDOM, RANDOM_FULLY};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Context, NewSource, Rewrite};

/// `-j SNAT --to-source A[-B][:p[-q]] [--random] [--random-fully] [--persistent]`
#[derive(Debug, Clone)]
pub struct Snat {
    to: Choice,
    flags: Flags,
}

impl<'t> Extension<'t> for Snat {
    const NAME: &'static str = "SNAT";
    const OPTIONS: &'static [Opt] = &[opt("--to-source", 1), RANDOM, RANDOM_FULLY, PERSISTENT];
    const LISTED: &'static [Listed] = &[
        goes_on("to:", "--to-source", 1),
        goes_on("random-fully", "--random-fully", 0),
        goes_on("random", "--random", 0),
        goes_on("persistent", "--persistent", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--to-source").ok_or_else(|| args.missing("--to-source"))?;
        let to = Choice::parse(&arg.text(0), args.family).ok_or_else(|| arg.bad("address, :port or address:port"))?;
        Ok(Self { to: to.without_base(), flags: Flags::read(&args) })
    }
}

impl Acts for Snat {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let (address, port) = self.to.source(cx, self.flags);
        Effect::Rewrite(Rewrite::Source { kind: NewSource::Snat, address, port })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Snat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --to-source {}{}", self.to, self.flags)
    }
}
