//! What somebody may have meant by a name that is misspelt.

/// How much of a name may be other than meant: every third letter, and no more than two.
const LETTERS_PER_SLIP: usize = 3;
const MOST_SLIPS: usize = 2;

/// The candidate nearest to `name`, if one is near enough: a letter wrong, missing, doubled or swapped, or two in a longer
/// name. What differs in capitals only is nearest;
/// otherwise a candidate whose beginning the name is, as where a line was cut.
pub fn near<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let mut begins = None;
    let candidates = candidates.into_iter().inspect(|candidate| {
        let is_cut = name.len() >= LETTERS_PER_SLIP && candidate.len() > name.len() && candidate.starts_with(name);
        begins = begins.or_else(|| is_cut.then_some(*candidate));
    });
    let most = (name.chars().count() / LETTERS_PER_SLIP).min(MOST_SLIPS);
    let lower = name.to_lowercase();
    let nearest = candidates
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= most && *candidate != name)
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(slips, _)| *slips <= most)
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate);
    nearest.or(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_seen() {
        let targets = ["ACCEPT", "DROP", "DNAT", "SNAT", "REJECT"];
        assert_eq!(near("ACCET", targets), Some("ACCEPT"));
        assert_eq!(near("drop", targets), Some("DROP"));
        assert_eq!(near("DORP", targets), Some("DROP"));
        assert_eq!(near("MASQUERADE", targets), None);
        assert_eq!(near("MASQ", ["MASQUERADE"]), Some("MASQUERADE"));
        assert_eq!(near("X", targets), None);
        assert_eq!(near("KUBE-POSTROUTING", ["ztunnel-POSTROUTING"]), None);
        assert_eq!(near("DROP", targets), None);
    }
}
