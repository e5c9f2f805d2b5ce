//! `-j SNAT`: a new source for the connection (`net/netfilter/xt_nat.c`; nat POSTROUTING and INPUT).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::nat::{Choice, PERSISTENT, RANDOM, RANDOM_FULLY, has_ports};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Context, NewSource, Rewrite, Value};

/// `-j SNAT --to-source A[-B][:p[-q]]`
#[derive(Debug, Clone)]
pub struct Snat {
    to: Choice,
    flags: Vec<&'static str>,
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
        let to = Choice::parse(&arg.text(0)).ok_or_else(|| arg.bad("address, :port or address:port"))?;
        let flags = [RANDOM, RANDOM_FULLY, PERSISTENT].into_iter().map(|option| option.name);
        Ok(Self { to, flags: flags.filter(|name| args.has(name)).collect() })
    }
}

impl Acts for Snat {
    /// The port is kept while it is free, unless the rule asks for another.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let (packet, name) = (cx.packet, format!("snat:{}", cx.line));
        let port = match self.flags.iter().any(|flag| flag.starts_with("--random")) {
            _ if !has_ports(packet) => packet.sport.clone(),
            true => Value::chosen(&name),
            false => self.to.port(&packet.sport, &name),
        };
        Effect::Rewrite(Rewrite::Source { kind: NewSource::Snat, address: self.to.address(&packet.src, &name), port })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Snat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --to-source {}", self.to)?;
        self.flags.iter().try_for_each(|flag| write!(f, " {flag}"))
    }
}
