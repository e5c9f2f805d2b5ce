//! A packet in a chain: its rules from top to bottom (`ipt_do_table`), clause by clause as `docs/semantics.md` has it.

use crate::extension::{Effect, Unclear, Verdict};
use crate::logic::{Assumptions, Fact, Grounds, Outcome, Share};
use crate::packet::{Context, Host, Packet};
use crate::ruleset::{ChainId, Destination, Kind, Rule, RuleId, Ruleset, Then};
use crate::save::{Hook, Policy};

use super::nat;
use super::place::Frame;
use super::trail::{Action, Journal, Step};
use super::traveller::Traveller;

/// What does not change while a packet is led through a table.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a, 't> {
    pub(super) ruleset: &'a Ruleset<'t>,
    pub(super) host: &'a Host,
    pub(super) world: &'a Assumptions,
    pub(super) hook: Hook,
}

/// Why a packet is no longer led on.
pub(super) enum Stop {
    /// It came back from a chain, or parted from others: those may be at the same place.
    Paused(Traveller),
    /// A draw: one part of the packets matched the rule, the other did not.
    Drawn { matched: Box<Stop>, missed: Traveller },
    /// The table let it through.
    Accepted(Traveller),
    /// Its way ends here.
    Ended(Traveller, Verdict),
    /// A question comes first, asked by the rule in this line.
    Asked(Traveller, Box<Fact>, Option<u32>),
}

/// What comes after a rule.
pub(super) enum After {
    /// The next rule, or the first of another chain.
    On(Traveller),
    Stop(Stop),
}

