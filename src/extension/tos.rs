//! The type of service in a rule, shared by the match and the target.

use std::fmt;
use std::str::FromStr;

/// `value/mask`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tos {
    value: u8,
    mask: u8,
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

/// A byte as C reads it: `0x` is hexadecimal, a leading 0 octal.
fn byte(text: &str) -> Result<u8, ()> {
    let (digits, radix) = match text.strip_prefix("0x") {
        Some(hex) => (hex, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    u8::from_str_radix(digits, radix).map_err(drop)
}

impl fmt::Display for Tos {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "0x{:02x}/0x{:02x}", self.value, self.mask)
    }
}
