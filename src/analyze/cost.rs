//! What a way costs the kernel: with how many rules it compares the packet.

use crate::extension::targets::Target;
use crate::ruleset::{ChainId, RuleId, Ruleset, Then};
use crate::walk::{Action, Step};

/// How many rules the kernel tries on a way with these steps. It goes from rule to rule (`ipt_do_table`), also where kpt looks
/// a rule up.
pub fn rules_tried(ruleset: &Ruleset<'_>, steps: &[Step]) -> u64 {
    let mut tally = Tally { ruleset, frames: Vec::new(), tried: 0 };
    let mut rest = steps.iter().peekable();
    let mut visit = None;
    while let Some(step) = rest.next() {
        let here = Some((step.chain.table, step.hook));
        if visit != here {
            tally.frames.push((step.chain, 0));
            visit = here;
        }
        let is_last = rest.peek().is_none_or(|next| Some((next.chain.table, next.hook)) != visit);
        match step.rule {
            Some(rule) => tally.matched(rule, &step.action, is_last),
            None => tally.run_out(None),
        }
    }
    tally.tried
}

/// The chains that a packet is in, each with the place of the rule that comes next, and what was tried.
struct Tally<'r, 't> {
    ruleset: &'r Ruleset<'t>,
    frames: Vec<(ChainId, u32)>,
    tried: u64,
}

impl Tally<'_, '_> {
    /// The rule matched; if it is the last of its table, it has decided.
    fn matched(&mut self, rule: RuleId, action: &Action, is_last: bool) {
        self.run_out(Some(rule.chain));
        if let Some((_, next)) = self.frames.last_mut() {
            self.tried += u64::from(rule.number().saturating_sub(*next));
            *next = rule.number();
        }
        match action {
            Action::Jump(to) => self.frames.push((*to, 0)),
            Action::Goto(to) => {
                self.frames.pop();
                self.frames.push((*to, 0));
            }
            _ if is_last => self.frames.clear(),
            _ if self.returns(rule) => {
                self.frames.pop();
            }
            _ => {}
        }
    }

    /// Chains that the packet has left behind their last rule, up to the one that it is in.
    fn run_out(&mut self, up_to: Option<ChainId>) {
        while let Some((chain, next)) = self.frames.last().copied().filter(|(chain, _)| Some(*chain) != up_to) {
            let rules = u32::try_from(self.ruleset.rules(chain).len()).unwrap_or(u32::MAX);
            self.tried += u64::from(rules.saturating_sub(next));
            self.frames.pop();
        }
    }

    fn returns(&self, rule: RuleId) -> bool {
        self.ruleset.rule(rule).is_some_and(|rule| matches!(rule.then, Then::Target(Target::Return(_))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analyze::trace;
    use crate::logic::Assumptions;
    use crate::packet::{Host, Packet, Value};
    use crate::save::{Family, scan};
    use crate::walk::Limits;

    fn tried(rules: &str) -> Vec<u64> {
        let text =
            format!("*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n:A - [0:0]\n:B - [0:0]\n{rules}COMMIT\n");
        let ruleset = Ruleset::merged(scan(&text, None).0);
        let mut packet = Packet::unknown(Family::V4, false);
        packet.dst = Value::Known([10, 0, 0, 1].into());
        let answer = trace(&ruleset, &Host::default(), &packet, Assumptions::default(), Limits::NEAR);
        answer.worlds[0].paths.iter().map(|path| rules_tried(&ruleset, &path.steps)).collect()
    }

    #[test]
    fn rules_are_counted_as_the_kernel_tries_them() {
        let miss = "-A FORWARD -d 192.0.2.1/32 -j DROP\n";
        assert_eq!(tried(&miss.repeat(3)), [3]);
        assert_eq!(tried(&format!("{miss}-A FORWARD -j ACCEPT\n{miss}")), [2]);
        let inside = "-A A -d 192.0.2.1/32 -j DROP\n";
        assert_eq!(tried(&format!("-A FORWARD -j A\n{miss}{inside}{inside}")), [4]);
        assert_eq!(tried(&format!("-A FORWARD -g A\n{miss}{inside}{inside}")), [3]);
        assert_eq!(tried(&format!("-A FORWARD -j A\n{miss}-A A -j RETURN\n{inside}")), [3]);
        assert_eq!(tried(&format!("-A FORWARD -j A\n{miss}-A A -g B\n{inside}-A B -j RETURN\n")), [4]);
        assert_eq!(tried(&format!("-A FORWARD -j A\n{miss}-A A -j B\n{inside}-A B -j ACCEPT\n")), [3]);
        assert_eq!(tried(&format!("-A FORWARD -j RETURN\n{miss}")), [1]);
        assert_eq!(
            tried("-A FORWARD -m statistic --mode random --probability 0.5 -j ACCEPT\n-A FORWARD -j DROP\n"),
            [1, 2]
        );
    }
}
