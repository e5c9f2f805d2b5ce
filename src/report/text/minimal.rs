//! One line that does not change its shape: for scripts, and for people who run many traces.

use std::fmt::Write as _;

use crate::analyze::Brief;
use crate::packet::Packet;
use crate::report::{Safe, words};

/// `outcome protocol source destination service endpoint=share... snat=yes|no|some`
pub(super) fn brief(packet: &Packet, brief: &Brief) -> String {
    line(packet, brief.outcome.as_str(), &tail(brief))
}

/// The line of a packet whose answer is there in words.
pub fn line(packet: &Packet, outcome: &str, tail: &str) -> String {
    let protocol = packet.protocol.known().map_or_else(|| "*".into(), ToString::to_string);
    let (src, dst) = (words::endpoint(&packet.src, &packet.sport), words::endpoint(&packet.dst, &packet.dport));
    format!("{outcome} {protocol} {src} {dst} {tail}\n")
}

/// What the line says behind the packet.
pub fn tail(brief: &Brief) -> String {
    let service = brief.entry.as_ref().and_then(|entry| entry.service.as_ref());
    let service = service.map_or_else(|| "-".into(), ToString::to_string);
    let mut tail = Safe(&service).to_string();
    let endpoints = brief.endpoints.iter().map(|((address, port), share)| (words::endpoint(address, port), share));
    for (endpoint, share) in endpoints {
        let _ = write!(tail, " {endpoint}={:.6}", share.get());
    }
    let _ = write!(tail, " snat={}", brief.snat.as_str());
    tail
}
