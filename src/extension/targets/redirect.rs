//! `-j REDIRECT`: the destination becomes this host (`net/netfilter/nf_nat_redirect.c`; nat PREROUTING and OUTPUT).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::nat::{Flags, RANDOM, has_ports};
use crate::extension::nat_port::PortChoice;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Context, Rewrite, Value};
use crate::save::Family;

/// `-j REDIRECT [--to-ports p[-q]] [--random]`
#[derive(Debug, Clone)]
pub struct Redirect {
    ports: Option<PortChoice>,
    flags: Flags,
}

impl<'t> Extension<'t> for Redirect {
    const NAME: &'static str = "REDIRECT";
    const OPTIONS: &'static [Opt] = &[opt("--to-ports", 1).or(&["--to-port"]), RANDOM];
    const LISTED: &'static [Listed] = &[goes_on("redir ports", "--to-ports", 1), goes_on("random", "--random", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let ports = match args.get("--to-ports") {
            Some(arg) => {
                let ports = PortChoice::parse(&arg.text(0)).filter(|ports| !ports.is_shifted());
                Some(ports.ok_or_else(|| arg.bad("a port or first-last"))?)
            }
            None => None,
        };
        Ok(Self { ports, flags: Flags::read(&args) })
    }
}

impl Acts for Redirect {
    /// A local packet goes to the loopback address, an arriving one to the first address of its interface.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let packet = cx.packet;
        let loopback = match packet.family {
            Family::V4 => IpAddr::V4(Ipv4Addr::LOCALHOST),
            Family::V6 => IpAddr::V6(Ipv6Addr::LOCALHOST),
        };
        let arrived = || packet.input.known().and_then(|input| cx.host.first_address(input, packet.family));
        let address = if packet.local { Some(loopback) } else { arrived() };
        let port = match &self.ports {
            Some(ports) if has_ports(packet) => ports.destination(&packet.dport, self.flags.draw(), cx.line),
            _ => packet.dport.clone(),
        };
        let address = address.map_or_else(|| Value::left(Field::Dst, cx.line), Value::Known);
        Effect::Rewrite(Rewrite::Destination { address, port })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(ports) = &self.ports {
            write!(f, " --to-ports {ports}")?;
        }
        self.flags.fmt(f)
    }
}
