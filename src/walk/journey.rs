//! The kernel's order of hooks and tables, connection tracking and routing between them (`docs/semantics.md`, "The way
//! of a packet").

use std::net::IpAddr;

use crate::extension::Verdict;
use crate::logic::{Fact, Field, Outcome, Presumed};
use crate::packet::{Conntrack, CtState, Interface, Packet, Protocol, Value, first_state};
use crate::save::{Hook, TableName};

use super::chain::Scene;
use super::nat;
use super::order::pass;
use super::place::Stage;
use super::traveller::{Goes, Traveller};

/// What comes after a stage that is no table.
pub(super) enum Onward {
    /// A chain of a table.
    Chain(Traveller, Hook),
    /// The end.
    Ended(Traveller, Verdict),
    /// A question comes first.
    Asked(Traveller, Box<Fact>),
}

/// Where the kernel starts with a packet.
pub(super) const fn first_stage(packet: &Packet) -> Stage {
    if packet.local { Stage::FirstRoute } else { Stage::Tables(Hook::Prerouting, TableName::Raw) }
}

impl Scene<'_, '_> {
    /// Leads a packet from the stage it is at to the next chain that is asked, or to its end.
    pub(super) fn go_on(&self, mut traveller: Traveller) -> Onward {
        loop {
            match traveller.place.stage {
                Stage::Begin => match self.begin(&mut traveller.packet) {
                    Ok(()) => traveller.place.go(first_stage(&traveller.packet)),
                    Err(fact) => return Onward::Asked(traveller, fact),
                },
                Stage::Table { hook, .. } if !traveller.place.frames.is_empty() => {
                    return Onward::Chain(traveller, hook);
                }
                Stage::Table { hook, table, .. } => match self.ruleset.base(table, hook) {
                    Some(chain) => {
                        traveller.place.enter(chain, false);
                        return Onward::Chain(traveller, hook);
                    }
                    None => pass(&mut traveller),
                },
                Stage::Tables(hook, TableName::Nat) if !meets_nat(&traveller.packet) => {
                    nat::follow(&mut traveller.packet, hook);
                    pass(&mut traveller);
                }
                Stage::Tables(hook, table) => match self.first_of(hook, table) {
                    Ok(Some(first)) => traveller.place.go(first),
                    Ok(None) => pass(&mut traveller),
                    Err(fact) => return Onward::Asked(traveller, fact),
                },
                Stage::Track(_) => match self.tracks(&traveller.packet) {
                    Ok(on) => {
                        if on {
                            track(&mut traveller.packet);
                        }
                        pass(&mut traveller);
                    }
                    Err(fact) => return Onward::Asked(traveller, fact),
                },
                Stage::FirstRoute | Stage::Reroute | Stage::Route => match self.route(&mut traveller) {
                    Ok(None) => {}
                    Ok(Some(verdict)) => return Onward::Ended(traveller, verdict),
                    Err(fact) => return Onward::Asked(traveller, fact),
                },
                Stage::Leave if is_loopback(&traveller.packet) => come_back(&mut traveller),
                Stage::Leave | Stage::Deliver => return Onward::Ended(traveller, Verdict::Accept),
            }
        }
    }

    /// A packet of a connection that is there already follows what nat has made of its first packet, which goes ahead.
    fn begin(&self, packet: &mut Packet) -> Result<(), Box<Fact>> {
        if packet.given_state != Some(CtState::Established) || packet.connection.is_some() {
            return Ok(());
        }
        let answers = decide(self.world.outcome(Fact::named(
            "conntrack:reply",
            Some(Presumed::usually(false)),
            "it answers a connection that is not rewritten".into(),
            "it goes the way of its connection's first packet".into(),
        )))?;
        if answers {
            packet.connection = Some(Box::new(Conntrack::answering(packet)));
        } else {
            *packet = packet.first();
        }
        Ok(())
    }

    /// Is connection tracking on? Only rules that need it switch it on, and without it nat is never asked. Part of a dump
    /// does not tell, but every node has it on.
    fn tracks(&self, packet: &Packet) -> Result<bool, Box<Fact>> {
        if self.ruleset.fragment || packet.given_state.is_some() || self.ruleset.tracks() {
            return Ok(true);
        }
        if self.ruleset.is_plain(TableName::Nat) {
            return Ok(false);
        }
        decide(self.world.outcome(Fact::named(
            "conntrack:on",
            Some(Presumed::usually(false)),
            "something outside this dump switches connection tracking on".into(),
            "nothing switches connection tracking on, so nat is never asked".into(),
        )))
    }

    /// The routing decision. `Err` if it depends on something that nobody said.
    fn route(&self, traveller: &mut Traveller) -> Result<Option<Verdict>, Box<Fact>> {
        let packet = &traveller.packet;
        let (field, goes, next) = match traveller.place.stage {
            Stage::Route if self.is_for_us(packet)? => return self.deliver(traveller),
            Stage::Route if packet.socket.is_some() => return self.deliver_to_socket(traveller),
            Stage::Route if packet.ttl.known().is_some_and(|ttl| *ttl < 2) => {
                return Ok(Some(Verdict::Lost("it has no hop left, and its sender is told (time exceeded)")));
            }
            Stage::Route => (Field::Out, Goes::Forward, Stage::Tables(Hook::Forward, TableName::Mangle)),
            Stage::FirstRoute => (Field::FirstOut, Goes::Output, Stage::Tables(Hook::Output, TableName::Raw)),
            _ => (Field::Out, Goes::Output, Stage::Tables(Hook::Postrouting, TableName::Mangle)),
        };
        // A route that is there already is kept unless OUTPUT has changed the destination.
        if goes != Goes::Output || field == Field::FirstOut || packet.is_dnatted() {
            match self.output(packet, field)? {
                Some(output) => traveller.packet.output = output,
                None => return Ok(Some(Verdict::Lost("there is no route to its destination"))),
            }
        }
        if goes == Goes::Forward
            && let Value::Known(ttl) = &mut traveller.packet.ttl
        {
            *ttl = ttl.saturating_sub(1);
        }
        traveller.goes = Some(goes);
        traveller.place.go(next);
        Ok(None)
    }

