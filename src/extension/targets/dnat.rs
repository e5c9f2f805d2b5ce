//! `-j DNAT`: a new destination for the connection (`net/netfilter/xt_nat.c`; nat PREROUTING and OUTPUT).

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::nat::{Choice, Flags, PERSISTENT, RANDOM};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Context, Rewrite};

/// `-j DNAT --to-destination A[-B][:p[-q][/base]] [--random] [--persistent]`
#[derive(Debug, Clone)]
pub struct Dnat {
    to: Choice,
    flags: Flags,
}

impl Dnat {
    /// The address and the port that it names, where it names just one.
    pub fn only(&self) -> (Option<IpAddr>, Option<u16>) {
        self.to.only()
    }
}

impl<'t> Extension<'t> for Dnat {
    const NAME: &'static str = "DNAT";
    const OPTIONS: &'static [Opt] = &[opt("--to-destination", 1), RANDOM, PERSISTENT];
    const LISTED: &'static [Listed] = &[
        goes_on("to:", "--to-destination", 1),
        goes_on("random", "--random", 0),
        goes_on("persistent", "--persistent", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--to-destination").ok_or_else(|| args.missing("--to-destination"))?;
        let to = Choice::parse(&arg.text(0), args.family).ok_or_else(|| arg.bad("address, :port or address:port"))?;
        Ok(Self { to, flags: Flags::read(&args) })
    }
}

impl Acts for Dnat {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let (address, port) = self.to.destination(cx, self.flags);
        Effect::Rewrite(Rewrite::Destination { address, port })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Dnat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --to-destination {}{}", self.to, self.flags)
    }
}
