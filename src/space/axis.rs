//! The fields that a set of packets is a product over, each as numbers that fill all 128 bits.
//!
//! A field of fewer bits is shifted to the top: a value is then a range, and "every value" is the same set for all of them.
//! An interface's name is its bytes, so that a name is one number and a pattern that ends in `+` is a range.

use crate::logic::{Pattern, Values};
use crate::save::Family;

/// A field of the packet. A cube lists what it restricts in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Axis {
    /// Destination address.
    Dst,
    /// Source address.
    Src,
    /// Destination port; means something where the protocol has ports, and only there a rule asks for it.
    Dport,
    /// Source port; the same.
    Sport,
    /// Interface it arrived on.
    Input,
    /// Interface it leaves by.
    Output,
    /// Protocol above IP. In IPv6 a ninth bit stands for one that cannot be told, which fits no `-p`, inverted or not
    /// (`ip6_packet_match` in `ip6_tables.c`).
    Protocol,
    /// What connection tracking says: 4 numbers each for NEW, RELATED and ESTABLISHED, by what was rewritten, and 2 each for
    /// INVALID and UNTRACKED.
    State,
    /// TCP flags.
    TcpFlags,
    /// Type, then code, of ICMP or ICMPv6.
    Icmp,
    /// Whether it is a later fragment.
    Fragment,
}

impl Axis {
    /// How many there are.
    pub const COUNT: usize = 11;

    /// How many bits a value has.
    pub const fn bits(self, family: Family) -> u32 {
        match (self, family) {
            (Self::Dst | Self::Src, Family::V4) => 32,
            (Self::Dst | Self::Src, Family::V6) | (Self::Input | Self::Output, _) => 128,
            (Self::Dport | Self::Sport | Self::Icmp, _) => 16,
            (Self::Protocol, Family::V4) | (Self::TcpFlags, _) => 8,
            (Self::Protocol, Family::V6) => 9,
            (Self::State, _) => 4,
            (Self::Fragment, _) => 1,
        }
    }

    /// The set as it stands on this axis.
    pub fn scaled(self, family: Family, values: &Values) -> Values {
        let shift = 128 - self.bits(family);
        let below = 1u128.checked_shl(shift).map_or(u128::MAX, |unit| unit - 1);
        let wide = |&(first, last): &(u128, u128)| Values::range(first << shift, (last << shift) | below);
        match values.ranges() {
            [range] => wide(range),
            ranges => Values::union(ranges.iter().map(wide)),
        }
    }

    /// The value of the field that stands at `place`.
    pub const fn value(self, family: Family, place: u128) -> u128 {
        place >> (128 - self.bits(family))
    }

    /// Where `value` stands.
    pub const fn place(self, family: Family, value: u128) -> u128 {
        value << (128 - self.bits(family))
    }
}

/// Is every number in it?
pub(super) fn is_full(values: &Values) -> bool {
    values.ranges() == [(0, u128::MAX)]
}

/// Everything else.
pub(super) fn complement(values: &Values) -> Values {
    Values::all().minus(values)
}

/// How many bytes a name has at most (`IFNAMSIZ`), the zero behind it included.
const NAME: usize = 16;

/// The names that a pattern covers; `None` for one that is longer than a name can be.
pub(super) fn names(pattern: &Pattern) -> Option<Values> {
    if let Some(name) = pattern.only() {
        return Some(Values::one(packed(name, 0)?));
    }
    let text = pattern.to_string();
    let stem = text.strip_suffix('+')?;
    Some(Values::range(packed(stem, 0)?, packed(stem, u8::MAX)?))
}

/// The bytes of a name, with `filler` behind them.
fn packed(name: &str, filler: u8) -> Option<u128> {
    let mut bytes = [filler; NAME];
    bytes.get_mut(..name.len()).filter(|_| name.len() < NAME)?.copy_from_slice(name.as_bytes());
    Some(u128::from_be_bytes(bytes))
}

/// A name in the set that an interface may well have, `usual` if it is one of them.
pub(super) fn some_name(values: &Values, usual: &str) -> Option<String> {
    let is_in = |name: &str| packed(name, 0).is_some_and(|place| values.contains(place));
    if is_in(usual) {
        return Some(usual.to_owned());
    }
    values.ranges().iter().find_map(|&(first, last)| {
        let candidates = [stem(first), stem(last)].into_iter().flatten();
        candidates.flat_map(|stem| longer(&stem)).find(|name| is_in(name))
    })
}

/// The readable bytes that a place begins with.
fn stem(place: u128) -> Option<String> {
    let bytes = place.to_be_bytes();
    let readable = bytes.iter().take_while(|byte| byte.is_ascii_graphic()).copied().collect();
    String::from_utf8(readable).ok()
}

/// A stem, and names that begin with it.
fn longer(stem: &str) -> impl Iterator<Item = String> + use<> {
    let stem = stem.to_owned();
    let endings = ["", "0", "1", "x", "a", "z", "00", "0x"];
    endings.into_iter().map(move |ending| format!("{stem}{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_fills_its_axis() {
        for (axis, last) in [(Axis::Dst, u128::from(u32::MAX)), (Axis::Dport, 65535), (Axis::State, 15)] {
            let all = axis.scaled(Family::V4, &Values::range(0u8, last));
            assert!(is_full(&all), "{axis:?}");
        }
        let port = Axis::Dport.scaled(Family::V4, &Values::one(80u8));
        assert!(port.contains(Axis::Dport.place(Family::V4, 80)));
        assert_eq!(Axis::Dport.value(Family::V4, port.ranges()[0].1), 80);
        assert!(!is_full(&Axis::Protocol.scaled(Family::V6, &Values::range(0u8, 255u8))));
    }

    #[test]
    fn names_are_numbers_and_patterns_are_ranges() {
        let set = |pattern: &str| names(&Pattern::new(pattern)).unwrap();
        for pattern in ["+", "eth+", "eth0", "eth0+", "lo"] {
            for name in ["", "eth", "eth0", "eth01", "lo", "zz"] {
                let inside = Pattern::new(pattern).covers_name(name);
                assert_eq!(set(pattern).contains(packed(name, 0).unwrap()), inside, "{name} in {pattern}");
            }
        }
        assert!(is_full(&set("+")));
        assert_eq!(names(&Pattern::new("a-name-of-16-byt")), None);
    }

    #[test]
    fn some_name_of_a_set_is_in_it() {
        let set = |pattern: &str| names(&Pattern::new(pattern)).unwrap();
        assert_eq!(some_name(&Values::all(), "eth0").as_deref(), Some("eth0"));
        assert_eq!(some_name(&set("cali+"), "eth0").as_deref(), Some("cali"));
        assert_eq!(some_name(&set("eth+").minus(&set("eth")), "lo").as_deref(), Some("eth0"));
        let rest = set("eth+").minus(&set("eth")).minus(&set("eth0+"));
        assert_eq!(some_name(&rest, "lo").as_deref(), Some("eth1"));
    }
}
