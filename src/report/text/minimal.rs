//! One line that does not change its shape: for scripts, and for people who run many traces.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::analyze::{Answer, Path};
use crate::report::{Safe, words};

/// `outcome protocol source destination service endpoint=share... snat=yes|no|some`
pub(super) fn line(answer: &Answer) -> String {
    let packet = &answer.asked;
    let protocol = packet.protocol.known().map_or_else(|| "*".into(), ToString::to_string);
    let service = answer.entry.as_ref().and_then(|entry| entry.service.as_ref());
    let service = service.map_or_else(|| "-".into(), ToString::to_string);
    let mut line = format!(
        "{} {protocol} {} {} {}",
        answer.outcome.as_str(),
        words::endpoint(&packet.src, &packet.sport),
        words::endpoint(&packet.dst, &packet.dport),
        Safe(&service),
    );
    let paths = answer.worlds.first().map_or(&[] as &[Path], |world| &world.paths);
    let mut shares: BTreeMap<String, f64> = BTreeMap::new();
    for path in paths.iter().filter(|path| path.dnat.is_some()) {
        *shares.entry(words::endpoint(&path.packet.dst, &path.packet.dport)).or_default() += path.share.get();
    }
    for (endpoint, share) in shares {
        let _ = write!(line, " {endpoint}={share:.6}");
    }
    let rewritten = paths.iter().filter(|path| path.snat.is_some()).count();
    let snat = match rewritten {
        0 => "no",
        all if all == paths.len() => "yes",
        _ => "some",
    };
    let _ = writeln!(line, " snat={snat}");
    line
}
