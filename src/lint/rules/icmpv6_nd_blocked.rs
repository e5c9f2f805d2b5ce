//! KPT703: INPUT of IPv6 denies neighbour discovery.

use crate::analyze::{Acceptors, Stance, packets};
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::save::TableName::Filter;
use crate::save::{Family, Hook};

use super::default_drop_incomplete::decider;

pub(super) static LINT: Lint = Lint {
    code: "KPT703",
    name: "icmpv6-nd-blocked",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole, Need::Table(Filter)],
    page: include_str!("../../../docs/lints/icmpv6-nd-blocked.md"),
    check,
};

/// What a host has to hear: its type, how bad it is not to hear it, and what then does not work.
const HEARD: [(u8, Severity, &str); 3] = [
    (
        135,
        Severity::Error,
        "`INPUT` denies neighbour solicitations: the neighbours of this host do not find it over IPv6",
    ),
    (136, Severity::Error, "`INPUT` denies neighbour advertisements: this host does not find its neighbours over IPv6"),
    (
        134,
        Severity::Warning,
        "`INPUT` denies router advertisements: unless addresses and routes are set by hand, there are none",
    ),
];

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    if input.ruleset.family != Family::V6 || input.ruleset.is_mixed() {
        return;
    }
    let bases = input.ruleset.tables_named(Filter).filter_map(|table| input.ruleset.base(table, Hook::Input));
    for base in bases {
        let Stance::Denies(by) = Stance::of(input.ruleset, base) else { continue };
        let acceptors = Acceptors::of(input.ruleset, input.reached_from(base.table, Hook::Input));
        // Connection tracking leaves these alone: they are neither new nor established.
        let words =
            |kind: u8| format!("-p ipv6-icmp -m icmp6 --icmpv6-type {kind} -m conntrack --ctstate UNTRACKED ! -i lo");
        let denied = |kind: u8| !acceptors.may_accept(&packets(Family::V6, &words(kind)));
        if let Some((kind, severity, message)) = HEARD.into_iter().find(|(kind, ..)| denied(*kind)) {
            findings.add(
                Finding::new(message)
                    .severity(severity)
                    .at(decider(by), "denies it")
                    .key(kind.to_string())
                    .help("accept ICMPv6, or at least its types 133 to 136")
                    .command(format!("{} -I INPUT -p ipv6-icmp -j ACCEPT", input.command(Filter))),
            );
        }
    }
}
