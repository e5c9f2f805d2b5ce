//! `-m policy`: was or will the packet be handled by IPsec (`net/netfilter/xt_policy.c`)?

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, Net, Protocol};

/// `-m policy --dir in|out --pol none|ipsec [--strict] ELEMENT [--next ELEMENT]...`
#[derive(Debug, Clone)]
pub struct Policy {
    direction: &'static str,
    none: bool,
    strict: bool,
    /// At most four.
    elements: Vec<Vec<Test>>,
}

/// One option of an element.
#[derive(Debug, Clone)]
struct Test {
    not: bool,
    option: &'static str,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    RequestId(u32),
    /// Security parameters index.
    Spi(u32),
    Protocol(Protocol),
    Mode(&'static str),
    Tunnel(Net),
}

/// The options of an element, in the order in which iptables prints them.
const ELEMENT: [&str; 6] = ["--reqid", "--spi", "--proto", "--mode", "--tunnel-dst", "--tunnel-src"];
const MOST: usize = 4;

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

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let dir = args.get("--dir").ok_or_else(|| args.missing("--dir"))?;
        let direction = ["in", "out"].into_iter().find(|name| *name == dir.text(0));
        let pol = args.get("--pol");
        let none = match pol.map(|arg| arg.text(0)).as_deref() {
            Some("none") => true,
            Some("ipsec") | None => false,
            Some(_) => return Err(pol.unwrap_or(dir).bad("`none` or `ipsec`")),
        };
        let policy = Self {
            direction: direction.ok_or_else(|| dir.bad("`in` or `out`"))?,
            none,
            strict: args.has("--strict"),
            elements: elements(&args)?,
        };
        match args.get("--strict").filter(|_| none) {
            Some(strict) => Err(strict.bad("`--pol ipsec` before it")),
            None => Ok(policy),
        }
    }
}

fn elements(args: &Args<'_>) -> Result<Vec<Vec<Test>>, Diagnostic> {
    let mut elements = Vec::new();
    for options in args.list.split(|arg| arg.option == "--next") {
        let mut element = Vec::new();
        for name in ELEMENT {
            element.extend(options.iter().find(|arg| arg.option == name).map(Test::read).transpose()?);
        }
        elements.push(element);
    }
    match args.get("--next").filter(|_| elements.len() > MOST) {
        Some(next) => Err(next.bad("at most four elements")),
        None => Ok(elements),
    }
}

impl Test {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let value = match arg.option {
            "--reqid" => Value::RequestId(arg.number("a number")?),
            "--spi" => Value::Spi(arg.number("a number")?),
            "--proto" => Value::Protocol(arg.value("a protocol such as esp")?),
            "--mode" => {
                let mode = ["transport", "tunnel"].into_iter().find(|mode| *mode == arg.text(0));
                Value::Mode(mode.ok_or_else(|| arg.bad("`transport` or `tunnel`"))?)
            }
            _ => Value::Tunnel(arg.value("an address")?),
        };
        Ok(Self { not: arg.not, option: arg.option, value })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ", not(self.not), self.option)?;
        match &self.value {
            Value::RequestId(id) => write!(f, "{id}"),
            Value::Spi(spi) => write!(f, "{spi:#x}"),
            Value::Protocol(protocol) => write!(f, "{protocol}"),
            Value::Mode(mode) => f.write_str(mode),
            Value::Tunnel(net) => match net.only() {
                Some(address) => write!(f, "{address}"),
                None => write!(f, "{net}"),
            },
        }
    }
}

impl Matches for Policy {
    /// The default is a packet without IPsec.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        cx.ask(
            &format!("policy{self}"),
            Some(Presumed::usually(self.none)),
            format!("the packet fits the IPsec policy{self}"),
            format!("the packet does not fit the IPsec policy{self}"),
        )
    }
}

impl fmt::Display for Policy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --dir {} --pol {}", self.direction, if self.none { "none" } else { "ipsec" })?;
        f.write_str(if self.strict { " --strict" } else { "" })?;
        for (index, element) in self.elements.iter().enumerate() {
            f.write_str(if index > 0 { " --next" } else { "" })?;
            element.iter().try_for_each(|test| test.fmt(f))?;
        }
        Ok(())
    }
}
