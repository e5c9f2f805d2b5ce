//! The way of a packet as the kernel's own trace tells it: every rule that matched and every policy that decided.
//!
//! `-j TRACE` is the first rule of raw. The legacy backend tells of it through the logger, the nft backend through its
//! monitor; both are heard here without a log.

use std::collections::BTreeMap;

use crate::counters::Place;
use crate::logs;
use crate::namespace::{run, sysctl};
use crate::netlink::{Attributes, DUMP, Message, Netlink, attribute};

/// Listens to the trace.
pub(crate) struct Watch {
    netlink: Netlink,
    v6: bool,
    legacy: bool,
    /// The interfaces of the host by number.
    interfaces: BTreeMap<u64, String>,
}

/// What is needed to tell where a rule of the trace stands.
pub(crate) enum Rules {
    /// How many rules each chain has: the number after the last is the end of the chain.
    Legacy(BTreeMap<(String, String), u32>),
    /// Where the rule with this handle of this table stands.
    Nft(BTreeMap<(String, u64), Place>),
}

/// What the kernel told about one packet.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// In order; number 0 is a policy.
    pub(crate) steps: Vec<Place>,
    /// The mark that it had last.
    pub(crate) mark: u32,
    /// Its headers when they were told last.
    pub(crate) headers: Vec<u8>,
    /// The lines that the legacy backend would have written to the log.
    pub(crate) lines: Vec<String>,
}

/// `NFPROTO_IPV4` and `NFPROTO_IPV6`
const fn protocol(v6: bool) -> u8 {
    if v6 { 10 } else { 2 }
}

/// The chains that have a policy.
const BASE: [&str; 5] = ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"];

const LOGGED: u16 = 0x400;
const CONFIGURE_LOG: u16 = 0x401;
const TRACED: u16 = 0xa11;
const GET_RULE: u16 = 0xa07;
/// The group that traces of the nft backend are told to.
const TRACE_GROUP: u32 = 1 << 8;

impl Watch {
    /// Begins to listen.
    pub(crate) fn new(backend: &str, v6: bool) -> Result<Self, String> {
        let legacy = backend == "legacy";
        let netlink = if legacy { logger(v6)? } else { Netlink::open(TRACE_GROUP)? };
        let links = run("ip -o link", "")?;
        let interface = |line: &str| {
            let mut parts = line.split(": ");
            Some((parts.next()?.parse().ok()?, parts.next()?.split('@').next()?.to_owned()))
        };
        Ok(Self { netlink, v6, legacy, interfaces: links.lines().filter_map(interface).collect() })
    }

    /// Where the rules stand that are loaded now and that `save` shows.
    pub(crate) fn rules(&self, save: &str) -> Result<Rules, String> {
        if self.legacy { Ok(Rules::Legacy(lengths(save))) } else { handles(self.v6).map(Rules::Nft) }
    }

    /// What was told of packets whose headers `is_it` knows, since this was asked last.
    pub(crate) fn told(&self, rules: &Rules, is_it: impl Fn(&[u8]) -> bool) -> Result<Told, String> {
        let mut told = Told::default();
        let mut known = BTreeMap::new();
        for message in self.netlink.heard()? {
            match (rules, message.kind) {
                (Rules::Legacy(lengths), LOGGED) => {
                    if message.says.get(9).is_some_and(&is_it) {
                        let name = |number| self.interfaces.get(&number).cloned().unwrap_or_default();
                        told.lines.extend(logs::line(&message.says, name));
                    }
                    legacy(&mut told, lengths, &message.says, &is_it)?;
                }
                (Rules::Nft(rules), TRACED) => nft(&mut told, rules, &message.says, &mut known, &is_it),
                _ => {}
            }
        }
        // The rule that switches the trace on is told by one backend and not by the other.
        told.steps.retain(|(table, chain, number)| {
            !(table == "raw" && *number == 1 && matches!(chain.as_str(), "PREROUTING" | "OUTPUT"))
        });
        Ok(told)
    }
}

