//! What a fragment of a node's rules lacks and every node has.
//!
//! `iptables-save | grep my-service` leaves out the rules that lead to the Service and those that masquerade. They are
//! the same on every node that kube-proxy writes, so they are added, and the answer says so.

use crate::save::{Document, TableName, TableText};

/// Rules of the nat table: the chain that may be missing, the name that it is missed by, and how kube-proxy fills it.
const STANDARD: [(&str, &str, &str); 6] = [
    ("PREROUTING", "KUBE-SERVICES", "-m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES"),
    ("OUTPUT", "KUBE-SERVICES", "-m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES"),
    ("KUBE-MARK-MASQ", "KUBE-MARK-MASQ", "-j MARK --set-xmark 0x4000/0x4000"),
    ("KUBE-MARK-DROP", "KUBE-MARK-DROP", "-j MARK --set-xmark 0x8000/0x8000"),
    ("POSTROUTING", "KUBE-MARK-MASQ", "-m comment --comment \"kubernetes postrouting rules\" -j KUBE-POSTROUTING"),
    (
        "KUBE-POSTROUTING",
        "KUBE-MARK-MASQ",
        "-m comment --comment \"kubernetes service traffic requiring SNAT\" -m mark --mark 0x4000/0x4000 -j MASQUERADE",
    ),
];

/// The rule lines to add to a fragment; `None` if it needs none.
pub fn supplement(document: &Document<'_>) -> Option<String> {
    let nat = document.table(TableName::Nat).filter(|_| document.fragment)?;
    let has_any = |prefix: &str| nat.chains.iter().any(|chain| chain.name.starts_with(prefix));
    if !has_any("KUBE-SERVICES") && !has_any("KUBE-NODEPORTS") && !has_any("KUBE-SVC-") {
        return None;
    }
    let mut lines = String::from("\n");
    for (chain, missed_by, rule) in STANDARD {
        if is_empty(nat, chain) && document.text.contains(missed_by) {
            lines.extend(["-A ", chain, " ", rule, "\n"]);
        }
    }
    if !is_empty(nat, "KUBE-NODEPORTS") && !has_node_ports_jump(document, nat) {
        lines.push_str("-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS\n");
    }
    (lines.len() > 1).then_some(lines)
}

fn is_empty(table: &TableText<'_>, chain: &str) -> bool {
    let position = table.position(chain).and_then(|position| table.chains.get(position as usize));
    position.is_none_or(|chain| chain.rules.is_empty())
}

fn has_node_ports_jump(document: &Document<'_>, nat: &TableText<'_>) -> bool {
    let services = nat.position("KUBE-SERVICES").and_then(|position| nat.chains.get(position as usize));
    services.is_some_and(|chain| chain.rules.iter().any(|rule| rule.text(document.text).contains("KUBE-NODEPORTS")))
}

#[cfg(test)]
mod tests {
    use crate::save::scan;

    use super::*;

    fn added(text: &str) -> Vec<String> {
        let (documents, _) = scan(text, None);
        let lines = documents.first().and_then(supplement).unwrap_or_default();
        lines.lines().filter_map(|line| line.split(' ').nth(1)).map(str::to_owned).collect()
    }

    #[test]
    fn a_grep_lacks_what_every_node_has() {
        assert_eq!(
            added("-A KUBE-SERVICES -d 10.0.0.1/32 -j KUBE-SVC-X\n-A KUBE-NODEPORTS -p tcp -j KUBE-MARK-MASQ\n"),
            ["PREROUTING", "OUTPUT", "KUBE-MARK-MASQ", "POSTROUTING", "KUBE-POSTROUTING", "KUBE-SERVICES"]
        );
    }

    #[test]
    fn what_is_there_is_not_added() {
        assert!(
            !added("-A KUBE-SVC-X -j KUBE-SEP-X\n-A KUBE-MARK-MASQ -j MARK --set-xmark 0x1/0x1\n")
                .contains(&"KUBE-MARK-MASQ".into())
        );
        assert_eq!(added("*nat\n-A KUBE-SERVICES -j KUBE-SVC-X\nCOMMIT\n"), [""; 0]);
        assert_eq!(added("-A INPUT -j ACCEPT\n"), [""; 0]);
    }
}