    fn deliver(&self, traveller: &mut Traveller) -> Result<Option<Verdict>, Box<Fact>> {
        let packet = &traveller.packet;
        let loopback = packet.dst.known().is_some_and(IpAddr::is_loopback);
        if loopback && !packet.looped && !self.routes_localnet()? {
            return Ok(Some(Verdict::Lost(
                "routing drops what comes from outside for 127.0.0.0/8 (route_localnet is off)",
            )));
        }
        traveller.goes = Some(Goes::Local);
        traveller.place.go(Stage::Tables(Hook::Input, TableName::Mangle));
        Ok(None)
    }

    /// What TPROXY has handed to a socket is never forwarded. A rule of policy routing delivers it here, or it is lost.
    fn deliver_to_socket(&self, traveller: &mut Traveller) -> Result<Option<Verdict>, Box<Fact>> {
        let routed = decide(self.world.outcome(Fact::named(
            "route:tproxy",
            Some(Presumed::usually(true)),
            "policy routing delivers to this host what TPROXY takes (`ip rule`, a `local` route)".into(),
            "no policy routing delivers to this host what TPROXY takes".into(),
        )))?;
        if routed {
            self.deliver(traveller)
        } else {
            Ok(Some(Verdict::Lost("TPROXY took it for a local socket, but its route does not lead to this host")))
        }
    }

    /// Is it delivered to this host? Its own addresses are, and what is sent to all.
    fn is_for_us(&self, packet: &Packet) -> Result<bool, Box<Fact>> {
        match packet.dst.known() {
            Some(IpAddr::V4(dst)) if dst.is_broadcast() || self.host.is_broadcast(IpAddr::V4(*dst)) => Ok(true),
            Some(dst) if dst.is_multicast() => decide(self.world.outcome(Fact::named(
                &format!("joined:{dst}"),
                Some(Presumed::usually(true)),
                format!("this host has joined the group {dst}"),
                format!("this host has not joined the group {dst}"),
            ))),
            _ => self.is_dst_local(packet),
        }
    }

    fn is_dst_local(&self, packet: &Packet) -> Result<bool, Box<Fact>> {
        decide(self.context(packet, None).is_dst_local())
    }

    /// A packet from outside to 127.0.0.0/8 is dropped by routing unless `net.ipv4.conf.*.route_localnet` is on, which
    /// it is not unless somebody (kube-proxy, for one) switches it on.
    fn routes_localnet(&self) -> Result<bool, Box<Fact>> {
        decide(self.world.outcome(Fact::named(
            "sysctl:route_localnet",
            Some(Presumed::usually(false)),
            "route_localnet is on".into(),
            "route_localnet is off".into(),
        )))
    }

    /// The interface that leads to the destination; the unknown `field` if nothing tells, `None` if there is no route.
    fn output(&self, packet: &Packet, field: Field) -> Result<Option<Value<Interface>>, Box<Fact>> {
        if packet.local && self.is_dst_local(packet)? {
            return Ok(Some(Value::Known(Interface::loopback())));
        }
        let Value::Known(dst) = packet.dst else { return Ok(Some(Value::field(field))) };
        Ok(match self.host.output(dst) {
            Some(output) => Some(Value::Known(output)),
            None if self.host.is_routed() && !dst.is_multicast() => None,
            None => Some(Value::field(field)),
        })
    }
}

/// Is nat asked about the packet? It decides once, for the first packet of a connection, which an announced one is too.
fn meets_nat(packet: &Packet) -> bool {
    match packet.conntrack {
        _ if packet.looped => false,
        Conntrack::Entry { state: CtState::New, .. } => true,
        Conntrack::Entry { state: CtState::Related, .. } => !is_icmp(packet),
        _ => false,
    }
}

pub(super) fn decide(outcome: Outcome) -> Result<bool, Box<Fact>> {
    match outcome {
        Outcome::Depends(fact) => Err(fact),
        outcome => Ok(outcome == Outcome::Always),
    }
}

/// A packet that came back over lo keeps its entry.
fn track(packet: &mut Packet) {
    if packet.conntrack.is_open() {
        packet.conntrack = match packet.connection.take() {
            Some(connection) => *connection,
            None => Conntrack::attach(packet.given_state.unwrap_or_else(|| first_state(packet)), packet),
        };
    }
}

fn is_icmp(packet: &Packet) -> bool {
    matches!(packet.protocol.known(), Some(&Protocol::ICMP | &Protocol::ICMPV6))
}

fn is_loopback(packet: &Packet) -> bool {
    !packet.looped && packet.output.known() == Some(&Interface::loopback())
}

/// What leaves by lo comes in by lo, with its mark and its connection.
fn come_back(traveller: &mut Traveller) {
    traveller.packet.looped = true;
    traveller.packet.input = Value::Known(Interface::loopback());
    traveller.packet.output = Value::Known(Interface::none());
    traveller.place.go(Stage::Tables(Hook::Prerouting, TableName::Raw));
}
