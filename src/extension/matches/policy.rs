//! `-m policy`: was or will the packet be handled by IPsec (`net/netfilter/xt_policy.c`)?

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::prefix::Prefix;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::number::Protocol;
use crate::packet::Context;
use crate::save::Family;

/// `-m policy --dir in|out --pol none|ipsec ...`
#[derive(Debug, Clone)]
pub struct Policy {
    /// `in` or `out`.
    dir: &'static str,
    wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Wanted {
    /// No IPsec.
    None,
    /// One of the transformations is like this.
    One(Element),
    /// The transformations are these, in this order.
    Strict(Vec<Element>),
}

/// What a transformation is like; a `!` goes with each.
#[derive(Debug, Clone, Default)]
struct Element {
    reqid: Option<(bool, u32)>,
    spi: Option<(bool, u32)>,
    protocol: Option<(bool, Protocol)>,
    mode: Option<(bool, &'static str)>,
    tunnel_dst: Option<(bool, Prefix)>,
    tunnel_src: Option<(bool, Prefix)>,
}

/// `XT_POLICY_MAX_ELEM`
const MOST: usize = 4;

const PROTOCOLS: [Protocol; 3] = [Protocol(50), Protocol(51), Protocol(108)];

impl<'t> Extension<'t> for Policy {
    const NAME: &'static str = "policy";
    const OPTIONS: &'static [Opt] = &[
        opt("--dir", 1),
        opt("--pol", 1),
        opt("--strict", 0),
        opt("--reqid", 1),
        opt("--spi", 1),
        opt("--proto", 1),
        opt("--mode", 1),
        opt("--tunnel-src", 1),
        opt("--tunnel-dst", 1),
        opt("--next", 0),
    ];
    const LISTED: &'static [Listed] = &[
        opens("policy match dir", "--dir", 1),
        goes_on("pol", "--pol", 1),
        goes_on("strict", "--strict", 0),
        goes_on("[0]", "", 0),
        goes_on("[1]", "--next", 0),
        goes_on("[2]", "--next", 0),
        goes_on("[3]", "--next", 0),
        goes_on("reqid", "--reqid", 1),
        goes_on("spi", "--spi", 1),
        goes_on("proto", "--proto", 1),
        goes_on("mode", "--mode", 1),
        goes_on("tunnel-dst", "--tunnel-dst", 1),
        goes_on("tunnel-src", "--tunnel-src", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let dir = args.one_of(&["--dir"])?.ok_or_else(|| args.missing("--dir"))?;
        let none = match args.one_of(&["--pol"])? {
            Some(pol) => one_of(pol, ["none", "ipsec"], "`none` or `ipsec`")? == "none",
            None => false,
        };
        let dir = one_of(dir, ["in", "out"], "`in` or `out`")?;
        let elements = elements(&args)?;
        let wanted = match (none, args.get("--strict")) {
            (true, Some(strict)) => return Err(strict.bad("`--pol ipsec` beside it")),
            (true, None) => Wanted::None,
            (false, Some(strict)) if elements.iter().any(Element::is_empty) => {
                return Err(strict.bad("something to say of every transformation"));
            }
            (false, Some(_)) => Wanted::Strict(elements),
            (false, None) => Wanted::One(elements.into_iter().next().unwrap_or_default()),
        };
        Ok(Self { dir, wanted })
    }
}

fn one_of(arg: &Arg<'_>, names: [&'static str; 2], what: &str) -> Result<&'static str, Diagnostic> {
    names.into_iter().find(|name| *name == arg.text(0)).ok_or_else(|| arg.bad(what))
}

/// What is said of each transformation, split at `--next`.
fn elements(args: &Args<'_>) -> Result<Vec<Element>, Diagnostic> {
    let mut elements = Vec::new();
    let mut element = Element::default();
    for arg in &args.list {
        if arg.option == "--next" {
            if !args.has("--strict") {
                return Err(args.missing("--strict"));
            }
            elements.push(element.whole(arg)?);
            element = Element::default();
        } else {
            element.read(arg, args.family)?;
        }
        if elements.len() == MOST {
            return Err(arg.bad("at most four transformations"));
        }
    }
    if let Some(last) = args.list.last() {
        elements.push(element.whole(last)?);
    }
    Ok(elements)
}

