//! `-j TPROXY`: hands the packet to a local socket without rewriting it (`net/netfilter/xt_TPROXY.c`; mangle
//! PREROUTING).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Verdict, ports};
use crate::logic::{Field, Outcome, Presumed};
use crate::packet::{Context, Masked, Packet, Value};
use crate::save::Family;

use super::mark::marked;

/// `-j TPROXY --on-port P [--on-ip A] [--tproxy-mark V[/M]]`
#[derive(Debug, Clone)]
pub struct Tproxy {
    /// 0 is the port that the packet asks for.
    port: u16,
    /// The unspecified address is the one of the interface that the packet came by.
    address: IpAddr,
    /// Clear the masked bits of the mark, then flip the value in.
    mark: Masked,
}

impl<'t> Extension<'t> for Tproxy {
    const NAME: &'static str = "TPROXY";
    const OPTIONS: &'static [Opt] = &[opt("--on-port", 1), opt("--on-ip", 1), opt("--tproxy-mark", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let port = args.get("--on-port").ok_or_else(|| args.missing("--on-port"))?;
        let unspecified = match args.family {
            Family::V4 => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            Family::V6 => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        Ok(Self {
            port: ports::port(&port.text(0)).ok_or_else(|| port.bad("a port"))?,
            address: args.get("--on-ip").map_or(Ok(unspecified), |arg| arg.address(args.family))?,
            mark: match args.get("--tproxy-mark") {
                Some(arg) => arg.value("a mark, value or value/mask")?,
                None => Masked { value: 0, mask: 0 },
            },
        })
    }
}

impl Acts for Tproxy {
    /// Without a socket the packet is dropped. With one it is marked and leaves the table; no later rule of it is
    /// asked.
    fn act(&self, cx: &Context<'_>) -> Effect {
        match self.is_taken(cx) {
            Outcome::Depends(fact) => Effect::Depends(fact),
            Outcome::Always => Effect::Pass(Box::new(Packet {
                mark: marked(&cx.packet.mark, self.mark, Field::Mark, cx.line),
                socket: Some(self.port(cx.packet)),
                ..cx.packet.clone()
            })),
            _ => Effect::Verdict(Verdict::Drop),
        }
    }
}

impl Tproxy {
    fn port(&self, packet: &Packet) -> Value<u16> {
        if self.port == 0 { packet.dport.clone() } else { Value::Known(self.port) }
    }

    /// Whether a socket listens is not in a dump; it is taken to, for nobody writes the rule without one.
    fn is_taken(&self, cx: &Context<'_>) -> Outcome {
        let (port, name) = match self.port(cx.packet) {
            Value::Known(port) => (format!("port {port}"), port.to_string()),
            Value::Unknown(_) => ("the packet's own port".to_owned(), "dport".to_owned()),
        };
        let (on, name) = if self.address.is_unspecified() {
            (port, format!("tproxy:{name}"))
        } else {
            (format!("{port} of {}", self.address), format!("tproxy:{}:{name}", self.address))
        };
        cx.ask(
            &name,
            Some(Presumed::usually(true)),
            format!("a transparent socket listens on {on}"),
            format!("no transparent socket listens on {on}"),
        )
    }
}

impl fmt::Display for Tproxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Masked { value, mask } = self.mark;
        write!(f, " --on-port {} --on-ip {} --tproxy-mark {value:#x}/{mask:#x}", self.port, self.address)
    }
}