impl<'a> Scene<'a, '_> {
    /// Leads a packet from rule to rule.
    pub(super) fn run(&self, journal: &mut Journal, mut traveller: Traveller) -> Stop {
        while let Some(Frame { chain, rule: from, .. }) = traveller.place.frames.last().copied() {
            let index = self.ruleset.next_rule(chain, from, destination(&traveller.packet));
            let id = RuleId { chain, index };
            let rule = self.ruleset.rule(id);
            if !journal.try_rules(index - from + u32::from(rule.is_some())) {
                return Stop::Ended(traveller, Verdict::Undetermined(Unclear::TooMuch));
            }
            traveller.place.skip_to(index);
            let Some(rule) = rule else { return self.go_back(journal, traveller) };
            if rule.records() {
                match self.note_down(journal, traveller, id, rule) {
                    After::On(next) => traveller = next,
                    After::Stop(stop) => return stop,
                }
                continue;
            }
            match rule.outcome(&self.context(&traveller.packet, Some(rule))) {
                Outcome::Never => traveller.place.next_rule(),
                Outcome::Chance(chance) if rule.is_harmless() => {
                    self.note(journal, &mut traveller, id, plain(rule), Some(chance));
                    traveller.place.next_rule();
                }
                Outcome::Depends(_) if rule.is_harmless() => {
                    match self.usually(rule, &traveller.packet) {
                        Outcome::Always => self.note(journal, &mut traveller, id, plain(rule), None),
                        Outcome::Chance(chance) => {
                            self.note(journal, &mut traveller, id, plain(rule), Some(chance));
                        }
                        Outcome::Never | Outcome::Depends(_) => {}
                    }
                    traveller.place.next_rule();
                }
                Outcome::Chance(chance) => return self.draw(journal, traveller, id, rule, chance),
                Outcome::Depends(fact) => return Stop::Asked(traveller, fact, Some(rule.line)),
                Outcome::Always => match self.take(journal, traveller, id, rule, None) {
                    After::On(next) => traveller = next,
                    After::Stop(stop) => return stop,
                },
            }
        }
        Stop::Accepted(traveller)
    }

    /// What an extension of `rule` can look at.
    pub(super) fn context<'p>(&self, packet: &'p Packet, rule: Option<&Rule<'_>>) -> Context<'p>
    where
        'a: 'p,
    {
        let line = rule.map_or(0, |rule| rule.line);
        Context { packet, host: self.host, assumptions: self.world, hook: self.hook, line }
    }

    fn note(
        &self,
        journal: &mut Journal,
        traveller: &mut Traveller,
        rule: RuleId,
        action: Action,
        chance: Option<Share>,
    ) {
        let step = Step { hook: self.hook, chain: rule.chain, rule: Some(rule), action, chance };
        traveller.trail = Some(journal.step(traveller.trail, step));
    }

    /// A random match: the packet is now two, each with its share. What the target depends on is asked before the draw,
    /// which is made once.
    fn draw(&self, journal: &mut Journal, traveller: Traveller, id: RuleId, rule: &Rule<'_>, chance: Share) -> Stop {
        let mut matched = traveller.clone();
        matched.share = traveller.share * chance;
        let matched = match self.take(journal, matched, id, rule, Some(chance)) {
            After::Stop(Stop::Asked(_, fact, line)) => return Stop::Asked(traveller, fact, line),
            After::On(traveller) => Stop::Paused(traveller),
            After::Stop(stop) => stop,
        };
        let mut missed = traveller;
        missed.share = missed.share * chance.rest();
        missed.place.next_rule();
        Stop::Drawn { matched: Box::new(matched), missed }
    }

    /// A rule that matched: its target acts.
    pub(super) fn take(
        &self,
        journal: &mut Journal,
        mut traveller: Traveller,
        id: RuleId,
        rule: &Rule<'_>,
        chance: Option<Share>,
    ) -> After {
        let effect = match &rule.then {
            Then::Next => Effect::Continue,
            Then::Jump(chain) => return self.enter(journal, traveller, id, *chain, false, chance),
            Then::Goto(chain) => return self.enter(journal, traveller, id, *chain, true, chance),
            Then::Target(target) => target.meaning().act(&self.context(&traveller.packet, Some(rule))),
            Then::Unreadable => Effect::Verdict(Verdict::Undetermined(Unclear::Line(rule.line))),
        };
        let rewrite = if let Effect::Rewrite(rewrite) = &effect { Some(rewrite.clone()) } else { None };
        let action = if matches!(rule.then, Then::Next) { Action::Next } else { Action::Target(rewrite) };
        if let Effect::Depends(fact) = effect {
            return After::Stop(Stop::Asked(traveller, fact, Some(rule.line)));
        }
        self.note(journal, &mut traveller, id, action, chance);
        self.apply(journal, traveller, effect)
    }

    fn apply(&self, journal: &mut Journal, mut traveller: Traveller, effect: Effect) -> After {
        match effect {
            Effect::Continue => {}
            Effect::Change(packet) => traveller.packet = *packet,
            Effect::Pass(packet) => {
                traveller.packet = *packet;
                return After::Stop(Stop::Accepted(traveller));
            }
            Effect::Return => return After::Stop(self.go_back(journal, traveller)),
            Effect::Verdict(Verdict::Accept) => return After::Stop(Stop::Accepted(traveller)),
            Effect::Verdict(verdict) => return After::Stop(Stop::Ended(traveller, verdict)),
            Effect::Rewrite(rewrite) => {
                nat::apply(&mut traveller.packet, &rewrite);
                traveller.place.end_nat();
                return After::Stop(Stop::Accepted(traveller));
            }
            Effect::Depends(fact) => return After::Stop(Stop::Asked(traveller, fact, None)),
        }
        traveller.place.next_rule();
        After::On(traveller)
    }

    /// A jump or goto. iptables refuses to load chains that lead back to themselves, so a dump that has them is no
    /// kernel's, and where they lead cannot be told.
    fn enter(
        &self,
        journal: &mut Journal,
        mut traveller: Traveller,
        id: RuleId,
        chain: ChainId,
        by_goto: bool,
        chance: Option<Share>,
    ) -> After {
        let action = if by_goto { Action::Goto(chain) } else { Action::Jump(chain) };
        self.note(journal, &mut traveller, id, action, chance);
        if traveller.place.is_in(chain) {
            let unclear = Unclear::Loop(self.ruleset.name(chain).to_owned());
            return After::Stop(Stop::Ended(traveller, Verdict::Undetermined(unclear)));
        }
        traveller.place.enter(chain, by_goto);
        After::On(traveller)
    }

    /// The end of a chain, or RETURN: back to where it was jumped to from, or to the policy of the built-in chain.
    fn go_back(&self, journal: &mut Journal, mut traveller: Traveller) -> Stop {
        let base = traveller.place.frames.first().map(|frame| frame.chain);
        if traveller.place.go_back() {
            return Stop::Paused(traveller);
        }
        let chain = base.and_then(|base| Some((base, self.ruleset.chain(base)?.kind)));
        let Some((chain, Kind::Base { policy, .. })) = chain else { return Stop::Accepted(traveller) };
        let step = Step { hook: self.hook, chain, rule: None, action: Action::Policy(policy), chance: None };
        traveller.trail = Some(journal.step(traveller.trail, step));
        match policy {
            Policy::Accept => Stop::Accepted(traveller),
            Policy::Drop => Stop::Ended(traveller, Verdict::Drop),
        }
    }

    /// Does the rule match if every open question has its default answer? Asked of rules that change nothing, so that they
    /// are told of without making a world. A question without a default stays open.
    fn usually(&self, rule: &Rule<'_>, packet: &Packet) -> Outcome {
        let mut world = self.world.clone();
        loop {
            let scene = Scene { world: &world, ..*self };
            let outcome = rule.outcome(&scene.context(packet, Some(rule)));
            match &outcome {
                Outcome::Depends(fact) => match fact.default {
                    Some(presumed) => world.assume(fact, presumed.answer, Grounds::Default, None),
                    None => return outcome,
                },
                _ => return outcome,
            }
        }
    }
}

/// Where the packet goes, as far as it is known.
fn destination(packet: &Packet) -> Destination {
    Destination { address: packet.dst.known().copied(), port: packet.dport.known().copied() }
}

/// What a rule does that changes nothing.
fn plain(rule: &Rule<'_>) -> Action {
    if matches!(rule.then, Then::Next) { Action::Next } else { Action::Target(None) }
}
