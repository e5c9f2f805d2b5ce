//! A predicted path, step by step: the packet before each step, and the chains that it is in between two.

use smallvec::SmallVec;

use crate::analyze::Path;
use crate::extension::Effect;
use crate::logic::{Assumed, Assumptions};
use crate::packet::{Conntrack, Context, Host, Packet, Rewrite};
use crate::ruleset::{ChainId, Ruleset, Then};
use crate::save::TableName;
use crate::walk::{Action, Step};

/// What lies between two steps.
#[derive(Debug)]
pub(super) struct Gap {
    /// The packet, as far as it is known.
    pub(super) packet: Packet,
    /// The chains that it is in, one after the other.
    pub(super) chains: SmallVec<[ChainId; 4]>,
}

/// The gaps of a path: one before each step and one behind the last.
pub(super) fn gaps(ruleset: &Ruleset<'_>, host: &Host, world: &[Assumed], asked: &Packet, path: &Path) -> Vec<Gap> {
    let steps = &path.steps;
    let mut assumptions = Assumptions::default();
    for Assumed { fact, answer, grounds, line } in world {
        assumptions.assume(fact, *answer, *grounds, *line);
    }
    let mut packet = asked.clone();
    let mut gaps = Vec::with_capacity(steps.len() + 1);
    let mut open: SmallVec<[ChainId; 8]> = SmallVec::new();
    let mut last: Option<&Step> = None;
    for step in steps {
        if step.chain.table.name != TableName::Raw && packet.conntrack == Conntrack::Unseen {
            // Its connection is that of the end: nothing on the way makes another of it.
            packet.conntrack = path.packet.conntrack.clone();
        }
        let mut chains = SmallVec::new();
        let there = last.is_some_and(|last| (last.hook, last.chain.table) == (step.hook, step.chain.table));
        // It may have gone back through several chains.
        while open.last().is_some_and(|chain| !there || *chain != step.chain) {
            chains.extend(open.pop());
        }
        chains.push(step.chain);
        if open.last() != Some(&step.chain) {
            open.push(step.chain);
        }
        gaps.push(Gap { packet: packet.clone(), chains });
        match step.action {
            Action::Jump(chain) => open.push(chain),
            Action::Goto(chain) => {
                open.pop();
                open.push(chain);
            }
            _ => {}
        }
        act(ruleset, host, &assumptions, step, &mut packet);
        last = Some(step);
    }
    open.reverse();
    gaps.push(Gap { packet, chains: open.into_iter().collect() });
    gaps
}

/// What a step does to the packet.
fn act(ruleset: &Ruleset<'_>, host: &Host, assumptions: &Assumptions, step: &Step, packet: &mut Packet) {
    match &step.action {
        Action::Target(Some(Rewrite::Destination { address, port })) => {
            (packet.dst, packet.dport) = (address.clone(), port.clone());
        }
        Action::Target(Some(Rewrite::Source { address, port, .. })) => {
            (packet.src, packet.sport) = (address.clone(), port.clone());
        }
        Action::Target(None) => {
            let Some(rule) = step.rule.and_then(|rule| ruleset.rule(rule)) else { return };
            let Then::Target(target) = &rule.then else { return };
            let context = Context { packet, host, assumptions, hook: step.hook, line: rule.line };
            if let Effect::Change(changed) | Effect::Pass(changed) = target.meaning().act(&context) {
                *packet = *changed;
            }
        }
        _ => {}
    }
}
