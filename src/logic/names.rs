//! Sets of interface names: those that a packet's interface may still have.
//!
//! iptables compares a name whole, or up to a `+` at the end of the pattern (`ifname_compare_aligned` in the kernel's
//! `x_tables.h`). Two patterns are therefore either nested or apart, and a set is one pattern less some others.

use std::fmt;
use std::sync::Arc;

/// A name of `-i` or `-o`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    stem: Arc<str>,
    open: bool,
}

impl Pattern {
    /// Reads `eth0`, `eth+` or `+`.
    pub fn new(text: &str) -> Self {
        let stem = text.strip_suffix('+');
        Self { stem: stem.unwrap_or(text).into(), open: stem.is_some() }
    }

    /// Every name.
    pub fn any() -> Self {
        Self::new("+")
    }

    /// Does it cover `name`?
    pub fn covers_name(&self, name: &str) -> bool {
        if self.open { name.starts_with(&*self.stem) } else { name == &*self.stem }
    }

    /// Does it cover every name that `other` does?
    pub fn covers(&self, other: &Self) -> bool {
        if other.open { self.open && other.stem.starts_with(&*self.stem) } else { self.covers_name(&other.stem) }
    }

    /// The name, if it covers only one.
    pub fn only(&self) -> Option<&str> {
        (!self.open).then_some(&*self.stem)
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.stem, if self.open { "+" } else { "" })
    }
}

/// One pattern less some others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Names {
    within: Pattern,
    without: Vec<Pattern>,
}

impl Names {
    /// Every name.
    pub fn all() -> Self {
        Self::of(Pattern::any())
    }

    /// The names that `pattern` covers.
    pub fn of(pattern: Pattern) -> Self {
        Self { within: pattern, without: Vec::new() }
    }

    /// Is no name in it?
    pub fn is_empty(&self) -> bool {
        self.without.iter().any(|pattern| pattern.covers(&self.within))
    }

    /// The only name in it, if there is just one.
    pub fn only(&self) -> Option<&str> {
        self.within.only().filter(|_| !self.is_empty())
    }

    /// What is also covered by `pattern`.
    #[must_use]
    pub fn and(&self, pattern: &Pattern) -> Self {
        if pattern.covers(&self.within) {
            self.clone()
        } else if self.within.covers(pattern) {
            Self { within: pattern.clone(), without: self.without.clone() }
        } else {
            self.minus(&self.within)
        }
    }

    /// What is not covered by `pattern`.
    #[must_use]
    pub fn minus(&self, pattern: &Pattern) -> Self {
        let mut rest = self.clone();
        let apart = !pattern.covers(&self.within) && !self.within.covers(pattern);
        if !apart && !self.without.iter().any(|earlier| earlier.covers(pattern)) {
            rest.without.retain(|earlier| !pattern.covers(earlier));
            rest.without.push(pattern.clone());
            rest.without.sort();
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["", "e", "eth", "eth0", "eth01", "cali1"];
    const PATTERNS: [&str; 6] = ["+", "e+", "eth+", "eth0", "eth0+", "cali+"];

    #[test]
    fn the_operations_are_those_of_sets() {
        for a in PATTERNS.map(Pattern::new) {
            for b in PATTERNS.map(Pattern::new) {
                let set = Names::of(a.clone());
                for name in NAMES {
                    let (in_a, in_b) = (a.covers_name(name), b.covers_name(name));
                    let alone = |names: &Names| !names.and(&Pattern::new(name)).is_empty();
                    assert_eq!(alone(&set.and(&b)), in_a && in_b, "{name} in {a} and {b}");
                    assert_eq!(alone(&set.minus(&b)), in_a && !in_b, "{name} in {a} minus {b}");
                }
            }
        }
    }

    #[test]
    fn patterns_as_the_kernel_compares_them() {
        assert!(Pattern::new("eth+").covers_name("eth"));
        assert!(!Pattern::new("eth0").covers_name("eth01"));
        assert!(Pattern::new("+").covers_name(""));
        assert_eq!(Pattern::new("eth0").only(), Some("eth0"));
        assert_eq!(Names::all().minus(&Pattern::new("lo")).only(), None);
    }
}
