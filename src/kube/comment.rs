//! The comments that kube-proxy writes: which Service port a rule is for, and what for.

use super::name::ServiceName;

/// What a comment says a rule is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// The Service's own address.
    ClusterIp,
    /// One of its external addresses.
    ExternalIp,
    /// An address of its load balancer.
    LoadBalancer,
    /// Nobody serves it.
    NoEndpoints,
    /// Nobody on this node serves it.
    NoLocalEndpoints,
    /// The port that a load balancer asks whether this node serves it.
    HealthCheck,
    /// Anything else, such as a node port or an endpoint.
    Port,
}

/// What may follow the name, the longest first.
const SUFFIXES: [(&str, About); 6] = [
    (" has no local endpoints", About::NoLocalEndpoints),
    (" has no endpoints", About::NoEndpoints),
    (" health check node port", About::HealthCheck),
    (" loadbalancer IP", About::LoadBalancer),
    (" external IP", About::ExternalIp),
    (" cluster IP", About::ClusterIp),
];

/// What may stand around a name in other comments.
const PREFIXES: [&str; 6] = [
    "masquerade traffic for ",
    "pod traffic for ",
    "masquerade LOCAL traffic for ",
    "route LOCAL traffic for ",
    "other traffic to ",
    "Balancing rule ",
];

/// The Service port that a comment names, and what the rule is for. A mail may have broken it at a blank.
pub fn read_comment(comment: &str) -> Option<(ServiceName, About)> {
    if comment.contains('\n') {
        return read_comment(&comment.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    }
    for (suffix, about) in SUFFIXES {
        if let Some(name) = comment.strip_suffix(suffix) {
            return Some((name.parse().ok()?, about));
        }
    }
    let inner = PREFIXES.iter().find_map(|prefix| comment.strip_prefix(prefix));
    let words = inner.unwrap_or(comment).split(' ');
    let name = words.map(str::parse).find_map(Result::ok)?;
    let alone = inner.is_some() || comment.split(' ').next().is_some_and(|first| first.parse::<ServiceName>().is_ok());
    alone.then_some((name, About::Port))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_every_version() {
        for (comment, name, about) in [
            ("default/kubernetes:https cluster IP", "default/kubernetes:https", About::ClusterIp),
            ("default/nginx-service-nodeport: cluster IP", "default/nginx-service-nodeport", About::ClusterIp),
            ("ns1/svc1:p80 -> 10.0.3.2:80", "ns1/svc1:p80", About::Port),
            ("ns1/svc1:p80", "ns1/svc1:p80", About::Port),
            ("ns6/svc6:p80 has no endpoints", "ns6/svc6:p80", About::NoEndpoints),
            ("masquerade traffic for ns1/svc1:p80 external destinations", "ns1/svc1:p80", About::Port),
            ("Balancing rule 0 for ns3/svc3:p80", "ns3/svc3:p80", About::Port),
            ("ns5/svc5:p80 traffic not accepted by KUBE-FW-NUKIZ6OKUXPJNT4C", "ns5/svc5:p80", About::Port),
        ] {
            let read = read_comment(comment);
            assert_eq!(read, Some((name.parse().unwrap(), about)), "{comment}");
        }
        assert_eq!(read_comment("a/b:c\ncluster IP").map(|(_, about)| about), Some(About::ClusterIp));
        for comment in ["kubernetes service portals", "cali:CdHsjen-CJmn3B3g", "flanneld masq", "see a/b"] {
            assert_eq!(read_comment(comment), None, "{comment}");
        }
    }
}
