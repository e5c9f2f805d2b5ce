//! The type of service in a rule, shared by the match and the targets that change it.

use std::fmt;
use std::str::FromStr;

use crate::logic::Field;
use crate::packet::{Context, Packet, Value, number};

use super::Effect;

/// `value/mask`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tos {
    pub(super) value: u8,
    pub(super) mask: u8,
}

/// Names that are read in place of a value; they leave the bits of ECN and the precedence alone.
const NAMES: [(&str, u8); 5] = [
    ("Minimize-Delay", 0x10),
    ("Maximize-Throughput", 0x08),
    ("Maximize-Reliability", 0x04),
    ("Minimize-Cost", 0x02),
    ("Normal-Service", 0x00),
];
/// The mask that a name means.
const NAMED: u8 = 0x3f;

impl Tos {
    /// Does a packet's fit?
    pub(super) const fn fits(self, tos: u8) -> bool {
        tos & self.mask == self.value
    }

    /// Clears the masked bits and flips the value in. Of a type of service that is not known, nor taken for the usual one,
    /// what is left makes another that is not known.
    pub(super) fn set(self, cx: &Context<'_>) -> Effect {
        let now = if self.mask == u8::MAX { Ok(Some(0)) } else { cx.reckoned(&cx.packet.tos) };
        let tos = match now {
            Ok(Some(tos)) => Value::Known((tos & !self.mask) ^ self.value),
            Ok(None) => Value::left(Field::Tos, cx.line),
            Err(fact) => return Effect::Depends(fact),
        };
        Effect::Change(Box::new(Packet { tos, ..cx.packet.clone() }))
    }
}

impl FromStr for Tos {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if let Some((_, value)) = NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)) {
            return Ok(Self { value: *value, mask: NAMED });
        }
        match text.split_once('/') {
            Some((value, mask)) => Ok(Self { value: byte(value)?, mask: byte(mask)? }),
            None => Ok(Self { value: byte(text)?, mask: u8::MAX }),
        }
    }
}

fn byte(text: &str) -> Result<u8, ()> {
    number(text).ok_or(())
}

impl fmt::Display for Tos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:02x}/0x{:02x}", self.value, self.mask)
    }
}
