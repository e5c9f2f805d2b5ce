//! `-m ipvs`: is the packet part of a connection of IPVS (`net/netfilter/xt_ipvs.c`)?

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::port;
use crate::extension::prefix::Prefix;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::{Outcome, Presumed};
use crate::number::Protocol;
use crate::packet::Context;

/// `-m ipvs [!] --ipvs`, or something about the connection; a `!` goes with each.
#[derive(Debug, Clone, Default)]
pub struct Ipvs {
    /// `! --ipvs`, which stands alone.
    not: bool,
    protocol: Option<(bool, Protocol)>,
    address: Option<(bool, Prefix)>,
    port: Option<(bool, u16)>,
    direction: Option<(bool, &'static str)>,
    method: Option<(bool, &'static str)>,
    /// Port of the connection that announced it.
    control: Option<(bool, u16)>,
}

const DIRECTIONS: [&str; 2] = ["ORIGINAL", "REPLY"];
const METHODS: [&str; 3] = ["GATE", "IPIP", "MASQ"];

impl<'t> Extension<'t> for Ipvs {
    const NAME: &'static str = "ipvs";
    const OPTIONS: &'static [Opt] = &[
        opt("--ipvs", 0),
        opt("--vproto", 1),
        opt("--vaddr", 1),
        opt("--vport", 1),
        opt("--vdir", 1),
        opt("--vmethod", 1),
        opt("--vportctl", 1),
    ];
    const LISTED: &'static [Listed] = &[
        opens("ipvs", "--ipvs", 0),
        opens("vproto", "--vproto", 1),
        opens("vaddr", "--vaddr", 1),
        opens("vport", "--vport", 1),
        opens("vdir", "--vdir", 1),
        opens("vmethod", "--vmethod", 1),
        opens("vportctl", "--vportctl", 1),
        goes_on("vaddr", "--vaddr", 1),
        goes_on("vport", "--vport", 1),
        goes_on("vdir", "--vdir", 1),
        goes_on("vmethod", "--vmethod", 1),
        goes_on("vportctl", "--vportctl", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--ipvs")?;
        let mut ipvs = Self::default();
        for arg in &args.list {
            let not = arg.not;
            match arg.option {
                "--ipvs" => ipvs.not = not,
                "--vproto" => ipvs.protocol = Some((not, arg.value("a protocol")?)),
                "--vaddr" => ipvs.address = Some((not, Prefix::read(arg, args.family)?)),
                "--vport" => ipvs.port = Some((not, read_port(arg)?)),
                "--vdir" if not => return Err(arg.bad("no `!` before it")),
                "--vdir" => ipvs.direction = Some((not, one_of(arg, &DIRECTIONS, "`ORIGINAL` or `REPLY`")?)),
                "--vmethod" => ipvs.method = Some((not, one_of(arg, &METHODS, "`GATE`, `IPIP` or `MASQ`")?)),
                _ => ipvs.control = Some((not, read_port(arg)?)),
            }
        }
        match args.get("--ipvs").zip(args.list.iter().find(|arg| arg.option != "--ipvs")) {
            Some((alone, other)) if alone.not => Err(alone.clash(other)),
            _ => Ok(ipvs),
        }
    }
}

fn read_port(arg: &Arg<'_>) -> Result<u16, Diagnostic> {
    port(&arg.text(0)).ok_or_else(|| arg.bad("a port"))
}

fn one_of(arg: &Arg<'_>, names: &[&'static str], what: &str) -> Result<&'static str, Diagnostic> {
    names.iter().find(|name| name.eq_ignore_ascii_case(&arg.text(0))).copied().ok_or_else(|| arg.bad(what))
}

impl Ipvs {
    /// What is asked for of the connection, as it is printed; empty if nothing is.
    fn details(&self) -> String {
        let said = [
            ("vproto", self.protocol.map(|(not, protocol)| (not, protocol.0.to_string()))),
            ("vaddr", self.address.map(|(not, address)| (not, address.to_string()))),
            ("vport", self.port.map(|(not, port)| (not, port.to_string()))),
            ("vdir", self.direction.map(|(not, direction)| (not, direction.to_owned()))),
            ("vmethod", self.method.map(|(not, method)| (not, method.to_owned()))),
            ("vportctl", self.control.map(|(not, port)| (not, port.to_string()))),
        ];
        let print = |(option, said): (&str, Option<(bool, String)>)| {
            said.map(|(inverted, value)| format!("{} --{option} {value}", not(inverted)))
        };
        said.into_iter().filter_map(print).collect()
    }
}

impl Matches for Ipvs {
    /// Without IPVS nothing else fits, also when inverted.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let there = cx.ask(
            "ipvs",
            Some(Presumed::usually(false)),
            "IPVS has handled the packet".into(),
            "IPVS has not handled the packet".into(),
        );
        let details = self.details();
        if details.is_empty() {
            return there.negated(self.not);
        }
        there.and(cx.ask(
            &format!("ipvs{}", details.replace(" ! --", ":!").replace(" --", ":").replace(' ', "=")),
            None,
            format!("its connection in IPVS fits `{}`", details.trim_start()),
            format!("its connection in IPVS does not fit `{}`", details.trim_start()),
        ))
    }
}

impl fmt::Display for Ipvs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = self.details();
        if details.is_empty() { write!(f, "{} --ipvs", not(self.not)) } else { f.write_str(&details) }
    }
}
