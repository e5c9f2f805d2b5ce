//! `-m dccp`: ports, types and options of DCCP (`net/netfilter/xt_dccp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol};

/// `-m dccp`
#[derive(Debug, Clone)]
pub struct Dccp {
    ports: Ports,
    /// Inverted; numbers of types.
    types: Option<(bool, Vec<u8>)>,
    /// Inverted; number.
    option: Option<(bool, u8)>,
}

/// By number; the last stands for every number from 10 on.
const TYPES: [&str; 11] =
    ["REQUEST", "RESPONSE", "DATA", "ACK", "DATAACK", "CLOSEREQ", "CLOSE", "RESET", "SYNC", "SYNCACK", "INVALID"];

impl<'t> Extension<'t> for Dccp {
    const NAME: &'static str = "dccp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT, opt("--dccp-types", 1), opt("--dccp-option", 1)];
    const LISTED: &'static [Listed] = &[opens("dccp", "", 0), DPTS, DPT, SPTS, SPT];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mut dccp = Self { ports: Ports::default(), types: None, option: None };
        for arg in &args.list {
            if dccp.ports.read(arg)? {
                continue;
            }
            match arg.option {
                "--dccp-types" => dccp.types = Some((arg.not, types(arg)?)),
                _ => dccp.option = Some((arg.not, arg.value("a number from 1 to 255")?)),
            }
        }
        Ok(dccp)
    }
}

fn types(arg: &Arg<'_>) -> Result<Vec<u8>, Diagnostic> {
    let named = |text: &str| (0..).zip(TYPES).find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(kind, _)| kind);
    let mut types = arg.list("types such as REQUEST,RESPONSE", named)?;
    types.sort_unstable();
    Ok(types)
}

impl Matches for Dccp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let kind = |kind: &u8| cx.is_number("dccp-type", *kind, if *kind == 10 { 15 } else { *kind });
        let types = match &self.types {
            Some((not, types)) => types.iter().map(kind).fold(Outcome::Never, Outcome::or).negated(*not),
            None => Outcome::Always,
        };
        let option = match self.option {
            Some((not, option)) => cx
                .ask(
                    &format!("dccp-option:{option}"),
                    None,
                    format!("the packet has DCCP option {option}"),
                    format!("the packet does not have DCCP option {option}"),
                )
                .negated(not),
            None => Outcome::Always,
        };
        cx.is_protocol(Protocol::DCCP).and(self.ports.matches(cx)).and(types).and(option)
    }
}

impl fmt::Display for Dccp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.fmt(f)?;
        if let Some((inverted, types)) = &self.types {
            let names = types.iter().filter_map(|kind| TYPES.get(usize::from(*kind)).copied());
            write!(f, "{} --dccp-types {}", not(*inverted), names.collect::<Vec<_>>().join(","))?;
        }
        match self.option {
            Some((inverted, option)) => write!(f, "{} --dccp-option {option}", not(inverted)),
            None => Ok(()),
        }
    }
}
