//! The rules of a long chain that can match at all, by the destination that they ask for.
//!
//! kube-proxy has one rule for each Service address in `KUBE-SERVICES` and one for each node port in `KUBE-NODEPORTS`. The
//! kernel tries them one by one; who knows where a packet goes need only look at those that ask for that.

use std::net::IpAddr;

use rustc_hash::FxHashMap;

use super::header::{AddressTest, Test};
use super::rule::Rule;

/// Rules from which on a chain is worth an index.
const LONG: usize = 32;

/// Where a packet goes, as far as it is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Destination {
    /// Its address.
    pub address: Option<IpAddr>,
    /// Its port.
    pub port: Option<u16>,
}

/// The places of rules in their chain, in order, by what they ask for.
#[derive(Debug, Default)]
pub(super) struct Index {
    by_address: FxHashMap<IpAddr, Vec<u32>>,
    by_port: FxHashMap<u16, Vec<u32>>,
    /// Rules that ask for neither, or for more than one.
    others: Vec<u32>,
}

impl Index {
    /// Looks through the rules of a chain; `None` if they are too few, or too few of them ask for one destination.
    pub(super) fn of(rules: &[Rule<'_>]) -> Option<Self> {
        if rules.len() < LONG {
            return None;
        }
        let mut index = Self::default();
        for (place, rule) in (0..).zip(rules) {
            if let Some(address) = address(rule) {
                index.by_address.entry(address).or_default().push(place);
            } else if let Some(port) = rule.dport().filter(|_| !rule.records()) {
                index.by_port.entry(port).or_default().push(place);
            } else {
                index.others.push(place);
            }
        }
        (index.others.len() <= rules.len() / 2).then_some(index)
    }

    /// The first place from `from` on of a rule that may match a packet to `destination`: no other can. If none does, the place
    /// behind the last one, `end`.
    pub(super) fn next(&self, from: u32, destination: Destination, end: u32) -> u32 {
        let by_address = places(&self.by_address, destination.address);
        let by_port = places(&self.by_port, destination.port);
        let (Some(by_address), Some(by_port)) = (by_address, by_port) else { return from };
        let behind = |places: &[u32]| places.get(places.partition_point(|place| *place < from)).copied();
        [by_address, by_port, &self.others].into_iter().filter_map(behind).min().unwrap_or(end)
    }
}

/// The places under a key. Where there are some and the key is not known, it could be any of them: `None`.
fn places<K: std::hash::Hash + Eq>(by: &FxHashMap<K, Vec<u32>>, key: Option<K>) -> Option<&[u32]> {
    match key {
        Some(key) => Some(by.get(&key).map_or(&[], Vec::as_slice)),
        None => by.is_empty().then_some(&[]),
    }
}

/// The only destination that a rule takes.
fn address(rule: &Rule<'_>) -> Option<IpAddr> {
    match rule.header.dst.as_deref() {
        Some(Test { not: false, value: AddressTest::Net(net) }) => net.only(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_rule_of_each_kind() {
        let address: IpAddr = [10, 0, 0, 1].into();
        let index = Index {
            by_address: FxHashMap::from_iter([(address, vec![1, 5])]),
            by_port: FxHashMap::from_iter([(80, vec![2])]),
            others: vec![3],
        };
        let next = |from, address, port| index.next(from, Destination { address, port }, 9);
        assert_eq!([0, 2, 4, 6].map(|from| next(from, Some(address), Some(81))), [1, 3, 5, 9]);
        assert_eq!(next(2, Some(address), Some(80)), 2);
        assert_eq!([2, 4].map(|from| next(from, Some([10, 0, 0, 2].into()), Some(80))), [2, 9]);
        assert_eq!(next(4, None, Some(80)), 4);
        assert_eq!(next(4, Some(address), None), 4);
    }
}
