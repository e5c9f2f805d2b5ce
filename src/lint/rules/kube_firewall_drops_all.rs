//! KPT601: a rule that should drop marked packets and drops every packet.

use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Severity};
use crate::ruleset::{Rule, RuleId, Then};
use crate::save::TableName;

/// What kubelet and kube-router write into the comment of such a rule.
const COMMENT: &str = "dropping marked packets";

pub(super) static LINT: Lint = Lint {
    code: "KPT601",
    name: "kube-firewall-drops-all",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[],
    page: include_str!("../../../docs/lints/kube-firewall-drops-all.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    for chain in input.chains_of(TableName::Filter) {
        let is_firewall = input.ruleset.name(chain) == "KUBE-FIREWALL";
        for (id, rule) in input.rules(chain).filter(|(_, rule)| drops(rule) && !asks(rule)) {
            let says_so = rule.comments().any(|comment| comment.contains(COMMENT));
            if is_firewall || says_so {
                findings.add(finding(input, id, rule, says_so));
            }
        }
    }
}

fn drops(rule: &Rule<'_>) -> bool {
    matches!(rule.then, Then::Target(Target::Drop(_) | Target::Reject(_)))
}

/// Does it ask for more than a protocol or interface? What is not understood may ask for the mark.
fn asks(rule: &Rule<'_>) -> bool {
    let addresses = rule.header.src.is_some() || rule.header.dst.is_some();
    addresses || rule.matches.iter().any(|extension| !matches!(extension, Match::Comment(_)))
}

fn finding(input: &Input<'_, '_>, id: RuleId, rule: &Rule<'_>, says_so: bool) -> Finding {
    let chain = input.ruleset.name(id.chain);
    let all = if rule.parts().iter().all(|(part, _)| part.starts_with("-m comment")) {
        "every packet"
    } else {
        "nearly every packet"
    };
    let label =
        if says_so { "is meant for marked packets, and asks for no mark" } else { "asks for no mark and no address" };
    let command = format!("{} -D {chain} {}", input.command(id.chain.table.name), input.words(id));
    Finding::new(format!("`{chain}` drops {all} that comes to it, so that this host loses its traffic"))
        .at(id, label)
        .help(
            "an iptables that does not see the mark match has written the rule back without it: delete it, and bring the iptables \
             of the host and of the kubelet, kube-proxy and kube-router images to one version",
        )
        .command(command)
}
