//! `-j MARK`: sets the firewall mark (`mark_tg` in `net/netfilter/xt_mark.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Context, Masked, Packet, Value};

/// `-j MARK --set-xmark VALUE/MASK`; the other spellings are kept as this one.
#[derive(Debug, Clone)]
pub struct Mark {
    /// Clear the masked bits, then flip the value in.
    pub set: Masked,
}

/// The options that set a mark, each as `--set-xmark`.
pub(super) const SET_MARK: [Opt; 5] =
    [opt("--set-xmark", 1), opt("--set-mark", 1), opt("--and-mark", 1), opt("--or-mark", 1), opt("--xor-mark", 1)];

/// What `--set-xmark` would say for `arg`.
pub(super) fn as_xmark(arg: &Arg<'_>) -> Result<Masked, Diagnostic> {
    let bits = || arg.number("a number of 32 bits");
    Ok(match arg.option {
        "--and-mark" => Masked { value: 0, mask: !bits()? },
        "--or-mark" => Masked { value: bits()?, mask: bits()? },
        "--xor-mark" => Masked { value: bits()?, mask: 0 },
        option => {
            let mark: Masked = arg.value("a mark, value or value/mask")?;
            if option == "--set-mark" { Masked { mask: mark.mask | mark.value, ..mark } } else { mark }
        }
    })
}

/// The mark of packet or connection, as `field` says, after `set` in this `line`. Of one that is not known, what is left
/// makes one that is not known either.
pub(super) fn marked(mark: &Value<u32>, set: Masked, field: Field, line: u32) -> Value<u32> {
    match mark {
        Value::Known(mark) => Value::Known(set.set_in(*mark)),
        Value::Unknown(_) if set.mask == u32::MAX => Value::Known(set.value),
        Value::Unknown(_) if set.mask == 0 && set.value == 0 => mark.clone(),
        Value::Unknown(_) => Value::left(field, line),
    }
}

impl<'t> Extension<'t> for Mark {
    const NAME: &'static str = "MARK";
    const OPTIONS: &'static [Opt] = &SET_MARK;
    const LISTED: &'static [Listed] = &[
        goes_on("MARK or", "--or-mark", 1),
        goes_on("MARK and", "--and-mark", 1),
        goes_on("MARK xor", "--xor-mark", 1),
        goes_on("MARK set", "--set-mark", 1),
        goes_on("MARK xset", "--set-xmark", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&SET_MARK.map(|option| option.name))?.ok_or_else(|| args.missing("--set-xmark"))?;
        Ok(Self { set: as_xmark(arg)? })
    }
}

impl Acts for Mark {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let mark = marked(&cx.packet.mark, self.set, Field::Mark, cx.line);
        Effect::Change(Box::new(Packet { mark, ..cx.packet.clone() }))
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --set-xmark {:#x}/{:#x}", self.set.value, self.set.mask)
    }
}
