//! Matches that no set of fields describes, but whose answer depends on the packet and its state alone.

use crate::extension::matches::Match;

use super::cube::Opaque;

/// The match as a test with an answer to be had; `None` if it counts, draws, looks at a clock or writes something down, or
/// nobody knows what it does. Then the same packet may get another answer from the same words.
pub(super) fn test(extension: &Match<'_>) -> Option<(Opaque, bool)> {
    if !is_steady(extension) || extension.meaning().records() {
        return None;
    }
    let text = extension.to_string();
    Some(match contrary(extension, &text) {
        Some(contrary) => (contrary.into(), false),
        None => (text.into(), true),
    })
}

/// Those that are known to be steady. A set is taken to stay as it is while a packet passes, unless its counters are
/// asked for.
fn is_steady(extension: &Match<'_>) -> bool {
    match extension {
        Match::Set(_) => !["--packets-", "--bytes-"].iter().any(|counter| extension.to_string().contains(counter)),
        Match::AddrType(_)
        | Match::Ah(_)
        | Match::Cgroup(_)
        | Match::Cluster(_)
        | Match::ConnLabel(_)
        | Match::ConnMark(_)
        | Match::Conntrack(_)
        | Match::Cpu(_)
        | Match::Dccp(_)
        | Match::DevGroup(_)
        | Match::Dscp(_)
        | Match::Dst(_)
        | Match::Ecn(_)
        | Match::Esp(_)
        | Match::Eui64(_)
        | Match::Frag(_)
        | Match::Hbh(_)
        | Match::Helper(_)
        | Match::HopLimit(_)
        | Match::IpComp(_)
        | Match::Ipv6Header(_)
        | Match::Ipvs(_)
        | Match::Length(_)
        | Match::Mac(_)
        | Match::Mh(_)
        | Match::Owner(_)
        | Match::PhysDev(_)
        | Match::PktType(_)
        | Match::Policy(_)
        | Match::Realm(_)
        | Match::Routing(_)
        | Match::Sctp(_)
        | Match::Srh(_)
        | Match::String(_)
        | Match::Tcp(_)
        | Match::TcpMss(_)
        | Match::Tos(_)
        | Match::Ttl(_)
        | Match::U32(_) => true,
        _ => false,
    }
}

/// The words of the contrary test, where the only option stands behind a `!` and that swaps the answers.
fn contrary(extension: &Match<'_>, text: &str) -> Option<String> {
    let swaps = matches!(extension, Match::Set(_) | Match::AddrType(_));
    let (name, rest) = text.split_once(" ! ").filter(|_| swaps)?;
    let alone = !name.contains("--") && rest.matches("--").count() == 1;
    alone.then(|| format!("{name} {rest}"))
}
