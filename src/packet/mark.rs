//! A number and the bits of it that count, as marks are written.

use std::fmt;
use std::str::FromStr;

/// `value/mask`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Masked {
    /// The value.
    pub value: u32,
    /// The bits that count.
    pub mask: u32,
}

impl Masked {
    /// Every bit counts.
    pub const fn whole(value: u32) -> Self {
        Self { value, mask: u32::MAX }
    }

    /// Does `mark` have the value in the bits that count? A value with bits outside the mask never fits (`mark_mt`).
    pub const fn fits(self, mark: u32) -> bool {
        mark & self.mask == self.value
    }

    /// What `--set-xmark` makes of `mark`: the masked bits are cleared, then the value is flipped in (`mark_tg`).
    pub const fn set_in(self, mark: u32) -> u32 {
        (mark & !self.mask) ^ self.value
    }
}

impl FromStr for Masked {
    type Err = ();

    /// Reads `0x4000/0x4000`, `16`, `0x1`.
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once('/') {
            Some((value, mask)) => number(value).zip(number(mask)).map(|(value, mask)| Self { value, mask }).ok_or(()),
            None => number(text).map(Self::whole).ok_or(()),
        }
    }
}

/// A number as C reads it: `0x` is hexadecimal, a leading 0 is octal (`xtables_strtoui`).
pub fn number(text: &str) -> Option<u32> {
    let (digits, radix) = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) => (hex, 16),
        None if text.len() > 1 && text.starts_with('0') => (text, 8),
        None => (text, 10),
    };
    u32::from_str_radix(digits, radix).ok()
}

impl fmt::Display for Masked {
    /// As `iptables-save` prints it: the mask is left out if every bit counts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mask {
            u32::MAX => write!(f, "{:#x}", self.value),
            mask => write!(f, "{:#x}/{mask:#x}", self.value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_read_and_print() {
        for (given, saved) in [
            ("0x4000/0x4000", "0x4000/0x4000"),
            ("0x00004000/0x00004000", "0x4000/0x4000"),
            ("16", "0x10"),
            ("010", "0x8"),
            ("0", "0x0"),
            ("0x1/0xffffffff", "0x1"),
        ] {
            assert_eq!(given.parse::<Masked>().map(|mark| mark.to_string()), Ok(saved.into()));
        }
        assert_eq!("0x".parse::<Masked>(), Err(()));
        assert_eq!("0x100000000".parse::<Masked>(), Err(()));
    }

    #[test]
    fn an_empty_mask_flips() {
        let flip = Masked { value: 0x4000, mask: 0 };
        assert_eq!(flip.set_in(0x4000), 0);
        assert_eq!(flip.set_in(1), 0x4001);
        assert!(!Masked { value: 3, mask: 1 }.fits(3));
    }
}
