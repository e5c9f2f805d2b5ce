//! KPT501: a chain of kube-proxy that is filled, but that no packet comes to.

use crate::lint::{Confidence, Finding, Findings, Input, Lint, Mode, Need, Severity};
use crate::ruleset::ChainId;
use crate::save::Hook::{self, Forward, Input as In, Output, Postrouting, Prerouting};
use crate::save::TableName::{self, Filter, Nat};

pub(super) static LINT: Lint = Lint {
    code: "KPT501",
    name: "kube-hook-missing",
    severity: Severity::Error,
    confidence: Confidence::Exact,
    needs: &[Need::Whole],
    page: include_str!("../../../docs/lints/kube-hook-missing.md"),
    check,
};

/// A chain, where it has to be reached from, and how kube-proxy jumps there.
struct Jump {
    table: TableName,
    chain: &'static str,
    hooks: &'static [Hook],
    /// A hook that kube-proxy has jumped from only since this version.
    late: Option<(Hook, &'static str)>,
    words: &'static str,
    effect: &'static str,
}

/// The jumps that kube-proxy and kubelet make (`iptablesJumpChains` in kube-proxy's `proxier.go`).
const JUMPS: &[Jump] = &[
    Jump {
        table: Nat,
        chain: "KUBE-SERVICES",
        hooks: &[Prerouting, Output],
        late: None,
        words: "-m comment --comment \"kubernetes service portals\"",
        effect: "Services cannot be reached",
    },
    Jump {
        table: Nat,
        chain: "KUBE-POSTROUTING",
        hooks: &[Postrouting],
        late: None,
        words: "-m comment --comment \"kubernetes postrouting rules\"",
        effect: "nothing is masqueraded for Services, so that answers do not come back",
    },
    Jump {
        table: Filter,
        chain: "KUBE-FORWARD",
        hooks: &[Forward],
        late: None,
        words: "-m comment --comment \"kubernetes forwarding rules\"",
        effect: "traffic of Services is not let through to pods unless another rule does",
    },
    Jump {
        table: Filter,
        chain: "KUBE-SERVICES",
        hooks: &[Forward, Output],
        late: Some((Forward, "1.14")),
        words: "-m conntrack --ctstate NEW -m comment --comment \"kubernetes service portals\"",
        effect: "connections to Services without endpoints hang instead of being refused",
    },
    Jump {
        table: Filter,
        chain: "KUBE-EXTERNAL-SERVICES",
        hooks: &[In, Forward],
        late: Some((Forward, "1.19")),
        words: "-m conntrack --ctstate NEW -m comment --comment \"kubernetes externally-visible service portals\"",
        effect: "connections from outside to Services without endpoints hang instead of being refused",
    },
    Jump {
        table: Filter,
        chain: "KUBE-NODEPORTS",
        hooks: &[In],
        late: None,
        words: "-m comment --comment \"kubernetes health check service ports\"",
        effect: "load balancers cannot ask the health check ports unless another rule lets them",
    },
    Jump {
        table: Filter,
        chain: "KUBE-PROXY-FIREWALL",
        hooks: &[In, Forward, Output],
        late: None,
        words: "-m conntrack --ctstate NEW -m comment --comment \"kubernetes load balancer firewall\"",
        effect: "sources that a load balancer should refuse are let through",
    },
    Jump {
        table: Filter,
        chain: "KUBE-FIREWALL",
        hooks: &[In, Output],
        late: None,
        words: "",
        effect: "packets that kubelet wants dropped are let through",
    },
];

impl Jump {
    /// In IPVS mode, kube-proxy does not look at what this host itself sends.
    fn is_not_of_ipvs(&self, hook: Hook) -> bool {
        self.chain == "KUBE-PROXY-FIREWALL" && hook == Output
    }
}

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let mut has_kube = false;
    for jump in JUMPS {
        let filled =
            input.ruleset.find_any(jump.table, jump.chain).filter(|chain| !input.ruleset.rules(*chain).is_empty());
        for chain in filled {
            has_kube = true;
            let wanted = jump.hooks.iter().filter(|hook| !(input.mode() == Mode::Ipvs && jump.is_not_of_ipvs(**hook)));
            let (made, missing): (Vec<&Hook>, Vec<_>) =
                wanted.partition(|hook: &&Hook| input.is_reached_from(chain, **hook));
            for hook in missing {
                let late = jump.late.filter(|(late, _)| late == hook && !made.is_empty());
                findings.add(finding(input, chain, jump, *hook, late.map(|(_, version)| version)));
            }
        }
    }
    for table in [Nat, Filter].into_iter().filter(|table| has_kube && input.is_missing(*table)) {
        findings.skip(format!("the jumps of the {table} table, which is not in the input"));
    }
}

/// `since` is the version that first made this jump, where the others of the chain are there: an older one may run here.
fn finding(input: &Input<'_, '_>, chain: ChainId, jump: &Jump, hook: Hook, since: Option<&str>) -> Finding {
    let Jump { table, chain: name, words, effect, .. } = jump;
    let whose = match hook {
        Prerouting => " by what comes in",
        Output => " by this host itself",
        _ => "",
    };
    let message = format!("{effect}{whose}: nothing leads from `{hook}` to `{name}` in `{table}`");
    let label = match input.ruleset.rules(chain).len() {
        1 => "its rule is not reached from there".to_owned(),
        rules => format!("its {rules} rules are not reached from there"),
    };
    let finding = Finding::new(message).key(hook.as_str()).at(chain, label);
    let base = input.ruleset.base(chain.table, hook).filter(|base| input.chain_line(*base).is_some());
    let finding = match base {
        Some(base) => finding.at(base, format!("does not lead to `{name}`")),
        None => finding,
    };
    let finding = match since {
        Some(since) => finding
            .severity(Severity::Info)
            .help(format!("kube-proxy makes this jump since Kubernetes {since}: update it, or restart it if it is as new")),
        None => finding.help(
            "restart kube-proxy (for `KUBE-FIREWALL`, kubelet), which makes its jumps anew; where firewalld has removed them, set \
             `FlushAllOnReload=no` in firewalld.conf",
        ),
    };
    let words = if words.is_empty() { String::new() } else { format!(" {words}") };
    finding.command(format!("{} -I {hook}{words} -j {name}", input.command(*table)))
}
