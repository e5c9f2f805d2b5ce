//! Rules that write something down. A match that was reached leaves its note, even if a later one of its rule fails, so
//! these are asked one by one.

use crate::extension::Matches;
use crate::extension::matches::Match;
use crate::logic::{Fact, Outcome, Share};
use crate::packet::Packet;
use crate::ruleset::{Rule, RuleId};

use super::chain::{After, Scene, Stop};
use super::trail::Journal;
use super::traveller::Traveller;

/// One way that the draws of a rule can fall.
struct Fall {
    share: Share,
    matched: bool,
    /// With what was written down on the way.
    packet: Packet,
}

impl Scene<'_, '_> {
    /// Asks a rule that writes something down. What the rule or its target depends on is asked before anything is.
    pub(super) fn note_down(&self, journal: &mut Journal, traveller: Traveller, id: RuleId, rule: &Rule<'_>) -> After {
        let falls = match self.falls(rule, &traveller.packet) {
            Ok(falls) => falls,
            Err(fact) => return After::Stop(Stop::Asked(traveller, fact, Some(rule.line))),
        };
        let several = falls.len() > 1;
        let (mut after, mut missed) = (None, Vec::new());
        for Fall { share, matched, packet } in falls {
            let mut part = Traveller { packet, share: traveller.share * share, ..traveller.clone() };
            if matched {
                after = Some(match self.take(journal, part, id, rule, several.then_some(share)) {
                    After::Stop(Stop::Asked(_, fact, line)) => return After::Stop(Stop::Asked(traveller, fact, line)),
                    after => after,
                });
            } else {
                part.place.next_rule();
                missed.push(part);
            }
        }
        let after = after.or_else(|| missed.pop().map(After::On)).unwrap_or(After::On(traveller));
        missed.into_iter().fold(after, |after, missed| {
            let matched = match after {
                After::On(traveller) => Stop::Paused(traveller),
                After::Stop(stop) => stop,
            };
            After::Stop(Stop::Drawn { matched: Box::new(matched), missed })
        })
    }

    /// Every way that the draws of the rule can fall. `Err` if it depends on something that nobody said.
    fn falls(&self, rule: &Rule<'_>, packet: &Packet) -> Result<Vec<Fall>, Box<Fact>> {
        let (mut share, mut packet) = (Share::ALL, packet.clone());
        match rule.header.matches(&self.context(&packet, Some(rule))) {
            Outcome::Depends(fact) if !self.fails_after(rule, 0, &packet) => return Err(fact),
            Outcome::Never | Outcome::Depends(_) => return Ok(vec![Fall { share, matched: false, packet }]),
            Outcome::Always | Outcome::Chance(_) => {}
        }
        let mut falls = Vec::new();
        for (extension, next) in rule.matches.iter().zip(1..) {
            let meaning = extension.meaning();
            let chance = match meaning.matches(&self.context(&packet, Some(rule))) {
                Outcome::Always => None,
                Outcome::Chance(chance) => Some(chance),
                Outcome::Depends(fact) if !self.fails_after(rule, next, &packet) => return Err(fact),
                Outcome::Depends(_) => {
                    falls.push(Fall { share, matched: false, packet });
                    return Ok(falls);
                }
                Outcome::Never => {
                    meaning.record(&mut packet, false);
                    falls.push(Fall { share, matched: false, packet });
                    return Ok(falls);
                }
            };
            if let Some(chance) = chance {
                let mut missed = packet.clone();
                meaning.record(&mut missed, false);
                falls.push(Fall { share: share * chance.rest(), matched: false, packet: missed });
                share = share * chance;
            }
            meaning.record(&mut packet, true);
        }
        falls.push(Fall { share, matched: true, packet });
        Ok(falls)
    }

    /// Do the matches from this one on fail in any case, without writing anything down?
    fn fails_after(&self, rule: &Rule<'_>, first: usize, packet: &Packet) -> bool {
        let rest = || rule.matches.iter().skip(first).map(Match::meaning);
        let fails = |meaning: &dyn Matches| meaning.matches(&self.context(packet, Some(rule))) == Outcome::Never;
        !rest().any(Matches::records) && rest().any(fails)
    }
}
