//! `-j DSCP`: sets the code point of differentiated services, the upper six bits of the type of service
//! (`net/netfilter/xt_DSCP.c`; mangle).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::tos::Tos;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j DSCP --set-dscp N | --set-dscp-class NAME`
#[derive(Debug, Clone)]
pub struct Dscp {
    /// From 0 to 63.
    point: u8,
}

/// Names of code points; saves have numbers.
const CLASSES: [(&str, u8); 22] = [
    ("CS0", 0x00),
    ("CS1", 0x08),
    ("CS2", 0x10),
    ("CS3", 0x18),
    ("CS4", 0x20),
    ("CS5", 0x28),
    ("CS6", 0x30),
    ("CS7", 0x38),
    ("BE", 0x00),
    ("AF11", 0x0a),
    ("AF12", 0x0c),
    ("AF13", 0x0e),
    ("AF21", 0x12),
    ("AF22", 0x14),
    ("AF23", 0x16),
    ("AF31", 0x1a),
    ("AF32", 0x1c),
    ("AF33", 0x1e),
    ("AF41", 0x22),
    ("AF42", 0x24),
    ("AF43", 0x26),
    ("EF", 0x2e),
];

impl<'t> Extension<'t> for Dscp {
    const NAME: &'static str = "DSCP";
    const OPTIONS: &'static [Opt] = &[opt("--set-dscp", 1), opt("--set-dscp-class", 1)];
    const LISTED: &'static [Listed] = &[goes_on("DSCP set", "--set-dscp", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--set-dscp", "--set-dscp-class"])?.ok_or_else(|| args.missing("--set-dscp"))?;
        Ok(Self { point: point(arg)? })
    }
}

fn point(arg: &Arg<'_>) -> Result<u8, Diagnostic> {
    if arg.option == "--set-dscp" {
        return arg.number_in(0..=63, "a code point from 0 to 63");
    }
    let text = arg.text(0);
    let class = CLASSES.iter().find(|(name, _)| name.eq_ignore_ascii_case(&text));
    class.map(|(_, point)| *point).ok_or_else(|| arg.bad("a class such as EF, AF11 or CS1"))
}

impl Acts for Dscp {
    /// The bits of ECN stay.
    fn act(&self, cx: &Context<'_>) -> Effect {
        Tos { value: self.point << 2, mask: 0xfc }.set(cx)
    }
}

impl fmt::Display for Dscp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --set-dscp 0x{:02x}", self.point)
    }
}
