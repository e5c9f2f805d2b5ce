//! Whether a match matches.

use std::ops::Not;

use super::fact::Fact;
use super::probability::Share;

/// What is known about a match before the packet meets it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It does not match.
    Never,
    /// It matches.
    Always,
    /// A draw decides; this part of all packets matches.
    Chance(Share),
    /// It depends on something that nobody said. Once that is answered, ask again.
    Depends(Box<Fact>),
}

impl Outcome {
    /// `!` before the option, if `not`.
    #[must_use]
    pub fn negated(self, not: bool) -> Self {
        if not { !self } else { self }
    }

    /// Both. What is never so needs no answer from the other side; a fact is asked before a draw is made.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Never, _) | (_, Self::Never) => Self::Never,
            (Self::Always, other) => other,
            (one, Self::Always) => one,
            (depends @ Self::Depends(_), _) | (_, depends @ Self::Depends(_)) => depends,
            (Self::Chance(one), Self::Chance(other)) => Self::Chance(one * other),
        }
    }

    /// One of the two, or both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        !(!self).and(!other)
    }
}

impl Not for Outcome {
    type Output = Self;

    /// `!` before the option. A question stays the same question.
    fn not(self) -> Self {
        match self {
            Self::Never => Self::Always,
            Self::Always => Self::Never,
            Self::Chance(share) => Self::Chance(share.rest()),
            depends @ Self::Depends(_) => depends,
        }
    }
}

impl From<bool> for Outcome {
    fn from(so: bool) -> Self {
        if so { Self::Always } else { Self::Never }
    }
}

impl From<Fact> for Outcome {
    fn from(fact: Fact) -> Self {
        Self::Depends(Box::new(fact))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown() -> Outcome {
        Fact::named("x", None, "x".into(), "not x".into()).into()
    }

    #[test]
    fn never_wins_over_not_knowing() {
        assert_eq!(unknown().and(Outcome::Never), Outcome::Never);
        assert_eq!(unknown().or(Outcome::Always), Outcome::Always);
        assert_eq!(unknown().and(Outcome::Always), unknown());
        assert_eq!(!unknown(), unknown());
    }

    #[test]
    fn draws_multiply_and_facts_come_first() {
        let half = Outcome::Chance(Share::one_of(2));
        assert_eq!(half.clone().and(half.clone()), Outcome::Chance(Share::one_of(4)));
        assert_eq!(half.clone().and(unknown()), unknown());
        assert_eq!(!half.clone(), half);
    }
}
