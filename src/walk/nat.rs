//! What a mapping of the nat table does to the packet that it is set up for (`nf_nat_setup_info`, `nf_nat_manip_pkt`).

use crate::packet::{Conntrack, Packet, Rewrite};

/// Rewrites the packet and notes it in its connection, where it changes anything.
pub(super) fn apply(packet: &mut Packet, rewrite: &Rewrite) {
    let before = packet.tuple();
    match rewrite {
        Rewrite::Destination { address, port } => {
            packet.dst = address.clone();
            packet.dport = port.clone();
        }
        Rewrite::Source { address, port, .. } => {
            packet.src = address.clone();
            packet.sport = port.clone();
        }
    }
    let changed = before != packet.tuple();
    if let Conntrack::Entry { dnat, snat, .. } = &mut packet.conntrack {
        match rewrite {
            Rewrite::Destination { .. } => *dnat |= changed,
            Rewrite::Source { .. } => *snat |= changed,
        }
    }
}
