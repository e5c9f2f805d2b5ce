//! So many bytes in a second, as `hashlimit` takes and prints it.

use std::fmt;

/// Kept as the kernel has it: what 16 bytes cost, where a second earns [`EARNED`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ByteRate {
    cost: u64,
}

/// What a bucket earns in a second.
const EARNED: u64 = u32::MAX as u64;

/// The highest rate that iptables prints, that of a cost of 1. It takes less than it prints: neither that much nor 0.
const HIGHEST: u64 = (EARNED - 1) << 4;

const MB: u64 = 1024 * 1024;
const KB: u64 = 1024;

impl ByteRate {
    /// Reads what stands before the `b/s`, such as `512k`; `None` if it is more than is ever printed.
    pub(super) fn read(text: &str) -> Option<Self> {
        let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let bytes = text.get(..digits)?.parse::<u64>().ok()?.checked_mul(factor(text.chars().next_back()))?;
        (text == "0" || (1..=HIGHEST).contains(&bytes)).then(|| Self::of(bytes))
    }

    const fn of(bytes: u64) -> Self {
        Self { cost: EARNED / ((bytes >> 4) + 1) }
    }

    /// What its cost amounts to, which is not quite what was given.
    pub(super) const fn bytes(self) -> u64 {
        (EARNED / self.cost - 1) << 4
    }

    /// How many seconds' worth `bytes` are, rounded up; `None` if they are less than one second's.
    pub(super) fn seconds_of(self, bytes: u64) -> Option<u64> {
        let one = self.bytes();
        (one > 0 && bytes >= one).then(|| bytes.div_ceil(one))
    }
}

impl fmt::Display for ByteRate {
    /// In the largest unit that costs the same; iptables finds none for what takes more than 32 bits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes();
        let fits = |unit: u64| (unit..=EARNED).contains(&bytes) && Self::of(bytes / unit * unit) == *self;
        match (fits(MB), fits(KB)) {
            (true, _) => write!(f, "{}mb/s", bytes / MB),
            (_, true) => write!(f, "{}kb/s", bytes / KB),
            _ => write!(f, "{bytes}b/s"),
        }
    }
}

/// Bytes in the largest unit of which they are one; the rest is lost, as in what iptables prints.
pub(super) fn rounded(bytes: u64) -> String {
    match bytes {
        MB.. => format!("{}mb", bytes / MB),
        KB.. => format!("{}kb", bytes / KB),
        _ => format!("{bytes}b"),
    }
}

/// How many bytes a letter stands for.
pub(super) const fn factor(letter: Option<char>) -> u64 {
    match letter {
        Some('m') => MB,
        Some('k') => KB,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["0", "1", "17", "992", "5k", "9766k", "4095m", "4294967295", "34359738359", "68719476704"] {
            let printed = ByteRate::read(text).unwrap().to_string();
            let again = ByteRate::read(printed.strip_suffix("b/s").unwrap()).unwrap();
            assert_eq!(again.to_string(), printed, "{text}");
        }
        assert_eq!(ByteRate::read("68719476705"), None);
    }
}