/// Has the trace of the legacy backend told to a socket.
fn logger(v6: bool) -> Result<Netlink, String> {
    sysctl(&format!("netfilter/nf_log/{}", protocol(v6)), "nfnetlink_log")?;
    let netlink = Netlink::open(0)?;
    let bind = attribute(1, &[1]);
    let whole_packets = attribute(2, &[0, 0, 0xff, 0xff, 2, 0]);
    let at_once = attribute(5, &1u32.to_be_bytes());
    for says in [bind, whole_packets, at_once] {
        netlink.ask(CONFIGURE_LOG, 0, [0; 4], &says).map_err(|errno| format!("nfnetlink_log: {errno}"))?;
    }
    Ok(netlink)
}

/// Where the rule with each handle of each table stands.
fn handles(v6: bool) -> Result<BTreeMap<(String, u64), Place>, String> {
    let asked = Netlink::open(0)?.ask(GET_RULE, DUMP, [protocol(v6), 0, 0, 0], &[]);
    let mut numbers: BTreeMap<(String, String), u32> = BTreeMap::new();
    let mut rules = BTreeMap::new();
    for Message { says, .. } in asked.map_err(|errno| format!("nf_tables: {errno}"))? {
        let place = says.text(1).zip(says.text(2)).ok_or("a rule without a chain")?;
        let number = numbers.entry(place.clone()).or_default();
        *number += 1;
        let handle = says.number(3).ok_or("a rule without a handle")?;
        rules.insert((place.0.clone(), handle), (place.0, place.1, *number));
    }
    Ok(rules)
}

/// `TRACE: table:chain:rule|return|policy:N`; what is told before the target acts.
fn legacy(
    told: &mut Told,
    lengths: &BTreeMap<(String, String), u32>,
    says: &Attributes,
    is_it: &impl Fn(&[u8]) -> bool,
) -> Result<(), String> {
    let (headers, prefix) = (says.get(9).unwrap_or_default(), says.text(10).unwrap_or_default());
    let Some(place) = prefix.strip_prefix("TRACE: ").filter(|_| is_it(headers)) else { return Ok(()) };
    let mut parts = place.trim_end().rsplitn(3, ':');
    let number: u32 = parts.next().and_then(|number| number.parse().ok()).ok_or_else(|| prefix.clone())?;
    let _kind = parts.next();
    let (table, chain) = parts.next().and_then(|place| place.split_once(':')).ok_or_else(|| prefix.clone())?;
    let key = (table.to_owned(), chain.to_owned());
    let end = number > lengths.get(&key).copied().unwrap_or(0);
    if !end || BASE.contains(&chain) {
        told.steps.push((key.0, key.1, if end { 0 } else { number }));
    }
    told.mark = u32::try_from(says.number(2).unwrap_or(0)).unwrap_or(0);
    told.headers = headers.to_vec();
    Ok(())
}

/// One message for each rule that matched and for the policy; only the first of a chain has the headers.
fn nft(
    told: &mut Told,
    rules: &BTreeMap<(String, u64), Place>,
    says: &Attributes,
    known: &mut BTreeMap<u64, bool>,
    is_it: &impl Fn(&[u8]) -> bool,
) {
    const POLICY: u64 = 1;
    let id = says.number(6).unwrap_or(0);
    if let Some(network) = says.get(8) {
        let headers = [network, says.get(9).unwrap_or_default()].concat();
        known.insert(id, is_it(&headers));
        if is_it(&headers) {
            told.headers = headers;
        }
    }
    if !known.get(&id).copied().unwrap_or(false) {
        return;
    }
    let (table, chain) = (says.text(1).unwrap_or_default(), says.text(2).unwrap_or_default());
    if let Some(place) = says.number(3).and_then(|handle| rules.get(&(table.clone(), handle))) {
        told.steps.push(place.clone());
    } else if says.number(4) == Some(POLICY) {
        told.steps.push((table, chain, 0));
    }
    told.mark = u32::try_from(says.number(14).unwrap_or(0)).unwrap_or(0);
}

/// How many rules each chain of a dump has.
fn lengths(save: &str) -> BTreeMap<(String, String), u32> {
    let mut lengths = BTreeMap::new();
    let mut table = "";
    for line in save.lines() {
        if let Some(name) = line.strip_prefix('*') {
            table = name;
        } else if let Some(chain) = line.strip_prefix("-A ").and_then(|rule| rule.split(' ').next()) {
            *lengths.entry((table.to_owned(), chain.to_owned())).or_default() += 1;
        }
    }
    lengths
}
