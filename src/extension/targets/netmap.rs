//! `-j NETMAP`: the network part of an address is replaced, the host part stays (`net/netfilter/xt_NETMAP.c`; nat).

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Context, Net, NewSource, Rewrite, Value};
use crate::save::Hook;

/// `-j NETMAP --to NET/LENGTH`
#[derive(Debug, Clone)]
pub struct NetMap {
    to: Net,
}

impl<'t> Extension<'t> for NetMap {
    const NAME: &'static str = "NETMAP";
    const OPTIONS: &'static [Opt] = &[opt("--to", 1)];
    const LISTED: &'static [Listed] = &[goes_on("to:", "--to", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--to").ok_or_else(|| args.missing("--to"))?;
        let to = arg.net(args.family)?;
        // A mask with gaps is not heeded: it is one address.
        let whole = || arg.text(0).split('/').next().and_then(|address| address.parse().ok()).map(Net::host);
        Ok(Self { to: if to.values().is_some() { to } else { whole().unwrap_or(to) } })
    }
}

impl NetMap {
    fn map(&self, address: &Value<IpAddr>, field: Field, line: u32) -> Value<IpAddr> {
        match (self.to, address) {
            (to, _) if to.only().is_some() => to.only().map_or_else(|| address.clone(), Value::Known),
            (Net::V4(net, mask), Value::Known(IpAddr::V4(address))) => {
                Value::Known(Ipv4Addr::from_bits(net | address.to_bits() & !mask).into())
            }
            (Net::V6(net, mask), Value::Known(IpAddr::V6(address))) => {
                Value::Known(Ipv6Addr::from_bits(net | address.to_bits() & !mask).into())
            }
            _ => Value::left(field, line),
        }
    }
}

impl Acts for NetMap {
    /// The destination where destinations are rewritten, otherwise the source.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let (packet, line) = (cx.packet, cx.line);
        Effect::Rewrite(match cx.hook {
            Hook::Prerouting | Hook::Output => {
                Rewrite::Destination { address: self.map(&packet.dst, Field::Dst, line), port: packet.dport.clone() }
            }
            _ => {
                let address = self.map(&packet.src, Field::Src, line);
                Rewrite::Source { kind: NewSource::Snat, address, port: packet.sport.clone() }
            }
        })
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for NetMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --to {}", self.to)
    }
}
