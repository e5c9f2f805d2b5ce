//! KPT401: what kube-proxy marks for masquerading is not masqueraded.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::analyze::{Leaver, Leaving, leaving, masquerade_bits, translated_to};
use crate::extension::matches::Match;
use crate::extension::targets::Target;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::packet::Protocol;
use crate::ruleset::{ChainId, Rule, RuleId, Then};
use crate::save::{Family, Hook, TableName};

pub(super) static LINT: Lint = Lint {
    code: "KPT401",
    name: "masq-mark-broken",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat), Need::Whole],
    page: include_str!("../../../docs/lints/masq-mark-broken.md"),
    check,
};

/// Endpoints that are tried.
const MOST_ENDPOINTS: usize = 100;
/// Addresses for documentation, for a client who is nobody in particular.
const CLIENT_V4: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 77);
const CLIENT_V6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 77);

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.is_mixed() {
        return findings.skip("masquerading by rules of both backends");
    }
    let Some(marking) = input.ruleset.find_any(TableName::Nat, "KUBE-MARK-MASQ").next() else { return };
    // Where kube-proxy does nothing, kubelet may have made the chain all the same.
    let has_services =
        input.ruleset.find_any(TableName::Nat, "KUBE-SERVICES").any(|chain| !input.ruleset.rules(chain).is_empty());
    if !has_services || !input.is_reached(marking) {
        return;
    }
    findings.extend(match masquerade_bits(input.ruleset) {
        Some(bits) => unmasqueraded(input, marking, bits),
        None => unmarked(input, marking),
    });
}

/// A chain that should mark and does not.
fn unmarked(input: &Input<'_, '_>, marking: ChainId) -> Option<Finding> {
    let may_mark = |rule: &Rule<'_>| {
        let unread = matches!(rule.then, Then::Unreadable | Then::Target(Target::Unread(_) | Target::ConnMark(_)));
        unread || rule.leads_to().is_some()
    };
    if input.rules(marking).any(|(_, rule)| may_mark(rule)) {
        return None;
    }
    let message =
        "nothing is masqueraded for Services, so that answers do not come back: `KUBE-MARK-MASQ` sets no mark";
    Some(Finding::new(message).at(marking, "has no rule that sets a mark").help(help()))
}

/// Marked packets that no rule masquerades.
fn unmasqueraded(input: &Input<'_, '_>, marking: ChainId, bits: u32) -> Option<Finding> {
    let base = input.ruleset.base(marking.table, Hook::Postrouting)?;
    let postrouting = input.ruleset.find(marking.table, "KUBE-POSTROUTING");
    // That nothing leads there is told by KPT501.
    if postrouting.is_some_and(|chain| !input.is_reached(chain)) {
        return None;
    }
    let keeps = |chain: ChainId, leaver: Leaver| {
        matches!(leaving(input.ruleset, chain, leaver), Leaving::Kept(_) | Leaving::Passed)
    };
    let leavers = leavers(input, bits);
    let in_own = postrouting.is_none_or(|chain| leavers.iter().all(|leaver| keeps(chain, *leaver)));
    if !in_own || !leavers.iter().any(|leaver| keeps(base, *leaver)) {
        return None;
    }
    let marks = input.rules(marking).find(|(_, rule)| matches!(rule.then, Then::Target(Target::Mark(_))))?.0;
    let message = format!(
        "what kube-proxy marks with {bits:#x} is not masqueraded, so that answers to clients of Services may not come back"
    );
    let finding = Finding::new(message).at(marks, format!("sets {bits:#x}"));
    let finding = match postrouting {
        Some(chain) => match asking(input, chain) {
            Some(rule) => finding.at(rule, "asks for another mark"),
            None => finding.at(chain, "does not masquerade it"),
        },
        None => finding.at(base, "leads to no `KUBE-POSTROUTING`"),
    };
    Some(finding.help(help()))
}

/// Somebody outside who asks an endpoint, and the endpoint that asks itself, for several of them.
fn leavers(input: &Input<'_, '_>, mark: u32) -> Vec<Leaver> {
    let client: IpAddr = if input.ruleset.family == Family::V6 { CLIENT_V6.into() } else { CLIENT_V4.into() };
    let leaver = |src, dst| Leaver { src: Some(src), dst, dport: None, protocol: Protocol::TCP, mark };
    let chains = input.endpoint_chains();
    let endpoints: BTreeSet<IpAddr> =
        chains.flat_map(|chain| translated_to(input.ruleset, chain)).take(MOST_ENDPOINTS).collect();
    let of_each = endpoints.iter().flat_map(|to| [leaver(client, Some(*to)), leaver(*to, Some(*to))]);
    of_each.chain(endpoints.is_empty().then(|| leaver(client, None))).collect()
}

/// The rule of the chain that asks for a mark.
fn asking(input: &Input<'_, '_>, chain: ChainId) -> Option<RuleId> {
    let asks = |rule: &Rule<'_>| rule.matches.iter().any(|extension| matches!(extension, Match::Mark(_)));
    input.rules(chain).find(|(_, rule)| asks(rule)).map(|(id, _)| id)
}

const fn help() -> &'static str {
    "restart kube-proxy, which writes these chains anew; where kubelet of Kubernetes 1.26 or older writes them too, give both the \
     same masquerade bit (`iptablesMasqueradeBit`)"
}
