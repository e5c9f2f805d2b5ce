//! `-m rt`: the routing header of IPv6 (`net/ipv6/netfilter/ip6t_rt.c`).

use std::fmt;
use std::net::Ipv6Addr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::between::{Between, has_header};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m rt`
#[derive(Debug, Clone)]
pub struct Routing {
    /// Inverted; number.
    kind: Option<(bool, u32)>,
    left: Option<Between>,
    length: Option<Between>,
    /// `--rt-0-res`
    reserved: bool,
    addresses: Vec<Ipv6Addr>,
    /// `--rt-0-not-strict`
    scattered: bool,
}

impl<'t> Extension<'t> for Routing {
    const NAME: &'static str = "rt";
    const OPTIONS: &'static [Opt] = &[
        opt("--rt-type", 1),
        opt("--rt-segsleft", 1),
        opt("--rt-len", 1),
        opt("--rt-0-res", 0),
        opt("--rt-0-addrs", 1),
        opt("--rt-0-not-strict", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let kind = args.get("--rt-type").map(|arg| Ok((arg.not, arg.number("a type")?))).transpose()?;
        let of_type_0 = args.list.iter().find(|arg| arg.option.starts_with("--rt-0"));
        if of_type_0.is_some() && kind != Some((false, 0)) {
            return Err(args.missing("--rt-type 0"));
        }
        let between = |option| args.get(option).map(|arg| Between::read(arg, u32::MAX)).transpose();
        let addresses = match args.get("--rt-0-addrs") {
            Some(arg) => arg.list("IPv6 addresses", |text| text.parse().ok())?,
            None => Vec::new(),
        };
        Ok(Self {
            kind,
            left: between("--rt-segsleft")?,
            length: between("--rt-len")?,
            reserved: args.has("--rt-0-res"),
            addresses,
            scattered: args.has("--rt-0-not-strict"),
        })
    }
}

impl Matches for Routing {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let kind = self.kind.map_or(Outcome::Always, |(not, kind)| cx.is_number("rt-type", kind, kind).negated(not));
        let holds = |between: &Option<Between>, name| {
            between.as_ref().map_or(Outcome::Always, |between| between.holds(cx, name))
        };
        let detail = self.of_type_0();
        let detail = match detail.trim() {
            "" => Outcome::Always,
            text => cx.ask(
                &format!("rt-0:{}", text.replace(' ', ":")),
                None,
                format!("its routing header fits `{text}`"),
                format!("its routing header does not fit `{text}`"),
            ),
        };
        let there = has_header(cx, "rt", "a routing header");
        there.and(kind).and(holds(&self.left, "rt-segsleft")).and(holds(&self.length, "rt-length")).and(detail)
    }
}

impl Routing {
    /// The options that are about type 0.
    fn of_type_0(&self) -> String {
        let reserved = if self.reserved { " --rt-0-res" } else { "" };
        let scattered = if self.scattered { " --rt-0-not-strict" } else { "" };
        let list = self.addresses.iter().map(Ipv6Addr::to_string).collect::<Vec<_>>().join(",");
        let addresses = if list.is_empty() { String::new() } else { format!(" --rt-0-addrs {list}") };
        format!("{reserved}{addresses}{scattered}")
    }
}

impl fmt::Display for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((inverted, kind)) = self.kind {
            write!(f, "{} --rt-type {kind}", not(inverted))?;
        }
        [&self.left, &self.length].into_iter().flatten().try_for_each(|between| between.fmt(f))?;
        f.write_str(&self.of_type_0())
    }
}