impl Element {
    fn read(&mut self, arg: &Arg<'_>, family: Family) -> Result<(), Diagnostic> {
        match arg.option {
            "--reqid" => once(&mut self.reqid, arg, arg.number("a number")?),
            "--spi" => once(&mut self.spi, arg, arg.number("a number")?),
            "--proto" => {
                let protocol = arg.text(0).parse().ok().filter(|protocol| PROTOCOLS.contains(protocol));
                once(&mut self.protocol, arg, protocol.ok_or_else(|| arg.bad("`esp`, `ah` or `ipcomp`"))?)
            }
            "--mode" => {
                let mode = one_of(arg, ["transport", "tunnel"], "`transport` or `tunnel`")?;
                once(&mut self.mode, arg, mode)
            }
            "--tunnel-src" => once(&mut self.tunnel_src, arg, Prefix::read(arg, family)?),
            "--tunnel-dst" => once(&mut self.tunnel_dst, arg, Prefix::read(arg, family)?),
            _ => Ok(()),
        }
    }

    /// Itself, if a tunnel with ends is one; `last` is where it ends in the rule.
    fn whole(self, last: &Arg<'_>) -> Result<Self, Diagnostic> {
        let ends = self.tunnel_src.is_some() || self.tunnel_dst.is_some();
        if ends && self.mode != Some((false, "tunnel")) {
            return Err(last.bad("`--mode tunnel` with the ends of a tunnel"));
        }
        Ok(self)
    }

    const fn is_empty(&self) -> bool {
        self.reqid.is_none() && self.spi.is_none() && self.protocol.is_none() && self.mode.is_none()
    }
}

/// Nothing is said twice of one transformation.
fn once<T>(place: &mut Option<(bool, T)>, arg: &Arg<'_>, value: T) -> Result<(), Diagnostic> {
    match place.replace((arg.not, value)) {
        None => Ok(()),
        Some(_) => Err(arg.bad("it once, or `--next` before it")),
    }
}

impl Policy {
    /// What is asked for besides IPsec, as it is printed; empty if nothing is.
    fn details(&self) -> String {
        match &self.wanted {
            Wanted::None => String::new(),
            Wanted::One(element) => element.to_string(),
            Wanted::Strict(elements) => {
                let elements = elements.iter().map(ToString::to_string).collect::<Vec<_>>();
                format!(" --strict{}", elements.join(" --next"))
            }
        }
    }
}

impl Matches for Policy {
    /// The default is a packet without IPsec.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let dir = self.dir;
        let (yes, no) = match dir {
            "in" => ("the packet came by IPsec", "the packet did not come by IPsec"),
            _ => ("the packet leaves by IPsec", "the packet does not leave by IPsec"),
        };
        let ipsec = cx.ask(&format!("policy:{dir}"), Some(Presumed::usually(false)), yes.into(), no.into());
        let details = self.details();
        match &self.wanted {
            Wanted::None => !ipsec,
            _ if details.is_empty() => ipsec,
            _ => ipsec.and(cx.ask(
                &format!("policy:{dir}{}", details.replace(" ! --", ":!").replace(" --", ":").replace(' ', "=")),
                None,
                format!("its IPsec fits `{}`", details.trim_start()),
                format!("its IPsec does not fit `{}`", details.trim_start()),
            )),
        }
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pol = if matches!(self.wanted, Wanted::None) { "none" } else { "ipsec" };
        write!(f, " --dir {} --pol {pol}{}", self.dir, self.details())
    }
}

impl fmt::Display for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = [
            ("reqid", self.reqid.map(|(not, reqid)| (not, reqid.to_string()))),
            ("spi", self.spi.map(|(not, spi)| (not, format!("{spi:#x}")))),
            ("proto", self.protocol.map(|(not, protocol)| (not, protocol.to_string()))),
            ("mode", self.mode.map(|(not, mode)| (not, mode.to_owned()))),
            ("tunnel-dst", self.tunnel_dst.map(|(not, net)| (not, net.to_string()))),
            ("tunnel-src", self.tunnel_src.map(|(not, net)| (not, net.to_string()))),
        ];
        said.iter()
            .filter_map(|(option, said)| Some((option, said.as_ref()?)))
            .try_for_each(|(option, (inverted, value))| write!(f, "{} --{option} {value}", not(*inverted)))
    }
}
