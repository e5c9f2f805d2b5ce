//! `-j CONNMARK`: carries marks between packet and connection (`connmark_tg` in `net/netfilter/xt_connmark.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension};
use crate::packet::{Conntrack, Context, Masked, Value};

use super::mark::{as_xmark, marked};

/// `-j CONNMARK`
#[derive(Debug, Clone)]
pub enum ConnMark {
    /// `--set-xmark VALUE/MASK`
    Set(Masked),
    /// `--save-mark`: connection = (connection & !ctmask) ^ (packet & nfmask)
    Save {
        /// Bits of the packet's mark.
        nfmask: u32,
        /// Bits of the connection's mark.
        ctmask: u32,
    },
    /// `--restore-mark`: packet = (packet & !nfmask) ^ (connection & ctmask)
    Restore {
        /// Bits of the packet's mark.
        nfmask: u32,
        /// Bits of the connection's mark.
        ctmask: u32,
    },
}

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
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let mask = |option| match args.get(option).or(args.get("--mask")) {
            Some(arg) => arg.value::<Masked>("a mask").map(|mask| mask.value),
            None => Ok(u32::MAX),
        };
        if args.has("--save-mark") {
            return Ok(Self::Save { nfmask: mask("--nfmask")?, ctmask: mask("--ctmask")? });
        }
        if args.has("--restore-mark") {
            return Ok(Self::Restore { nfmask: mask("--nfmask")?, ctmask: mask("--ctmask")? });
        }
        let arg = args.list.first().ok_or_else(|| args.missing("--set-xmark"))?;
        Ok(Self::Set(as_xmark(arg)?))
    }
}

impl Acts for ConnMark {
    /// Does nothing without an entry.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let Conntrack::Entry { .. } = cx.packet.conntrack else { return Effect::Continue };
        let mut packet = cx.packet.clone();
        match *self {
            Self::Set(set) => packet.connmark = marked(&packet.connmark, set),
            Self::Save { nfmask, ctmask } => packet.connmark = moved(&packet.mark, nfmask, &packet.connmark, ctmask),
            Self::Restore { nfmask, ctmask } => packet.mark = moved(&packet.connmark, ctmask, &packet.mark, nfmask),
        }
        Effect::Change(Box::new(packet))
    }

    fn tracks(&self) -> bool {
        true
    }
}

/// (`to` & !`to_mask`) ^ (`from` & `from_mask`)
fn moved(from: &Value<u32>, from_mask: u32, to: &Value<u32>, to_mask: u32) -> Value<u32> {
    match (from, to) {
        (Value::Known(from), to) => marked(to, Masked { value: from & from_mask, mask: to_mask }),
        (unknown, _) => unknown.clone(),
    }
}

impl fmt::Display for ConnMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set(set) => write!(f, " --set-xmark {:#x}/{:#x}", set.value, set.mask),
            Self::Save { nfmask, ctmask } => write!(f, " --save-mark --nfmask {nfmask:#x} --ctmask {ctmask:#x}"),
            Self::Restore { nfmask, ctmask } => write!(f, " --restore-mark --nfmask {nfmask:#x} --ctmask {ctmask:#x}"),
        }
    }
}
