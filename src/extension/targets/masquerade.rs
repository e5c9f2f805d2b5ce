//! `-j MASQUERADE`: the source becomes an address of the interface the packet leaves by
//! (`net/netfilter/xt_MASQUERADE.c`; nat POSTROUTING).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::nat::{Flags, RANDOM, RANDOM_FULLY, has_ports, source_port};
use crate::extension::nat_port::PortChoice;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Context, NewSource, Rewrite, Value};

/// `-j MASQUERADE [--to-ports p[-q]] [--random] [--random-fully]`
#[derive(Debug, Clone)]
pub struct Masquerade {
    ports: Option<PortChoice>,
    flags: Flags,
}

impl<'t> Extension<'t> for Masquerade {
    const NAME: &'static str = "MASQUERADE";
    const OPTIONS: &'static [Opt] = &[opt("--to-ports", 1), RANDOM, RANDOM_FULLY];
    const LISTED: &'static [Listed] = &[
        goes_on("masq ports:", "--to-ports", 1),
        goes_on("random-fully", "--random-fully", 0),
        goes_on("random", "--random", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let ports = match args.get("--to-ports") {
            Some(arg) => {
                let ports = PortChoice::parse(&arg.text(0)).ok_or_else(|| arg.bad("a port or first-last"))?;
                Some(ports.without_base())
            }
            None => None,
        };
        Ok(Self { ports, flags: Flags::read(&args) })
    }
}

impl Acts for Masquerade {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let packet = cx.packet;
        let own =
            packet.output.known().zip(packet.dst.known()).and_then(|(output, to)| cx.host.masquerade(output, *to));
        let address = own.map_or_else(|| Value::left(Field::Src, cx.line), Value::Known);
        let port = match &self.ports {
            // The kernel counts off from a base that nobody has set.
            Some(ports) if ports.is_shifted() && has_ports(packet) => Value::left(Field::Sport, cx.line),
            ports => source_port(ports.as_ref(), packet, self.flags, cx.line),
        };
        Effect::Rewrite(Rewrite::Source { kind: NewSource::Masquerade, address, port })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Masquerade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ports) = &self.ports {
            write!(f, " --to-ports {ports}")?;
        }
        self.flags.fmt(f)
    }
}
