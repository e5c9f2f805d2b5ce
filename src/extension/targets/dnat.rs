//! `-j DNAT`: a new destination for the connection (`net/netfilter/xt_nat.c`; nat PREROUTING and OUTPUT).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::nat::{Choice, PERSISTENT, RANDOM, RANDOM_FULLY, has_ports};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Context, Rewrite};

/// `-j DNAT --to-destination A[-B][:p[-q]]`
#[derive(Debug, Clone)]
pub struct Dnat {
    to: Choice,
    flags: Vec<&'static str>,
}

impl<'t> Extension<'t> for Dnat {
    const NAME: &'static str = "DNAT";
    const OPTIONS: &'static [Opt] = &[opt("--to-destination", 1), RANDOM, PERSISTENT, RANDOM_FULLY];
    const LISTED: &'static [Listed] = &[
        goes_on("to:", "--to-destination", 1),
        goes_on("random", "--random", 0),
        goes_on("persistent", "--persistent", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--to-destination").ok_or_else(|| args.missing("--to-destination"))?;
        let to = Choice::parse(&arg.text(0)).ok_or_else(|| arg.bad("address, :port or address:port"))?;
        let flags = [RANDOM, PERSISTENT].into_iter().map(|option| option.name).filter(|name| args.has(name));
        Ok(Self { to, flags: flags.collect() })
    }
}

impl Acts for Dnat {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let (packet, name) = (cx.packet, format!("dnat:{}", cx.line));
        let address = self.to.address(&packet.dst, &name);
        let port = if has_ports(packet) { self.to.port(&packet.dport, &name) } else { packet.dport.clone() };
        Effect::Rewrite(Rewrite::Destination { address, port })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Dnat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --to-destination {}", self.to)?;
        self.flags.iter().try_for_each(|flag| write!(f, " {flag}"))
    }
}
