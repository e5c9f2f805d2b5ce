//! What kpt says of a packet, beside what the kernel did.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use kpt::analyze::{Path, trace};
use kpt::extension::Verdict;
use kpt::logic::Assumptions;
use kpt::packet::{Host, Packet, Protocol, Value};
use kpt::ruleset::{Rule, Ruleset};
use kpt::save::{Family, scan};
use kpt::walk::{Goes, Limits, Step};

use super::bench::Seen;
use crate::counters::Place;
use crate::draw::shot::Shot;

/// What kpt says.
pub(crate) struct Prediction {
    ways: Vec<Way>,
}

/// One way that the packet may take, and how many packets in all take it, from 0 to 1.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    steps: Vec<Place>,
    /// Rules that draw and change nothing: they part no packets, whether they match or not.
    idle: BTreeSet<Place>,
    pub(crate) packet: Packet,
    pub(crate) share: f64,
    pub(crate) verdict: Verdict,
    pub(crate) goes: Option<Goes>,
}

impl Prediction {
    /// Asks kpt.
    pub(crate) fn new(save: &str, host: &Host, packet: &Packet) -> Self {
        let document = scan(save, None).0.swap_remove(0);
        let ruleset = Ruleset::new(document);
        let mut answer = trace(&ruleset, host, packet, Assumptions::default(), Limits::NEAR);
        let paths = answer.worlds.swap_remove(0).paths.into_iter();
        Self { ways: paths.map(|path| Way::new(&ruleset, path)).collect() }
    }

    /// The sockets that a UDP packet is delivered to.
    pub(crate) fn delivered(&self) -> impl Iterator<Item = SocketAddr> {
        let local = self.ways.iter().filter(|way| way.verdict == Verdict::Accept && way.goes == Some(Goes::Local));
        let udp = local.filter(|way| way.packet.protocol == Value::Known(Protocol::UDP));
        udp.filter_map(|way| Some(SocketAddr::new(*way.packet.dst.known()?, *way.packet.dport.known()?)))
    }

    /// Every way.
    pub(crate) fn ways(&self) -> &[Way] {
        &self.ways
    }

    /// The way that the kernel took.
    pub(crate) fn check(&self, seen: &Seen, shot: &Shot) -> Result<&Way, String> {
        let checked = self.ways.iter().map(|way| way.check(seen, shot).map(|()| way));
        let (ways, differences): (Vec<_>, Vec<_>) = checked.partition(Result::is_ok);
        if let Some(Ok(way)) = ways.into_iter().next() {
            return Ok(way);
        }
        let differences: Vec<_> = differences.into_iter().filter_map(Result::err).collect();
        Err(format!(
            "the kernel: {:?}\nmark {:#x}, sent {:?}, delivered {:?}\nkpt: {}",
            seen.told.steps,
            seen.told.mark,
            seen.sent,
            seen.delivered,
            differences.join("\nor: ")
        ))
    }
}

impl Way {
    /// A path, as the suite compares it.
    pub(crate) fn new(ruleset: &Ruleset<'_>, path: Path) -> Self {
        let place = |step: &Step| {
            let number = step.rule.map_or(0, |rule| rule.index + 1);
            (step.chain.table.to_string(), ruleset.name(step.chain).to_owned(), number)
        };
        let harmless = |step: &Step| step.rule.and_then(|rule| ruleset.rule(rule)).is_some_and(Rule::is_harmless);
        let (idle, steps): (Vec<_>, Vec<_>) =
            path.steps.iter().partition(|step| step.chance.is_some() && harmless(step));
        let mut steps: Vec<Place> = steps.into_iter().map(place).collect();
        // The rule that switches the trace on.
        steps.retain(|(table, chain, number)| {
            !(table == "raw" && *number == 1 && matches!(chain.as_str(), "PREROUTING" | "OUTPUT"))
        });
        let idle = idle.into_iter().map(place).collect();
        Self { steps, idle, packet: path.packet, share: path.share.get(), verdict: path.verdict, goes: path.goes }
    }

