//! What kube-proxy's rules suggest about the host, where nobody says it.

use crate::logic::Presumed;
use crate::packet::{Host, Packet, Value};
use crate::ruleset::{AddressTest, Destination, Ruleset, Test};
use crate::save::TableName;

use super::entry::{Via, entry_for};
use super::recover::recover;

/// Presumes where endpoints are whose addresses were lost, and whether the packet's destination is an address of the host: a Service's own address is not, an address that
/// leads to the node ports is, and so, unless told otherwise, is one that is asked at a node port.
pub fn presume(ruleset: &Ruleset<'_>, packet: &Packet, host: &mut Host) {
    let Value::Known(dst) = packet.dst else { return };
    let entry = entry_for(ruleset, packet);
    if let Some(chain) = entry.as_ref().and_then(|entry| entry.chain) {
        recover(ruleset, chain, host);
    }
    let presumed = match entry.map(|entry| entry.via) {
        Some(Via::ClusterIp) => Presumed::firmly(false),
        Some(Via::ExternalIp | Via::LoadBalancer) => Presumed::usually(false),
        Some(Via::NodePort | Via::HealthCheck) => Presumed::usually(true),
        None if leads_to_node_ports(ruleset, dst) => Presumed::firmly(true),
        None => return,
    };
    host.presume_local(dst, presumed);
}

/// `-A KUBE-SERVICES -d ADDRESS -j KUBE-NODEPORTS`, written for each address of `--nodeport-addresses`.
fn leads_to_node_ports(ruleset: &Ruleset<'_>, dst: std::net::IpAddr) -> bool {
    let destination = Destination { address: Some(dst), port: None };
    let chains = ruleset.find_any(TableName::Nat, "KUBE-SERVICES");
    chains.flat_map(|chain| ruleset.rules_for(chain, destination)).any(|(_, rule)| {
        let to_node_ports = rule.leads_to().is_some_and(|chain| ruleset.name(chain) == "KUBE-NODEPORTS");
        to_node_ports
            && matches!(rule.header.dst.as_deref(), Some(Test { not: false, value: AddressTest::Net(net) }) if net.only() == Some(dst))
    })
}
