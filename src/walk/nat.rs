//! What a mapping of the nat table does to the packet that it is set up for (`nf_nat_setup_info`, `nf_nat_manip_pkt`).

use crate::packet::{Conntrack, Packet, Rewrite};
use crate::save::Hook;

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

/// Rewrites a later packet of a connection as its first one was, at the hooks where nat would have been asked
/// (`nf_nat_packet`).
pub(super) fn follow(packet: &mut Packet, hook: Hook) {
    let Conntrack::Entry { answers, original, expected: Some(expected), .. } = &packet.conntrack else { return };
    let tuple = if *answers { original } else { expected }.as_ref().clone().reversed();
    match hook {
        Hook::Prerouting | Hook::Output => (packet.dst, packet.dport) = (tuple.dst, tuple.dport),
        Hook::Input | Hook::Postrouting => (packet.src, packet.sport) = (tuple.src, tuple.sport),
        Hook::Forward => {}
    }
}
