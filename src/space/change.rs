//! What a rule may change of packets that go on to the next one: after that, tests before and after are about two things.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::ruleset::{Rule, Then};

use super::axis::Axis;
use super::fate::Fate;

/// What may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Changes {
    /// These bits of the mark.
    pub mark: u32,
    /// What connection tracking says.
    pub state: bool,
    /// Any field that is no interface.
    pub header: bool,
    /// What tests that are not looked into have for an answer.
    pub tests: bool,
}

impl Changes {
    /// Nothing.
    pub const NONE: Self = Self { mark: 0, state: false, header: false, tests: false };
    /// Anything.
    pub const EVERYTHING: Self = Self { mark: u32::MAX, state: true, header: true, tests: true };

    /// What a rule does itself, rather than the chain it leads to.
    pub fn of(rule: &Rule<'_>) -> Self {
        let by_target = match (&rule.then, Fate::of(rule)) {
            (Then::Unreadable, _) => Self::EVERYTHING,
            (Then::Target(target), Fate::Continues | Fate::Unknown) => Self::by(target),
            // Packets that it changes do not go on.
            _ => Self::NONE,
        };
        by_target.and(Self::by_matches(rule))
    }

    /// What its matches change, also of packets that do not match in the end.
    pub fn by_matches(rule: &Rule<'_>) -> Self {
        let noted = Self { tests: rule.records(), ..Self::NONE };
        // `--restore-skmark`
        let is_socket = rule.matches.iter().any(|extension| matches!(extension, Match::Socket(_)));
        let restored = Self { mark: if is_socket { u32::MAX } else { 0 }, ..Self::NONE };
        noted.and(restored)
    }

    /// What is known not to be changed is left out; a target that nothing is known of may change everything.
    fn by(target: &Target<'_>) -> Self {
        match target {
            harmless if harmless.meaning().is_harmless() => Self::NONE,
            Target::Mark(mark) => Self { mark: mark.set.mask | mark.set.value, ..Self::NONE },
            Target::Hmark(_) => Self { mark: u32::MAX, ..Self::NONE },
            Target::ConnMark(_) | Target::Set(_) => Self { mark: u32::MAX, tests: true, ..Self::NONE },
            Target::Ct(_) | Target::NoTrack(_) => Self { state: true, tests: true, ..Self::NONE },
            Target::SetTos(_)
            | Target::Dscp(_)
            | Target::Ttl(_)
            | Target::HopLimit(_)
            | Target::TcpMss(_)
            | Target::TcpOptStrip(_) => Self { tests: true, ..Self::NONE },
            _ => Self::EVERYTHING,
        }
    }

    /// Both.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            mark: self.mark | other.mark,
            state: self.state || other.state,
            header: self.header || other.header,
            tests: self.tests || other.tests,
        }
    }

    /// May what a field is have changed?
    pub const fn touch(self, axis: Axis) -> bool {
        match axis {
            Axis::State => self.state,
            Axis::Input | Axis::Output => false,
            _ => self.header,
        }
    }
}

/// When something was last changed, in a chain whose rules are gone through in order.
#[derive(Debug, Default)]
pub(super) struct LastChanged {
    /// By bit, the number of the rule from 1.
    mark: [u32; 32],
    state: u32,
    header: u32,
    tests: u32,
}

impl LastChanged {
    /// The rule at `index` has changed this.
    pub(super) fn note(&mut self, index: u32, changes: Changes) {
        let now = index + 1;
        for (_, last) in (0..).zip(&mut self.mark).filter(|(bit, _)| changes.mark & (1 << bit) != 0) {
            *last = now;
        }
        for (changed, last) in
            [(changes.state, &mut self.state), (changes.header, &mut self.header), (changes.tests, &mut self.tests)]
        {
            if changed {
                *last = now;
            }
        }
    }

    /// What has changed since a packet was asked by the rule at `index`.
    pub(super) fn since(&self, index: u32) -> Changes {
        let bits = (0..).zip(&self.mark).filter(|(_, last)| **last > index);
        Changes {
            mark: bits.fold(0, |mark, (bit, _)| mark | 1 << bit),
            state: self.state > index,
            header: self.header > index,
            tests: self.tests > index,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_counts_for_the_rules_before_it_and_its_own() {
        let mut last = LastChanged::default();
        last.note(3, Changes { mark: 0x80, ..Changes::NONE });
        assert_eq!(last.since(3).mark, 0x80);
        assert_eq!(last.since(4), Changes::NONE);
        last.note(9, Changes { tests: true, ..Changes::NONE });
        assert_eq!(last.since(0), Changes { mark: 0x80, tests: true, ..Changes::NONE });
    }
}
