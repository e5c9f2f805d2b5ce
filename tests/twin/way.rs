//! Hooks, tables and chains, one packet at a time.

use super::read::{Chain, Dump, Rule};
use super::{Connection, Host, Packet, Steps, Verdict, matches, targets};
use targets::After;

/// What a table says.
pub(super) enum Said {
    Accept,
    Drop,
    Reject,
}

/// Leads a packet from its first hook to its end.
pub(crate) fn follow(dump: &Dump, host: &Host, mut packet: Packet) -> Result<(Steps, Verdict, Packet), String> {
    let mut steps = Steps::new();
    let verdict = Walk { dump, host, steps: &mut steps }.whole(&mut packet)?;
    Ok((steps, verdict, packet))
}

pub(super) struct Walk<'w> {
    pub(super) dump: &'w Dump,
    pub(super) host: &'w Host,
    steps: &'w mut Steps,
}

impl Walk<'_> {
    fn whole(&mut self, packet: &mut Packet) -> Result<Verdict, String> {
        if packet.local {
            packet.output = self.host.route(packet.dst);
            if let Some(end) = self.hook("OUTPUT", &["raw", "track", "mangle", "nat", "filter", "security"], packet)? {
                return Ok(end);
            }
            packet.output = self.host.route(packet.dst);
            if let Some(end) = self.hook("POSTROUTING", &["mangle", "nat"], packet)? {
                return Ok(end);
            }
            if packet.output != "lo" {
                return Ok(Verdict::Sent);
            }
            (packet.input, packet.output, packet.looped) = ("lo".into(), String::new(), true);
        }
        if let Some(end) = self.hook("PREROUTING", &["raw", "track", "mangle", "nat"], packet)? {
            return Ok(end);
        }
        if self.host.has(packet.dst) {
            let order: &[&str] = if self.host.nft {
                &["mangle", "filter", "nat", "security"]
            } else {
                &["mangle", "filter", "security", "nat"]
            };
            return Ok(self.hook("INPUT", order, packet)?.unwrap_or(Verdict::Delivered));
        }
        if packet.ttl < 2 {
            return Ok(Verdict::Dropped);
        }
        packet.ttl -= 1;
        packet.output = self.host.route(packet.dst);
        if let Some(end) = self.hook("FORWARD", &["mangle", "filter", "security"], packet)? {
            return Ok(end);
        }
        Ok(self.hook("POSTROUTING", &["mangle", "nat"], packet)?.unwrap_or(Verdict::Sent))
    }

    /// The tables of a hook; an end if one of them ends the packet.
    fn hook(&mut self, hook: &str, tables: &[&str], packet: &mut Packet) -> Result<Option<Verdict>, String> {
        for table in tables {
            if *table == "track" {
                self.track(packet);
                continue;
            }
            let starts = matches!(packet.connection, Connection::New { .. }) && !packet.looped;
            if *table == "nat" && !starts || self.dump.chain(table, hook).is_none() {
                continue;
            }
            match self.base(table, hook, packet)? {
                Said::Accept => {}
                Said::Drop => return Ok(Some(Verdict::Dropped)),
                Said::Reject => return Ok(Some(Verdict::Rejected)),
            }
        }
        Ok(None)
    }

    fn track(&self, packet: &mut Packet) {
        const USERS: [&str; 14] = [
            "SNAT",
            "DNAT",
            "MASQUERADE",
            "REDIRECT",
            "NETMAP",
            "CONNMARK",
            "conntrack",
            "state",
            "connmark",
            "connlimit",
            "connbytes",
            "helper",
            "connlabel",
            "cluster",
        ];
        let open = matches!(packet.connection, Connection::Unseen | Connection::Invalid);
        if !open || packet.looped && packet.connection != Connection::Invalid || !self.dump.uses(&USERS) {
            return;
        }
        let Packet { src, dst, sport, dport, .. } = *packet;
        let new = Connection::New { src, dst, sport, dport, dnat: false, snat: false };
        let core = packet.flags & 0b01_0111; // FIN, SYN, RST, ACK
        packet.connection = match (packet.protocol, packet.icmp.0) {
            (6, _) if core == 0b00_0010 || core == 0b01_0000 => new,
            (1, 8 | 13 | 15 | 17) | (58, 128 | 139) => new,
            (58, 130..=136 | 143) => Connection::Untracked,
            (1 | 6 | 58, _) => Connection::Invalid,
            _ => new,
        };
    }

    fn base(&mut self, table: &str, hook: &str, packet: &mut Packet) -> Result<Said, String> {
        let chain = self.dump.chain(table, hook).ok_or("no chain")?;
        let drops = chain.policy == "DROP";
        if let Some(said) = self.chain((table, hook), hook, packet)? {
            return Ok(said);
        }
        self.steps.push((table.into(), hook.into(), 0));
        Ok(if drops { Said::Drop } else { Said::Accept })
    }

    /// `None` is: back to the caller.
    fn chain(&mut self, place: (&str, &str), name: &str, packet: &mut Packet) -> Result<Option<Said>, String> {
        let (table, hook) = place;
        let Chain { rules, .. } = self.dump.chain(table, name).ok_or("no chain")?;
        for (number, rule) in (1..).zip(rules) {
            if !matches::all(self.host, rule, packet, hook)? {
                continue;
            }
            self.steps.push((table.into(), name.into(), number));
            match self.target(place, rule, packet)? {
                After::Next => {}
                After::Back => return Ok(None),
                After::Said(said) => return Ok(Some(said)),
            }
        }
        Ok(None)
    }

    fn target(&mut self, place: (&str, &str), rule: &Rule, packet: &mut Packet) -> Result<After, String> {
        let Some((name, options)) = &rule.target else { return Ok(After::Next) };
        if self.dump.chain(place.0, name).is_some() {
            return Ok(match self.chain(place, name, packet)? {
                Some(said) => After::Said(said),
                None if rule.goto => After::Back,
                None => After::Next,
            });
        }
        targets::act(self.host, name, options, packet, place.1)
    }
}
