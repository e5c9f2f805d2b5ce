//! Rules that would make one packet visible on its way: where each has to stand, and what it has to ask for.

use std::collections::BTreeSet;
use std::net::IpAddr;

use crate::analyze::Answer;
use crate::packet::{Packet, Value};
use crate::ruleset::{ChainId, Ruleset};
use crate::save::{Backend, Family, TableName};
use crate::walk::Action;

/// Letters of a prefix, without the blank at its end: iptables takes 29.
const LETTERS: usize = 28;

/// A rule that writes to the kernel's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Which program loads it: `iptables-legacy`, `ip6tables-nft`; without the backend where there is only one.
    pub tool: String,
    /// The table.
    pub table: TableName,
    /// The chain, at whose top it stands.
    pub chain: String,
    /// What it asks for.
    pub matches: String,
    /// What stands before the packet in the log; none for TRACE.
    pub prefix: Option<String>,
}

/// A LOG rule at the top of each chain that the packet may go through, in the order of its way.
pub fn logging(ruleset: &Ruleset<'_>, answer: &Answer) -> Vec<Probe> {
    let mut seen = BTreeSet::new();
    let mut chains: Vec<ChainId> = Vec::new();
    let paths = answer.worlds.iter().filter(|world| world.default).flat_map(|world| &world.paths);
    for step in paths.flat_map(|path| &path.steps) {
        let into = match step.action {
            Action::Jump(chain) | Action::Goto(chain) => Some(chain),
            _ => None,
        };
        chains.extend([step.chain].into_iter().chain(into).filter(|chain| seen.insert(*chain)));
    }
    let probe = |(number, chain): (usize, ChainId)| {
        let name = ruleset.name(chain);
        let prefix = format!("kpt{number} {} {name}", chain.table.name);
        let prefix: String = prefix.chars().filter(char::is_ascii).take(LETTERS).collect();
        Probe {
            tool: tool(ruleset, chain.table.backend),
            table: chain.table.name,
            chain: name.to_owned(),
            matches: matches(&answer.asked, chain.table.name != TableName::Raw),
            prefix: Some(prefix + " "),
        }
    };
    (1..).zip(chains).map(probe).collect()
}

/// A TRACE rule where the packet comes in.
pub fn tracing(ruleset: &Ruleset<'_>, answer: &Answer) -> Vec<Probe> {
    let backends: BTreeSet<Backend> = ruleset.tables().map(|table| table.backend).collect();
    let chain = if answer.asked.local { "OUTPUT" } else { "PREROUTING" };
    let probe = |backend| Probe {
        tool: tool(ruleset, backend),
        table: TableName::Raw,
        chain: chain.to_owned(),
        matches: matches(&answer.asked, false),
        prefix: None,
    };
    backends.into_iter().map(probe).collect()
}

fn tool(ruleset: &Ruleset<'_>, backend: Backend) -> String {
    let tool = if ruleset.family == Family::V6 { "ip6tables" } else { "iptables" };
    if ruleset.is_mixed() { format!("{tool}-{}", backend.as_str()) } else { tool.to_owned() }
}

/// What exactly this packet has. Once it is tracked, its connection knows the addresses that it had before nat.
fn matches(packet: &Packet, tracked: bool) -> String {
    let mut words = Vec::new();
    if let Value::Known(protocol) = &packet.protocol {
        words.push(format!("-p {protocol}"));
    }
    let has_ports = packet.sport.known().is_some() || packet.dport.known().is_some();
    if tracked {
        words.push("-m conntrack --ctdir ORIGINAL".to_owned());
        let address = |side: &str, address: &Value<IpAddr>| address.known().map(|it| format!("--ctorig{side} {it}"));
        let port = |side: &str, port: &Value<u16>| port.known().map(|it| format!("--ctorig{side}port {it}"));
        words.extend([address("src", &packet.src), address("dst", &packet.dst)].into_iter().flatten());
        words.extend([port("src", &packet.sport), port("dst", &packet.dport)].into_iter().flatten());
    } else {
        let address = |flag: &str, address: &Value<IpAddr>| address.known().map(|it| format!("{flag} {it}"));
        let port = |flag: &str, port: &Value<u16>| port.known().map(|it| format!("{flag} {it}"));
        words.extend([address("-s", &packet.src), address("-d", &packet.dst)].into_iter().flatten());
        words.extend(
            [port("--sport", &packet.sport), port("--dport", &packet.dport)]
                .into_iter()
                .flatten()
                .filter(|_| has_ports),
        );
    }
    words.join(" ")
}
