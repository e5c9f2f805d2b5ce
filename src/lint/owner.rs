//! Who made a chain, by its name.

use std::fmt;

/// The program that a chain belongs to. It writes the chain anew whenever it sees fit, so that an edit by hand does not last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Owner(&'static str);

/// Beginnings of names, and whose they are; the first that fits counts.
const PREFIXES: &[(&str, &str)] = &[
    ("KUBE-ROUTER-", "kube-router"),
    ("KUBE-POD-FW-", "kube-router"),
    ("KUBE-NWPLCY-", "kube-router"),
    ("KUBE-KUBELET-", "kubelet"),
    ("KUBE-", "kube-proxy"),
    ("cali-", "Calico"),
    ("FLANNEL-", "flannel"),
    ("CNI-", "CNI plugins"),
    ("CILIUM_", "Cilium"),
    ("OLD_CILIUM_", "Cilium"),
    ("WEAVE", "Weave Net"),
    ("AWS-", "the AWS CNI"),
    ("AZURE-NPM", "Azure NPM"),
    ("ANTREA-", "Antrea"),
    ("IP-MASQ", "ip-masq-agent"),
    ("DOCKER", "Docker"),
    ("NETAVARK", "netavark"),
    ("nv_", "netavark"),
    ("ts-", "Tailscale"),
    ("NETBIRD-", "NetBird"),
    ("netbird-", "NetBird"),
    ("LIBVIRT_", "libvirt"),
    ("ufw-", "ufw"),
    ("ufw6-", "ufw"),
    ("f2b-", "fail2ban"),
    ("CROWDSEC", "CrowdSec"),
    ("ISTIO_", "Istio"),
];

/// Beginnings of firewalld's names; `FWD` stands in `FWDI_`, `FWDO_` and `FWD_`.
const FIREWALLD: [&str; 5] = ["IN_", "FWDI_", "FWDO_", "FWD_", "PRE_"];

impl Owner {
    /// The owner of the chain called `name`; `None` for a built-in chain and for one that somebody made by hand.
    pub fn of(name: &str) -> Option<Self> {
        let known = PREFIXES.iter().find(|(prefix, _)| name.starts_with(prefix)).map(|(_, owner)| *owner);
        let firewalld = FIREWALLD.iter().any(|prefix| name.starts_with(prefix))
            || name.starts_with("POST_")
            || name.contains("_ZONES")
            || name.ends_with("_direct");
        known.or(firewalld.then_some("firewalld")).map(Self)
    }

    /// What it is called.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_by_name() {
        for (name, owner) in [
            ("KUBE-SVC-ABC", Some("kube-proxy")),
            ("KUBE-ROUTER-INPUT", Some("kube-router")),
            ("cali-FORWARD", Some("Calico")),
            ("CNI-HOSTPORT-DNAT", Some("CNI plugins")),
            ("INPUT_ZONES_SOURCE", Some("firewalld")),
            ("IN_public", Some("firewalld")),
            ("f2b-sshd", Some("fail2ban")),
            ("INPUT", None),
            ("my-chain", None),
        ] {
            assert_eq!(Owner::of(name).map(Owner::as_str), owner, "{name}");
        }
    }
}
