//! `-m addrtype`: what kind of address the routing table takes it for (`net/netfilter/xt_addrtype.c`).

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, Net, Value};
use crate::save::Family;

/// `-m addrtype [!] --src-type LIST [!] --dst-type LIST [--limit-iface-in|--limit-iface-out]`
#[derive(Debug, Clone)]
pub struct AddrType {
    src: Option<Kinds>,
    dst: Option<Kinds>,
    limit: Option<&'static str>,
}

/// One of these kinds, or none of them.
#[derive(Debug, Clone)]
struct Kinds {
    not: bool,
    list: Vec<Kind>,
}

/// A kind of address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unspec,
    Unicast,
    Local,
    Broadcast,
    Anycast,
    Multicast,
    Blackhole,
    Unreachable,
    Prohibit,
    Throw,
    Nat,
    Xresolve,
}

/// In the order in which iptables prints them.
const KINDS: [(&str, Kind); 12] = [
    ("UNSPEC", Kind::Unspec),
    ("UNICAST", Kind::Unicast),
    ("LOCAL", Kind::Local),
    ("BROADCAST", Kind::Broadcast),
    ("ANYCAST", Kind::Anycast),
    ("MULTICAST", Kind::Multicast),
    ("BLACKHOLE", Kind::Blackhole),
    ("UNREACHABLE", Kind::Unreachable),
    ("PROHIBIT", Kind::Prohibit),
    ("THROW", Kind::Throw),
    ("NAT", Kind::Nat),
    ("XRESOLVE", Kind::Xresolve),
];

/// `ff00::/8`
const MULTICAST_V6: Net = Net::V6(0xff << 120, 0xff << 120);
/// `::/128`
const UNSPECIFIED_V6: Net = Net::V6(0, u128::MAX);

impl<'t> Extension<'t> for AddrType {
    const NAME: &'static str = "addrtype";
    const OPTIONS: &'static [Opt] =
        &[opt("--src-type", 1), opt("--dst-type", 1), opt("--limit-iface-in", 0), opt("--limit-iface-out", 0)];
    const LISTED: &'static [Listed] = &[
        opens("ADDRTYPE match", "", 0),
        goes_on("src-type", "--src-type", 1),
        goes_on("dst-type", "--dst-type", 1),
        goes_on("limit-in", "--limit-iface-in", 0),
        goes_on("limit-out", "--limit-iface-out", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--dst-type")?;
        let mut addrtype = Self { src: None, dst: None, limit: None };
        for arg in &args.list {
            match arg.option {
                "--src-type" => addrtype.src = Some(Kinds::read(arg)?),
                "--dst-type" => addrtype.dst = Some(Kinds::read(arg)?),
                limit => addrtype.limit = Some(limit),
            }
        }
        Ok(addrtype)
    }
}

impl Kinds {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let named = |name: &str| KINDS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(name)).map(|(_, kind)| *kind);
        Ok(Self { not: arg.not, list: arg.list("kinds of address such as LOCAL", named)? })
    }

    fn hold(&self, cx: &Context<'_>, address: &Value<IpAddr>, local: impl Fn() -> Outcome) -> Outcome {
        let of = |kind: &Kind| kind.holds(cx, address, &local);
        let fits = match cx.packet.family {
            Family::V4 => self.list.iter().map(of).fold(Outcome::Never, Outcome::or),
            Family::V6 => self.hold_v6(cx, address, local),
        };
        fits.negated(self.not)
    }

    /// IPv6 asks for all of the kinds that the form of an address tells, and for one of those that a route tells
    /// (`match_type6`).
    fn hold_v6(&self, cx: &Context<'_>, address: &Value<IpAddr>, local: impl Fn() -> Outcome) -> Outcome {
        let is_in = |net: &Net| cx.is_in(address, *net);
        let form = |kind: &Kind| match kind {
            Kind::Multicast => is_in(&MULTICAST_V6),
            Kind::Unicast => !is_in(&MULTICAST_V6).or(is_in(&UNSPECIFIED_V6)),
            Kind::Unspec => is_in(&UNSPECIFIED_V6),
            _ => Outcome::Always,
        };
        let route = |kind: &Kind| match kind {
            Kind::Local => Some(local()),
            Kind::Anycast | Kind::Unreachable => Some(kind.ask(address, cx)),
            _ => None,
        };
        let routes = self.list.iter().filter_map(route).reduce(Outcome::or).unwrap_or(Outcome::Always);
        self.list.iter().map(form).fold(routes, Outcome::and)
    }
}

