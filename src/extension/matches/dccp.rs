//! `-m dccp`: ports, types and options of DCCP (`net/netfilter/xt_dccp.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ports::{DPORT, DPT, DPTS, Ports, SPORT, SPT, SPTS};
use crate::extension::{Asks, Extension, Listed, Matches, opens};
use crate::logic::{Fact, Outcome, Presumed};
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

const REQUEST: u8 = 0;
const INVALID: u8 = 10;
/// A type has four bits.
const MOST: u8 = 15;

impl<'t> Extension<'t> for Dccp {
    const NAME: &'static str = "dccp";
    const OPTIONS: &'static [Opt] = &[SPORT, DPORT, opt("--dccp-types", 1), opt("--dccp-option", 1)];
    const LISTED: &'static [Listed] = &[opens("dccp", "", 0), DPTS, DPT, SPTS, SPT];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let option = |arg: &Arg<'_>| Ok((arg.not, arg.number_in(1..=u8::MAX, "a number from 1 to 255")?));
        Ok(Self {
            ports: Ports::once(&args)?,
            types: args.one_of(&["--dccp-types"])?.map(|arg| Ok((arg.not, types(arg)?))).transpose()?,
            option: args.one_of(&["--dccp-option"])?.map(option).transpose()?,
        })
    }
}

fn types(arg: &Arg<'_>) -> Result<Vec<u8>, Diagnostic> {
    let named = |text: &str| (0..).zip(TYPES).find(|(_, name)| name.eq_ignore_ascii_case(text)).map(|(kind, _)| kind);
    let mut types = arg.list("types such as REQUEST,RESPONSE", named)?;
    types.sort_unstable();
    types.dedup();
    Ok(types)
}

fn name(kind: u8) -> &'static str {
    TYPES.get(usize::from(kind)).copied().unwrap_or("INVALID")
}

/// A connection starts with a request.
fn is_of(cx: &Context<'_>, kind: u8) -> Outcome {
    let name = name(kind);
    let starts = kind == REQUEST && cx.packet.connection.is_none();
    match cx.is_number("dccp-type", kind, if kind == INVALID { MOST } else { kind }) {
        Outcome::Depends(fact) => Fact { default: Some(Presumed::usually(starts)), ..*fact }
            .called(
                &format!("dccp-type:{name}"),
                format!("the packet is a DCCP {name}"),
                format!("the packet is not a DCCP {name}"),
            )
            .into(),
        outcome => outcome,
    }
}

fn has_option(cx: &Context<'_>, option: u8) -> Outcome {
    cx.ask(
        &format!("dccp-option:{option}"),
        None,
        format!("the packet has DCCP option {option}"),
        format!("the packet does not have DCCP option {option}"),
    )
}

impl Matches for Dccp {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let types = self.types.as_ref().map_or(Outcome::Always, |(not, types)| {
            types.iter().map(|kind| is_of(cx, *kind)).fold(Outcome::Never, Outcome::or).negated(*not)
        });
        let option = self.option.map_or(Outcome::Always, |(not, option)| has_option(cx, option).negated(not));
        cx.is_protocol(Protocol::DCCP).and(self.ports.matches(cx)).and(types).and(option)
    }

    fn asks(&self) -> Option<Asks> {
        let more = self.types.is_some() || self.option.is_some();
        Some(self.ports.ask(Asks::over(&[Protocol::DCCP])).with_more(more))
    }
}

impl fmt::Display for Dccp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ports.write_every(f)?;
        if let Some((inverted, types)) = &self.types {
            let names = types.iter().map(|kind| name(*kind));
            write!(f, "{} --dccp-types {}", not(*inverted), names.collect::<Vec<_>>().join(","))?;
        }
        match self.option {
            Some((inverted, option)) => write!(f, "{} --dccp-option {option}", not(inverted)),
            None => Ok(()),
        }
    }
}
