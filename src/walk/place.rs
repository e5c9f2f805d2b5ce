//! Where on its way a packet is, ordered as the kernel gets there.

use smallvec::SmallVec;

use crate::ruleset::{ChainId, TableId};
use crate::save::{Backend, Hook, TableName};

/// One thing the kernel does with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// Has not met anything yet.
    Begin,
    /// Comes to the tables of one name at a hook: of one backend or of both, which then have the same priority.
    Tables(Hook, TableName),
    /// Asks a table at a hook; if nat does not decide there, that of the backend `then` is next.
    Table { hook: Hook, table: TableId, then: Option<Backend> },
    /// Looks the packet up in connection tracking.
    Track(Hook),
    /// Decides on a route for an arrived packet.
    Route,
    /// Decides on a route for a packet made here, before any table is asked.
    FirstRoute,
    /// Decides again, if OUTPUT has changed the destination.
    Reroute,
    /// Hands the packet to the device.
    Leave,
    /// Hands the packet to a program on this host.
    Deliver,
}

/// A chain that the packet is in, and the rule it is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Frame {
    /// Place of the rule in the chain, from 0; in a chain that was left by a jump, the rule that jumped.
    pub(super) rule: u32,
    pub(super) chain: ChainId,
    /// Entered by a goto, so its end is also the end of the chain before it.
    pub(super) by_goto: bool,
}

/// A stage and, within a table, the chains that led here. Earlier places are smaller, so that packets which fork and
/// meet again meet before they go on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// How many stages lie behind.
    pub(super) passed: u32,
    pub(super) stage: Stage,
    pub(super) frames: SmallVec<[Frame; 4]>,
}

impl Place {
    pub(super) fn start(stage: Stage) -> Self {
        Self { passed: 0, stage, frames: SmallVec::new() }
    }

    /// Another packet comes after this one.
    pub(super) fn again(mut self, stage: Stage) -> Self {
        self.go(stage);
        self
    }

    /// Goes to another stage.
    pub(super) fn go(&mut self, stage: Stage) {
        self.passed += 1;
        self.stage = stage;
        self.frames.clear();
    }

    /// nat has decided: that of the other backend is not asked at this hook.
    pub(super) const fn end_nat(&mut self) {
        if let Stage::Table { then, .. } = &mut self.stage
            && then.take().is_some()
        {
            self.passed += 1;
        }
    }

    /// Enters a chain.
    pub(super) fn enter(&mut self, chain: ChainId, by_goto: bool) {
        self.frames.push(Frame { rule: 0, chain, by_goto });
    }

    /// Is `chain` one of those that led here?
    pub(super) fn is_in(&self, chain: ChainId) -> bool {
        self.frames.iter().any(|frame| frame.chain == chain)
    }

    /// Goes to the next rule of the chain.
    pub(super) fn next_rule(&mut self) {
        if let Some(frame) = self.frames.last_mut() {
            frame.rule += 1;
        }
    }

    /// Goes to a later rule of the chain.
    pub(super) fn skip_to(&mut self, rule: u32) {
        if let Some(frame) = self.frames.last_mut() {
            frame.rule = rule;
        }
    }

    /// Goes back to the rule after the jump that led here. False if there was none: the built-in chain is at its end.
    pub(super) fn go_back(&mut self) -> bool {
        while let Some(frame) = self.frames.pop() {
            if !frame.by_goto {
                break;
            }
        }
        self.next_rule();
        !self.frames.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILTER: TableId = TableId::new(Backend::Legacy, TableName::Filter);

    fn chain(index: u32) -> ChainId {
        ChainId { table: FILTER, index }
    }

    fn at(rules: &[u32]) -> Place {
        let mut place = Place::start(Stage::Table { hook: Hook::Input, table: FILTER, then: None });
        for (index, rule) in (0..).zip(rules) {
            place.enter(chain(index), false);
            place.frames.last_mut().unwrap().rule = *rule;
        }
        place
    }

    #[test]
    fn a_called_chain_lies_between_two_rules() {
        assert!(at(&[3]) < at(&[3, 0]));
        assert!(at(&[3, 7]) < at(&[4]));
        let mut back = at(&[3, 7]);
        assert!(back.go_back());
        assert_eq!(back, at(&[4]));
    }

    #[test]
    fn a_goto_leaves_no_way_back() {
        let mut place = at(&[3, 1]);
        place.enter(chain(9), true);
        assert!(place.go_back());
        assert_eq!(place, at(&[4]));
        let mut place = at(&[3]);
        place.enter(chain(9), true);
        assert!(!place.go_back());
    }
}