impl Kind {
    /// Without a routing table: an address is the host's own, or broadcast or multicast by its form, or unicast.
    fn holds(self, cx: &Context<'_>, address: &Value<IpAddr>, local: &impl Fn() -> Outcome) -> Outcome {
        let form = address.known().map(|address| form(cx, *address));
        match (self, form) {
            (Self::Local, None | Some(Self::Unicast)) => local(),
            (Self::Unicast, None | Some(Self::Unicast)) => !local(),
            (kind, Some(form)) if kind == form => Outcome::Always,
            (Self::Broadcast, Some(Self::Unicast)) if !cx.host.is_complete() => self.ask(address, cx),
            (_, Some(_)) => Outcome::Never,
            (kind, None) => kind.ask(address, cx),
        }
    }

    fn ask(self, address: &Value<IpAddr>, cx: &Context<'_>) -> Outcome {
        let name = KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| *name);
        let address = match address {
            Value::Known(address) => address.to_string(),
            Value::Unknown(unknown) => unknown.to_string(),
        };
        cx.ask(
            &format!("addrtype:{name}:{address}"),
            Some(Presumed::firmly(false)),
            format!("{address} is a {name} address"),
            format!("{address} is not a {name} address"),
        )
    }
}

/// What an address is by its form; `Unicast` also stands for the host's own. 0.0.0.0 counts as broadcast
/// (`fib_table_lookup` has it in the local table), a network's own first address does not.
fn form(cx: &Context<'_>, address: IpAddr) -> Kind {
    match address {
        IpAddr::V4(v4) if v4.is_multicast() => Kind::Multicast,
        IpAddr::V4(v4) if v4.is_broadcast() || v4.is_unspecified() || cx.host.is_broadcast(address) => Kind::Broadcast,
        IpAddr::V6(v6) if v6.is_multicast() => Kind::Multicast,
        _ => Kind::Unicast,
    }
}

impl AddrType {
    /// With `--limit-iface-in` and `-out` only the addresses of that interface are the host's own (`inet_dev_addr_type`).
    fn limited(&self, cx: &Context<'_>, address: &Value<IpAddr>, local: Outcome) -> Outcome {
        let interface = match self.limit {
            None => return local,
            Some("--limit-iface-in") => &cx.packet.input,
            Some(_) => &cx.packet.output,
        };
        match (address.known(), interface.known()) {
            (Some(address), Some(interface)) if cx.host.is_complete() => cx.host.is_on(*address, interface).into(),
            (address, _) => {
                let words = address.map_or_else(|| "the address".to_owned(), IpAddr::to_string);
                local.and(cx.ask(
                    &format!("addrtype:interface:{words}"),
                    Some(Presumed::usually(true)),
                    format!("{words} is an address of the interface that the packet goes by"),
                    format!("{words} is not an address of the interface that the packet goes by"),
                ))
            }
        }
    }

    /// Does it ask for a source that is one of the host's addresses?
    pub fn asks_src_local(&self) -> bool {
        self.src.as_ref().is_some_and(|kinds| !kinds.not && kinds.list.contains(&Kind::Local))
    }
}

impl Matches for AddrType {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let src = self
            .src
            .as_ref()
            .map(|kinds| kinds.hold(cx, &cx.packet.src, || self.limited(cx, &cx.packet.src, cx.is_src_local())));
        let dst = self
            .dst
            .as_ref()
            .map(|kinds| kinds.hold(cx, &cx.packet.dst, || self.limited(cx, &cx.packet.dst, cx.is_dst_local())));
        src.unwrap_or(Outcome::Always).and(dst.unwrap_or(Outcome::Always))
    }
}

impl fmt::Display for AddrType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, kinds) in [("--src-type", &self.src), ("--dst-type", &self.dst)] {
            if let Some(kinds) = kinds {
                let names = KINDS.iter().filter(|(_, kind)| kinds.list.contains(kind)).map(|(name, _)| *name);
                write!(f, "{} {option} {}", not(kinds.not), names.collect::<Vec<_>>().join(","))?;
            }
        }
        match self.limit {
            Some(limit) => write!(f, " {limit}"),
            None => Ok(()),
        }
    }
}
