//! `-j CLUSTERIP`: several hosts share an address, and a hash of the client tells which of them answers; gone from
//! today's Linux (`net/ipv4/netfilter/ipt_CLUSTERIP.c`; INPUT).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Verdict};
use crate::logic::{Field, Outcome};
use crate::packet::{Conntrack, Context, CtState, Packet, Protocol, Value, mac_address};

/// `-j CLUSTERIP [--new --hashmode MODE --clustermac MAC --total-nodes N --local-node N [--hash-init N]]`
#[derive(Debug, Clone)]
pub struct ClusterIp {
    /// `None` shares the cluster that another rule makes for the same address.
    new: Option<Cluster>,
}

#[derive(Debug, Clone)]
struct Cluster {
    mode: &'static str,
    mac: [u8; 6],
    nodes: u16,
    node: u16,
    initial: u32,
}

const MODES: [&str; 3] = ["sourceip", "sourceip-sourceport", "sourceip-sourceport-destport"];
/// The most hosts of a cluster.
const NODES: u16 = 16;

impl<'t> Extension<'t> for ClusterIp {
    const NAME: &'static str = "CLUSTERIP";
    const OPTIONS: &'static [Opt] = &[
        opt("--new", 0),
        opt("--hashmode", 1),
        opt("--clustermac", 1),
        opt("--total-nodes", 1),
        opt("--local-node", 1),
        opt("--hash-init", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        if args.list.is_empty() {
            return Ok(Self { new: None });
        }
        let get = |option| args.get(option).ok_or_else(|| args.missing(option));
        get("--new")?;
        let (mode, mac) = (get("--hashmode")?, get("--clustermac")?);
        let node = |option| get(option)?.number_in(0..=NODES, "a number from 0 to 16");
        let is_group = |mac: &[u8; 6]| mac[0] & 1 == 1;
        let new = Cluster {
            mode: MODES
                .into_iter()
                .find(|name| *name == mode.text(0))
                .ok_or_else(|| mode.bad("a mode such as sourceip"))?,
            mac: mac_address(&mac.text(0))
                .filter(is_group)
                .ok_or_else(|| mac.bad("the Ethernet address of a group"))?,
            nodes: node("--total-nodes")?,
            node: node("--local-node")?,
            initial: args.get("--hash-init").map_or(Ok(0), |arg| arg.number("a number"))?,
        };
        Ok(Self { new: Some(new) })
    }
}

impl Acts for ClusterIp {
    /// The hash becomes the mark of a new connection. Which host answers for which hash can be changed while it runs.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let Conntrack::Entry { state, .. } = &cx.packet.conntrack else { return Effect::Verdict(Verdict::Drop) };
        if *state == CtState::Related && cx.packet.protocol.known() == Some(&Protocol::ICMP) {
            return Effect::Continue;
        }
        match mine(cx) {
            Outcome::Depends(fact) => Effect::Depends(fact),
            Outcome::Always if *state == CtState::New => {
                let connmark = Value::left(Field::ConnMark, cx.line);
                Effect::Change(Box::new(Packet { connmark, ..cx.packet.clone() }))
            }
            Outcome::Always => Effect::Continue,
            _ => Effect::Verdict(Verdict::Drop),
        }
    }
}

fn mine(cx: &Context<'_>) -> Outcome {
    cx.ask(
        &format!("clusterip:{}:mine", cx.line),
        None,
        format!("of the hosts that share the address in line {}, this one answers the client", cx.line),
        format!("of the hosts that share the address in line {}, another one answers the client", cx.line),
    )
}

impl fmt::Display for ClusterIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(Cluster { mode, mac, nodes, node, initial }) = &self.new else { return Ok(()) };
        let [a, b, c, d, e, g] = mac;
        write!(f, " --new --hashmode {mode} --clustermac {a:02X}:{b:02X}:{c:02X}:{d:02X}:{e:02X}:{g:02X}")?;
        write!(f, " --total-nodes {nodes} --local-node {node} --hash-init {initial}")
    }
}