    /// Is it the same way, but for rules that are `idle`, with the same end?
    pub(crate) fn is(&self, other: &Self, idle: impl Fn(&Place) -> bool) -> bool {
        let steps = |way: &Self| way.steps.iter().filter(|place| !idle(place)).cloned().collect::<Vec<_>>();
        let end = |way: &Self| (way.packet.mark.clone(), way.packet.dst.clone(), way.verdict.clone(), way.goes);
        steps(self) == steps(other) && end(self) == end(other)
    }

    fn check(&self, seen: &Seen, shot: &Shot) -> Result<(), String> {
        let wrong = |what: &str| {
            Err(format!("{what}: {:?}, {:?} {:?}, {:?}", self.steps, self.verdict, self.goes, self.packet))
        };
        if !seen.told.steps.iter().filter(|place| !self.idle.contains(*place)).eq(&self.steps) {
            return wrong("steps");
        }
        if self.packet.mark != Value::Known(seen.told.mark) {
            return wrong("mark");
        }
        let accepted = self.verdict == Verdict::Accept;
        let leaves = accepted && self.goes != Some(Goes::Local);
        match &seen.sent {
            Some((interface, _))
                if !leaves || self.packet.output.known().is_none_or(|output| output.name() != interface) =>
            {
                return wrong("it left");
            }
            None if leaves => return wrong("it did not leave"),
            Some((_, ip)) if !same(&self.packet, ip) => return wrong("it left as another"),
            _ => {}
        }
        let local = accepted && self.goes == Some(Goes::Local);
        match &seen.delivered {
            Some(_) if !local => wrong("it was delivered"),
            None if local && !shot.is_v6() => wrong("it was not delivered"),
            Some((_, ip)) if !same(&self.packet, ip) => wrong("it was delivered as another"),
            _ => Ok(()),
        }
    }
}

/// Does kpt print every rule as `iptables-save` did?
pub(crate) fn printed_back(save: &str) -> Result<(), String> {
    let ruleset = Ruleset::new(scan(save, None).0.swap_remove(0));
    let saved = save.lines().filter(|line| line.starts_with("-A "));
    let chains = ruleset.tables().flat_map(|table| ruleset.chains(table));
    let rules = chains.flat_map(|(id, chain)| ruleset.rules(id).iter().map(|rule| (chain.name, rule)));
    let printed: BTreeMap<_, _> = rules
        .map(|(chain, rule)| (rule.line, format!("-A {chain}{}", rule.display(|chain| ruleset.name(chain)))))
        .collect();
    let wrong = saved.zip(printed.values()).find(|(saved, printed)| saved != printed);
    wrong.map_or(Ok(()), |(saved, printed)| Err(format!("iptables printed\n{saved}\nand kpt\n{printed}")))
}

/// Is what came out the packet that kpt foresaw? What kpt does not know may be anything.
fn same(packet: &Packet, ip: &[u8]) -> bool {
    let address = |at: usize, length: usize| -> Option<IpAddr> {
        let bytes = ip.get(at..at + length)?;
        <[u8; 4]>::try_from(bytes).map(IpAddr::from).or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from)).ok()
    };
    let port = |at: usize| ip.get(at..at + 2).map(|port| u16::from_be_bytes([port[0], port[1]]));
    let (src, dst, ttl, tos, rest) = match packet.family {
        Family::V4 => (address(12, 4), address(16, 4), ip[8], ip[1], 20),
        Family::V6 => (address(8, 16), address(24, 16), ip[7], ip[0] << 4 | ip[1] >> 4, 40),
    };
    let (sport, dport) = match packet.protocol {
        Value::Known(Protocol::TCP | Protocol::UDP) => (port(rest), port(rest + 2)),
        _ => (None, None),
    };
    fits(&packet.src, src)
        && fits(&packet.dst, dst)
        && fits(&packet.ttl, Some(ttl))
        && fits(&packet.tos, Some(tos))
        && (sport.is_none() || fits(&packet.sport, sport) && fits(&packet.dport, dport))
}

/// What kpt does not know may be anything.
fn fits<T: PartialEq + Copy>(value: &Value<T>, is: Option<T>) -> bool {
    value.known().is_none_or(|value| is == Some(*value))
}
