//! `-m rt`: the routing header of IPv6 (`net/ipv6/netfilter/ip6t_rt.c`).

use std::fmt;
use std::net::Ipv6Addr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::between::Between;
use crate::extension::headers::{Header, Length};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m rt [!] --rt-type N [!] --rt-segsleft A[:B] [!] --rt-len N`, and of type 0
/// `--rt-0-res --rt-0-addrs LIST [--rt-0-not-strict]`
#[derive(Debug, Clone)]
pub struct Routing {
    /// Inverted; number.
    kind: Option<(bool, u32)>,
    left: Option<Between>,
    length: Option<Length>,
    /// `--rt-0-res`
    reserved: bool,
    addresses: Vec<Ipv6Addr>,
    /// `--rt-0-not-strict`
    scattered: bool,
}

/// How many addresses one match can hold (`IP6T_RT_HOPS`).
const HOPS: usize = 16;

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
    const LISTED: &'static [Listed] = &[
        opens("rt", "", 0),
        goes_on("type:", "--rt-type", 1),
        goes_on("segsleft:", "--rt-segsleft", 1),
        goes_on("segslefts:", "--rt-segsleft", 1),
        goes_on("length:", "--rt-len", 1),
        goes_on("reserved", "--rt-0-res", 0),
        goes_on("0-addrs", "--rt-0-addrs", 1),
        goes_on("0-not-strict", "--rt-0-not-strict", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let kind = args.one_of(&["--rt-type"])?;
        let kind = kind.map(|arg| Ok((arg.not, arg.number("a number of 32 bits")?))).transpose()?;
        follows(&args, "--rt-0-res", "--rt-type 0", kind == Some((false, 0)))?;
        follows(&args, "--rt-0-addrs", "--rt-type 0", kind == Some((false, 0)))?;
        follows(&args, "--rt-0-not-strict", "--rt-0-addrs", true)?;
        Ok(Self {
            kind,
            left: Between::read(&args, "--rt-segsleft")?,
            length: Length::read(&args, "--rt-len")?,
            reserved: args.flag("--rt-0-res")?,
            addresses: args.one_of(&["--rt-0-addrs"])?.map_or_else(|| Ok(Vec::new()), addresses)?,
            scattered: args.flag("--rt-0-not-strict")?,
        })
    }
}

/// Complains if `option` does not stand behind the option of `before`, or that does not `suit` it.
fn follows(args: &Args<'_>, option: &str, before: &str, suits: bool) -> Result<(), Diagnostic> {
    let at = |option: &str| args.list.iter().position(|arg| arg.option == option);
    let first = before.split(' ').next().and_then(at);
    match at(option) {
        Some(at) if !suits || first.is_none_or(|first| at < first) => Err(args.missing(before)),
        _ => Ok(()),
    }
}

fn addresses(arg: &Arg<'_>) -> Result<Vec<Ipv6Addr>, Diagnostic> {
    arg.plain()?;
    let what = "at most 16 addresses of IPv6";
    let list = arg.list(what, |text| text.parse().ok())?;
    if list.len() > HOPS { Err(arg.bad(what)) } else { Ok(list) }
}

impl Matches for Routing {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let kind = self.kind.map_or(Outcome::Always, |(not, kind)| is_of(cx, kind).negated(not));
        let left = self.left.as_ref().map_or(Outcome::Always, |left| left.holds(cx, "rt-segsleft", u8::MAX.into()));
        let length = self.length.as_ref().map_or(Outcome::Always, |length| length.holds(cx, "rt-length", 8));
        let reserved = if self.reserved { is_empty(cx) } else { Outcome::Always };
        let there = Header::Routing.is_there(cx);
        there.and(kind).and(left).and(length).and(reserved).and(self.has_addresses(cx))
    }
}

/// A type is one byte, the option's number is not.
fn is_of(cx: &Context<'_>, kind: u32) -> Outcome {
    u8::try_from(kind).map_or(Outcome::Never, |kind| cx.is_number("rt-type", kind, kind))
}

fn is_empty(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "rt-0-reserved",
        Some(Presumed::usually(true)),
        "the reserved field of its routing header is zero".into(),
        "the reserved field of its routing header is not zero".into(),
    )
}

impl Routing {
    /// These addresses and no others; if scattered, these in this order with others between.
    fn has_addresses(&self, cx: &Context<'_>) -> Outcome {
        if self.addresses.is_empty() {
            return Outcome::Always;
        }
        let list = self.list();
        let (name, does) = if self.scattered { ("rt-0-among", "goes over") } else { ("rt-0-addrs", "goes over just") };
        let not = if self.scattered { "does not go over" } else { "does not go over just" };
        cx.ask(
            &format!("{name}:{list}"),
            None,
            format!("its routing header {does} {list} in this order"),
            format!("its routing header {not} {list} in this order"),
        )
    }

    fn list(&self) -> String {
        self.addresses.iter().map(Ipv6Addr::to_string).collect::<Vec<_>>().join(",")
    }
}

impl fmt::Display for Routing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((inverted, kind)) = self.kind {
            write!(f, "{} --rt-type {kind}", not(inverted))?;
        }
        self.left.iter().try_for_each(|left| left.fmt(f))?;
        self.length.iter().try_for_each(|length| length.fmt(f))?;
        f.write_str(if self.reserved { " --rt-0-res" } else { "" })?;
        if !self.addresses.is_empty() {
            write!(f, " --rt-0-addrs {}", self.list())?;
        }
        f.write_str(if self.scattered { " --rt-0-not-strict" } else { "" })
    }
}
