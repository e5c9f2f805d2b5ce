//! `-j TOS`: changes bits of the type of service, or traffic class (`tos_tg` in `net/netfilter/xt_DSCP.c`; mangle).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::tos::Tos;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::Context;

/// `-j TOS --set-tos VALUE/MASK`; the other spellings are kept as this one.
#[derive(Debug, Clone)]
pub struct SetTos {
    /// Clear the masked bits, then flip the value in.
    set: Tos,
}

impl<'t> Extension<'t> for SetTos {
    const NAME: &'static str = "TOS";
    const OPTIONS: &'static [Opt] =
        &[opt("--set-tos", 1), opt("--and-tos", 1), opt("--or-tos", 1), opt("--xor-tos", 1)];
    const LISTED: &'static [Listed] = &[goes_on("TOS set", "--set-tos", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let any = ["--set-tos", "--and-tos", "--or-tos", "--xor-tos"];
        let arg = args.one_of(&any)?.ok_or_else(|| args.missing("--set-tos"))?;
        let byte = || arg.number::<u8>("a number from 0 to 255");
        let set = match arg.option {
            "--and-tos" => Tos { value: 0, mask: !byte()? },
            "--or-tos" => Tos { value: byte()?, mask: byte()? },
            "--xor-tos" => Tos { value: byte()?, mask: 0 },
            _ => arg.value("a value, value/mask or name")?,
        };
        Ok(Self { set })
    }
}

impl Acts for SetTos {
    fn act(&self, cx: &Context<'_>) -> Effect {
        self.set.set(cx)
    }
}

impl fmt::Display for SetTos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --set-tos {}", self.set)
    }
}
