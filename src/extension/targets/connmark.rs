//! `-j CONNMARK`: carries marks between packet and connection (`connmark_tg_shift` in `net/netfilter/xt_connmark.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Conntrack, Context, Masked, Value};

use super::mark::{as_xmark, marked};

/// `-j CONNMARK`
#[derive(Debug, Clone)]
pub struct ConnMark {
    what: What,
    shift: Shift,
}

#[derive(Debug, Clone)]
enum What {
    /// `--set-xmark VALUE/MASK`: connection = shifted((connection & !MASK) ^ VALUE)
    Set(Masked),
    /// `--save-mark`: connection = (connection & !ctmask) ^ shifted(packet & nfmask)
    Save { nfmask: u32, ctmask: u32 },
    /// `--restore-mark`: packet = (packet & !nfmask) ^ shifted(connection & ctmask)
    Restore { nfmask: u32, ctmask: u32 },
}

/// By so many bits.
#[derive(Debug, Clone, Copy)]
enum Shift {
    Left(u32),
    Right(u32),
}

/// The options of which there is just one.
const WHAT: [&str; 7] =
    ["--set-xmark", "--set-mark", "--and-mark", "--or-mark", "--xor-mark", "--save-mark", "--restore-mark"];

impl<'t> Extension<'t> for ConnMark {
    const NAME: &'static str = "CONNMARK";
    const OPTIONS: &'static [Opt] = &[
        opt("--set-xmark", 1),
        opt("--set-mark", 1),
        opt("--and-mark", 1),
        opt("--or-mark", 1),
        opt("--xor-mark", 1),
        opt("--save-mark", 0),
        opt("--restore-mark", 0),
        opt("--nfmask", 1),
        opt("--ctmask", 1),
        opt("--mask", 1),
        opt("--left-shift-mark", 1),
        opt("--right-shift-mark", 1),
    ];
    const LISTED: &'static [Listed] = &[
        goes_on("CONNMARK and", "--and-mark", 1),
        goes_on("CONNMARK or", "--or-mark", 1),
        goes_on("CONNMARK xor", "--xor-mark", 1),
        goes_on("CONNMARK set", "--set-xmark", 1),
        goes_on("CONNMARK xset", "--set-xmark", 1),
        goes_on("CONNMARK save", "--save-mark", 0),
        goes_on("CONNMARK restore", "--restore-mark", 0),
        goes_on("mask", "--mask", 1),
        goes_on("left-shift-mark", "--left-shift-mark", 1),
        goes_on("right-shift-mark", "--right-shift-mark", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&WHAT)?.ok_or_else(|| args.missing("--set-xmark"))?;
        args.one_of(&["--mask", "--nfmask"])?;
        args.one_of(&["--mask", "--ctmask"])?;
        let mask = |option| {
            let arg = args.get(option).or(args.get("--mask"));
            arg.map_or(Ok(u32::MAX), |arg| arg.number("a number of 32 bits"))
        };
        let what = match arg.option {
            "--save-mark" => What::Save { nfmask: mask("--nfmask")?, ctmask: mask("--ctmask")? },
            "--restore-mark" => What::Restore { nfmask: mask("--nfmask")?, ctmask: mask("--ctmask")? },
            _ => {
                let set = as_xmark(arg)?;
                What::Set(if args.has("--mask") { Masked { mask: mask("--mask")?, ..set } } else { set })
            }
        };
        Ok(Self { what, shift: Shift::read(&args)? })
    }
}

impl Shift {
    /// The one that is named last.
    fn read(args: &Args<'_>) -> Result<Self, Diagnostic> {
        let Some(arg) = args.list.iter().rev().find(|arg| arg.option.ends_with("-shift-mark")) else {
            return Ok(Self::Left(0));
        };
        let bits = arg.number_in(0..=31, "a number of bits from 0 to 31")?;
        Ok(if arg.option == "--left-shift-mark" { Self::Left(bits) } else { Self::Right(bits) })
    }

    const fn of(self, mark: u32) -> u32 {
        match self {
            Self::Left(bits) => mark << bits,
            Self::Right(bits) => mark >> bits,
        }
    }

    const fn is_none(self) -> bool {
        matches!(self, Self::Left(0) | Self::Right(0))
    }
}

impl Acts for ConnMark {
    /// Does nothing without an entry.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let Conntrack::Entry { .. } = cx.packet.conntrack else { return Effect::Continue };
        let mut packet = cx.packet.clone();
        match self.what {
            What::Set(set) => {
                packet.connmark = match marked(&packet.connmark, set, Field::ConnMark, cx.line) {
                    Value::Known(mark) => Value::Known(self.shift.of(mark)),
                    unknown if self.shift.is_none() => unknown,
                    Value::Unknown(_) => Value::left(Field::ConnMark, cx.line),
                }
            }
            What::Save { nfmask, ctmask } => {
                packet.connmark =
                    self.moved((&packet.mark, nfmask), (&packet.connmark, ctmask), Field::ConnMark, cx.line);
            }
            What::Restore { nfmask, ctmask } => {
                packet.mark = self.moved((&packet.connmark, ctmask), (&packet.mark, nfmask), Field::Mark, cx.line);
            }
        }
        Effect::Change(Box::new(packet))
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl ConnMark {
    /// The bits of the packet's mark that it takes from the connection's, if it takes any.
    pub const fn restores(&self) -> Option<u32> {
        match self.what {
            What::Restore { nfmask, .. } => Some(nfmask),
            What::Set(_) | What::Save { .. } => None,
        }
    }

    /// (`to` & !`to_mask`) ^ shifted(`from` & `from_mask`), which `field` becomes in this `line`.
    fn moved(
        &self,
        (from, from_mask): (&Value<u32>, u32),
        (to, to_mask): (&Value<u32>, u32),
        field: Field,
        line: u32,
    ) -> Value<u32> {
        match from {
            Value::Known(from) => {
                marked(to, Masked { value: self.shift.of(from & from_mask), mask: to_mask }, field, line)
            }
            Value::Unknown(_) if from_mask == 0 => marked(to, Masked { value: 0, mask: to_mask }, field, line),
            whole if (from_mask, to_mask) == (u32::MAX, u32::MAX) && self.shift.is_none() => whole.clone(),
            Value::Unknown(_) => Value::left(field, line),
        }
    }
}

impl fmt::Display for ConnMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.what {
            What::Set(set) => write!(f, " --set-xmark {:#x}/{:#x}", set.value, set.mask)?,
            What::Save { nfmask, ctmask } => write!(f, " --save-mark --nfmask {nfmask:#x} --ctmask {ctmask:#x}")?,
            What::Restore { nfmask, ctmask } => write!(f, " --restore-mark --nfmask {nfmask:#x} --ctmask {ctmask:#x}")?,
        }
        match self.shift {
            Shift::Left(0) | Shift::Right(0) => Ok(()),
            Shift::Left(bits) => write!(f, " --left-shift-mark {bits}"),
            Shift::Right(bits) => write!(f, " --right-shift-mark {bits}"),
        }
    }
}
