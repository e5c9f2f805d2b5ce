//! What a mapping of the nat table does to the packet that it is set up for (`nf_nat_setup_info`, `nf_nat_manip_pkt`).

use crate::packet::{Conntrack, Packet, Rewrite};

/// Rewrites the packet and notes it in its connection.
pub(super) fn apply(packet: &mut Packet, rewrite: &Rewrite) {
    let entry = match &mut packet.conntrack {
        Conntrack::Entry { dnat, snat, .. } => Some((dnat, snat)),
        _ => None,
    };
    match rewrite {
        Rewrite::Destination { address, port } => {
            packet.dst = address.clone();
            packet.dport = port.clone();
            if let Some((dnat, _)) = entry {
                *dnat = true;
            }
        }
        Rewrite::Source { address, port, .. } => {
            packet.src = address.clone();
            packet.sport = port.clone();
            if let Some((_, snat)) = entry {
                *snat = true;
            }
        }
    }
}
