//! Chances, as the kernel keeps them and as they multiply along a path.

use std::fmt;
use std::ops::Mul;

/// The chance of a `statistic --mode random` rule: a count out of 2^31.
///
/// The kernel draws 31 random bits and matches if the number is smaller than the count (`statistic_mt` in
/// `net/netfilter/xt_statistic.c`), so 0.33332999982 is a count and not a third.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Probability(u32);

impl Probability {
    /// What the count is out of.
    pub const OUT_OF: u32 = 1 << 31;

    /// Reads a decimal from 0 to 1 as iptables does: a C double, times 2^31, rounded half away from zero
    /// (`statistic_parse` in `extensions/libxt_statistic.c`). `None` if it is no number or not in that range.
    pub fn parse(text: &str) -> Option<Self> {
        let decimal: f64 = text.trim().parse().ok()?;
        if !(0.0..=1.0).contains(&decimal) {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 2^31, as checked above"
        )]
        Some(Self((decimal * f64::from(Self::OUT_OF)).round() as u32))
    }

    /// How many of 2^31 draws match.
    pub const fn count(self) -> u32 {
        self.0
    }

    /// The chance that it does not match.
    #[must_use]
    pub const fn not(self) -> Self {
        Self(Self::OUT_OF - self.0)
    }

    /// The exact share: every count out of 2^31 is a double.
    pub fn share(self) -> Share {
        Share(f64::from(self.0) / f64::from(Self::OUT_OF))
    }
}

impl fmt::Display for Probability {
    /// Eleven decimals, as `iptables-save` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.11}", self.share().0)
    }
}

/// A part of all connections, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Share(f64);

impl Share {
    /// All of them.
    pub const ALL: Self = Self(1.0);
    /// None of them.
    pub const NONE: Self = Self(0.0);

    /// One of every `n`; all if `n` is 0.
    pub fn one_of(n: u32) -> Self {
        Self(1.0 / f64::from(n.max(1)))
    }

    /// The part as a number.
    pub const fn get(self) -> f64 {
        self.0
    }

    /// What it leaves.
    #[must_use]
    pub fn rest(self) -> Self {
        Self(1.0 - self.0)
    }

    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// Which part of `whole` this is; all if `whole` is nothing.
    #[must_use]
    pub fn of(self, whole: Self) -> Self {
        if whole.0 > 0.0 { Self(self.0 / whole.0) } else { Self::ALL }
    }
}

impl Mul for Share {
    type Output = Self;

    fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0)
    }
}

impl std::iter::Sum for Share {
    fn sum<I: Iterator<Item = Self>>(shares: I) -> Self {
        Self(shares.map(Self::get).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What iptables 1.8.9 saves for what it is given, measured on both backends.
    #[test]
    fn counts_are_those_of_the_kernel() {
        for (given, count, saved) in [
            ("0.33333333349", 715_827_883, "0.33333333349"),
            ("0.3333333333333", 715_827_883, "0.33333333349"),
            ("0.333333333", 715_827_882, "0.33333333302"),
            ("0.33333", 715_820_724, "0.33332999982"),
            ("0.5", 1_073_741_824, "0.50000000000"),
            ("0.2", 429_496_730, "0.20000000019"),
            ("1.0", 2_147_483_648, "1.00000000000"),
            ("0.9999999998", 2_147_483_648, "1.00000000000"),
            ("0.99999999976", 2_147_483_647, "0.99999999953"),
            ("0.000000000233", 1, "0.00000000047"),
            ("0.000000000232", 0, "0.00000000000"),
            ("1e-3", 2_147_484, "0.00100000016"),
        ] {
            let probability = Probability::parse(given).unwrap();
            assert_eq!(probability.count(), count, "{given}");
            assert_eq!(probability.to_string(), saved, "{given}");
        }
    }

    #[test]
    fn what_is_no_chance_is_refused() {
        for text in ["1.5", "-0.1", "NaN", "x", ""] {
            assert_eq!(Probability::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_saved_reads_back(count in 0..=Probability::OUT_OF) {
            let probability = Probability(count);
            proptest::prop_assert_eq!(Probability::parse(&probability.to_string()), Some(probability));
        }
    }
}
