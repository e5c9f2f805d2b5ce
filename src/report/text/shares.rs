//! Shares as people read them: percent, fraction, bar, and how even they are.

use crate::analyze::Fan;
use crate::logic::Share;

/// Columns of a full bar.
pub(super) const BAR: usize = 10;
/// Denominators of the fractions that are recognised.
const FRACTIONS: u32 = 1000;

/// `33.333 %`
pub(super) fn percent(share: Share) -> String {
    format!("{:.3} %", share.get() * 100.0)
}

/// `1/3`, if the share is one up to how the kernel rounds; empty otherwise.
pub(super) fn fraction(share: Share) -> String {
    let nth = (1..=FRACTIONS).find(|n| is_rounded(share, Share::one_of(*n), f64::from(*n)));
    match nth {
        Some(1) => "all".into(),
        Some(n) => format!("1/{n}"),
        None => String::new(),
    }
}

/// Is `share` off `even` by no more than rounding makes it, for one of `n` endpoints? kube-proxy writes 5 decimals up to
/// 1.16 and 10 since; each draw multiplies what those before it leave.
fn is_rounded(share: Share, even: Share, n: f64) -> bool {
    (share.get() / even.get() - 1.0).abs() <= 5e-6 * n * 2.0 + 1e-9 && n * 1e-5 < 0.1
}

/// A bar, full for the largest share.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "from 0 to 10 columns"
)]
pub(super) fn bar(share: Share, most: Share) -> String {
    let columns = (share.of(most).get() * BAR as f64).round() as usize;
    "█".repeat(columns.clamp(1, BAR))
}

/// Is every share of a fan even, up to rounding?
pub fn is_even(fan: &Fan) -> bool {
    let n = u32::try_from(fan.endpoints.len()).unwrap_or(u32::MAX);
    let even = Share::one_of(n);
    fan.endpoints.iter().all(|endpoint| is_rounded(endpoint.share, even, f64::from(n)))
}

/// Even, even up to rounding, or not.
pub(super) fn evenness(shares: &[Share]) -> String {
    let n = u32::try_from(shares.len()).unwrap_or(u32::MAX);
    let even = Share::one_of(n);
    let off = shares.iter().map(|share| (share.get() / even.get() - 1.0).abs()).fold(0.0, f64::max);
    if off < 1e-12 {
        "exactly even".into()
    } else if shares.iter().all(|share| is_rounded(*share, even, f64::from(n))) {
        match format!("{:.1}", off * 1e6).as_str() {
            "0.0" => "even up to rounding".into(),
            ppm => format!("even up to rounding (at most {ppm} ppm off)"),
        }
    } else {
        format!("uneven: up to {:.1} % off an even share", off * 100.0)
    }
}

#[cfg(test)]
mod tests {
    use crate::logic::Probability;

    use super::*;

    #[test]
    fn a_rounded_third_is_a_third() {
        let third = Probability::parse("0.33332999982").unwrap().share();
        let rest = third.rest() * Share::one_of(2);
        assert_eq!(fraction(third), "1/3");
        assert_eq!(fraction(rest), "1/3");
        assert_eq!(percent(rest), "33.334 %");
        assert_eq!(evenness(&[third, rest, rest]), "even up to rounding (at most 10.0 ppm off)");
        assert_eq!(evenness(&[Share::one_of(2), Share::one_of(2)]), "exactly even");
    }

    #[test]
    fn what_is_not_even_is_said_to_be_so() {
        let quarter = Share::one_of(4);
        assert_eq!(evenness(&[quarter, quarter.rest()]), "uneven: up to 50.0 % off an even share");
        assert_eq!(fraction(quarter.rest()), "");
    }
}
