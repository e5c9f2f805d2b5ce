//! Address masks with gaps, such as `10.0.0.1/255.0.0.255`, as ranges where those are few.

use crate::logic::Values;
use crate::packet::Net;

/// How many bits above the last one that counts may be free: each doubles the ranges.
const MOST_FREE: u32 = 8;

/// The addresses of a mask with gaps; `None` if they are too many ranges.
pub(super) fn values(net: Net) -> Option<Values> {
    let (address, mask, bits) = match net {
        Net::V4(address, mask) => (u128::from(address), u128::from(mask), 32),
        Net::V6(address, mask) => (address, mask, 128),
    };
    let ends = 1u128.checked_shl(mask.trailing_zeros()).map_or(u128::MAX, |unit| unit - 1);
    let space = if bits == 32 { u128::from(u32::MAX) } else { u128::MAX };
    let gaps = space & !mask & !ends;
    (gaps.count_ones() <= MOST_FREE)
        .then(|| Values::union(choices(gaps).map(|chosen| Values::range(address | chosen, address | chosen | ends))))
}

/// Every number that has no bits outside `bits`.
fn choices(bits: u128) -> impl Iterator<Item = u128> {
    let next = move |chosen: &u128| Some(chosen.wrapping_sub(bits) & bits).filter(|next| *next != 0);
    std::iter::successors(Some(0), next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_with_gaps_is_a_few_ranges() {
        let of = |text: &str| values(text.parse().unwrap());
        let both = of("10.0.0.0/255.255.254.240").unwrap();
        assert_eq!(both.ranges().len(), 2);
        let net: Net = "10.0.0.0/255.255.254.240".parse().unwrap();
        for last in 0..=255u8 {
            for third in 0..4u8 {
                let address = std::net::Ipv4Addr::new(10, 0, third, last);
                assert_eq!(both.contains(address.to_bits().into()), net.contains(address.into()), "{address}");
            }
        }
        assert_eq!(of("10.0.0.1/255.0.0.255"), None);
        assert_eq!(of("0.0.0.0/0").map(|all| all.ranges().len()), Some(1));
    }
}
