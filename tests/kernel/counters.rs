//! Which rules matched, from the counters of `iptables-save -c`.

use std::collections::BTreeMap;

/// A rule by table, chain and number; number 0 is the policy.
pub(crate) type Place = (String, String, u32);

/// Packets by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Counters(BTreeMap<Place, u64>);

impl Counters {
    /// Reads what `iptables-save -c` prints.
    pub(crate) fn read(save: &str) -> Self {
        let mut counters = BTreeMap::new();
        let mut table = String::new();
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        for line in save.lines() {
            if let Some(name) = line.strip_prefix('*') {
                name.clone_into(&mut table);
                numbers.clear();
            } else if let Some(chain) = line.strip_prefix(':') {
                let (name, rest) = chain.split_once(' ').expect(":CHAIN POLICY [p:b]");
                let packets = packets(rest.rsplit(' ').next().unwrap_or_default());
                counters.insert((table.clone(), name.to_owned(), 0), packets);
            } else if let Some((counts, rule)) = line.split_once(" -A ") {
                let chain = rule.split(' ').next().unwrap_or_default();
                let number = numbers.entry(chain.to_owned()).or_default();
                *number += 1;
                counters.insert((table.clone(), chain.to_owned(), *number), packets(counts));
            }
        }
        Self(counters)
    }

    /// What was counted since `before`, without what was not.
    pub(crate) fn since(&self, before: &Self) -> Self {
        let counted = |(place, now): (&Place, &u64)| {
            let then = before.0.get(place).copied().unwrap_or(0);
            (*now > then).then(|| (place.clone(), now - then))
        };
        Self(self.0.iter().filter_map(counted).collect())
    }

    /// The numbers of the rules of one chain that were counted.
    pub(crate) fn of_chain(&self, table: &str, chain: &str) -> Vec<u64> {
        let counted = self
            .0
            .iter()
            .filter(|((of, within, rule), packets)| of == table && within == chain && *rule > 0 && **packets > 0);
        counted.map(|((.., rule), _)| u64::from(*rule)).collect()
    }

    /// Are all of `others` counted here, and perhaps more?
    pub(crate) fn hold(&self, others: &Self) -> bool {
        others.0.iter().all(|(place, packets)| self.0.get(place).is_some_and(|counted| counted >= packets))
    }

    /// The counters that these places make, each counted once for each time that it is there.
    pub(crate) fn of(places: impl IntoIterator<Item = Place>) -> Self {
        let mut counters = BTreeMap::new();
        for place in places {
            *counters.entry(place).or_default() += 1;
        }
        Self(counters)
    }
}

/// `[packets:bytes]`
fn packets(text: &str) -> u64 {
    let text = text.trim_start_matches('[');
    text.split(':').next().and_then(|packets| packets.parse().ok()).unwrap_or(0)
}
