//! The hash in kube-proxy's chain names (`portProtoHash` and `servicePortEndpointChainName` in its `proxier.go`).

use std::net::IpAddr;

use data_encoding::BASE32;
use sha2::{Digest, Sha256};

use crate::packet::Protocol;

/// What stands behind `KUBE-SVC-`, `KUBE-EXT-` and the like for a Service port, and with an endpoint (`ip:port`, as
/// DNAT takes it) behind `KUBE-SEP-`: the first 16 characters of the base32 of a SHA-256.
pub fn suffix(service_port: &str, protocol: Protocol, endpoint: Option<&str>) -> String {
    let hash = Sha256::new()
        .chain_update(service_port)
        .chain_update(protocol.to_string())
        .chain_update(endpoint.unwrap_or_default())
        .finalize();
    let mut text = BASE32.encode(&hash);
    text.truncate(16);
    text
}

/// The port of an endpoint whose chain has this suffix: the only one of all that fits, if one does.
pub(super) fn port_of(suffix: &str, service_port: &str, protocol: Protocol, address: IpAddr) -> Option<u16> {
    // 16 characters are 80 bits.
    let wanted = BASE32.decode(suffix.as_bytes()).ok().filter(|bits| bits.len() == 10)?;
    let address = match address {
        IpAddr::V4(address) => format!("{address}:"),
        IpAddr::V6(address) => format!("[{address}]:"),
    };
    let begun = Sha256::new().chain_update(service_port).chain_update(protocol.to_string()).chain_update(address);
    let fits = |port: &u16| begun.clone().chain_update(port.to_string()).finalize().starts_with(&wanted);
    (1..=u16::MAX).find(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_found_by_its_hash() {
        let port = |service: &str, address: &str| {
            port_of("MMWJ6M2J72TU3J64", service, Protocol::TCP, address.parse().unwrap())
        };
        assert_eq!(port("default/nginx-service-nodeport:", "172.17.0.2"), Some(80));
        assert_eq!(port("default/nginx-service-nodeport:", "172.17.0.3"), None);
        assert_eq!(port("default/other", "172.17.0.2"), None);
    }

    /// Names that real nodes have.
    #[test]
    fn chains_of_real_nodes() {
        for (name, protocol, endpoint, expected) in [
            ("default/kubernetes:https", Protocol::TCP, None, "NPX46M4PTMTKRN6Y"),
            ("default/kubernetes:https", Protocol::TCP, Some("10.0.0.1:6443"), "NMFUQD3Y5ZBKJ7GW"),
            ("kube-system/kube-dns:dns", Protocol::UDP, None, "TCOU7JCQXEZGVUNU"),
            ("default/nginx-service-nodeport:", Protocol::TCP, None, "I64SNEMOLCWHJHS3"),
            ("default/nginx-service-nodeport:", Protocol::TCP, Some("172.17.0.2:80"), "MMWJ6M2J72TU3J64"),
            ("ns1/svc1", Protocol::TCP, None, "AQI2S6QIMU7PVVRP"),
            ("ns1/svc1:p80", Protocol::TCP, Some("[fd00:10:180::1]:80"), "OGYCNMB4EMRUSJ6N"),
        ] {
            assert_eq!(suffix(name, protocol, endpoint), expected, "{name}");
        }
    }
}
