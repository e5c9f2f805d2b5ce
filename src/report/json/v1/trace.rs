//! `kpt.trace/1`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::{self, Answer, Mapping, WorldAnswer};
use crate::extension::Verdict;
use crate::kube::Via;
use crate::logic::{Assumed, Grounds, Share};
use crate::packet::{self, NewSource, Value, first_state};
use crate::report::{Safe, Subject, facts, words};
use crate::ruleset::{RuleId, Then};
use crate::save::Family;
use crate::walk::{self, Action, Goes};

/// The answer to `kpt trace`: where one packet goes, how likely, and why.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Trace {
    /// `kpt.trace/1`
    schema: &'static str,
    packet: AskedPacket,
    /// The Service that the packet is for, if it is for one.
    service: Option<Service>,
    /// What becomes of it in the default world, or `undetermined` if that has several.
    outcome: Outcome,
    /// The worlds that differ; the default one first.
    worlds: Vec<World>,
    /// Facts that were asked for and change nothing.
    moot: Vec<Fact>,
    /// How many worlds were not looked at because there are too many.
    unexplored: usize,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Delivered,
    Dropped,
    Rejected,
    Mixed,
    Undetermined,
}

/// The packet that was asked about; `null` is not known.
#[derive(Debug, Serialize, JsonSchema)]
struct AskedPacket {
    /// 4 or 6.
    family: u8,
    protocol: Option<String>,
    src: Option<String>,
    sport: Option<u16>,
    dst: Option<String>,
    dport: Option<u16>,
    r#in: Option<String>,
    out: Option<String>,
    /// Hexadecimal.
    mark: Option<String>,
    ctstate: &'static str,
    /// Made on this host.
    local: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Service {
    namespace: String,
    name: String,
    /// Empty if the port has no name.
    port: String,
    via: &'static str,
}

/// A question that neither the dump nor the packet answers.
#[derive(Debug, Serialize, JsonSchema)]
struct Fact {
    /// As `--assume` takes it.
    fact: String,
    /// In words.
    text: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct World {
    /// All answers in the first world; in the others those that make them what they are.
    assumptions: Vec<Assumption>,
    /// Other assumptions that lead to the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Vec<Assumption>>,
    /// No answer contradicts its default.
    default: bool,
    outcome: Outcome,
    /// Their probabilities sum to 1.
    paths: Vec<Path>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Assumption {
    /// As `--assume` takes it.
    fact: String,
    answer: bool,
    /// The answer is what is taken if nobody says.
    default: bool,
    /// In words.
    text: String,
    /// Line of the rule that asked first.
    line: Option<u32>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Path {
    /// From 0 to 1.
    probability: f64,
    verdict: &'static str,
    /// The reject type, or why the packet is lost or cannot be told.
    reason: Option<String>,
    packet: FinalPacket,
    dnat: Option<Dnat>,
    snat: Option<Snat>,
    /// `local`, `forward` or `output`; `null` before any routing decision.
    goes: Option<&'static str>,
    /// The rule that would have accepted a packet that was not, but for one thing.
    #[serde(skip_serializing_if = "Option::is_none")]
    near_miss: Option<NearMiss>,
    /// Every rule that matched and every policy that decided, in the kernel's order.
    steps: Vec<Step>,
}

/// The packet at the end; `null` is not known.
#[derive(Debug, Serialize, JsonSchema)]
struct FinalPacket {
    src: Option<String>,
    sport: Option<u16>,
    dst: Option<String>,
    dport: Option<u16>,
    /// Hexadecimal.
    mark: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Dnat {
    /// `null` if the kernel chooses among several.
    to: Option<String>,
    line: Option<u32>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Snat {
    /// `masquerade` or `snat`.
    kind: &'static str,
    /// `null` if it is an address of the host that is not known.
    to: Option<String>,
    line: Option<u32>,
    why: Option<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct NearMiss {
    line: Option<u32>,
    /// What the rule asks for and the packet does not have.
    lacks: String,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Step {
    hook: &'static str,
    table: &'static str,
    chain: String,
    /// 1-based within its chain; `null` for a policy.
    rule: Option<u32>,
    /// Of the input file.
    line: Option<u32>,
    /// `jump`, `goto`, `return`, `none`, or the target's name.
    action: String,
    /// The chain that is jumped to.
    target: Option<String>,
    /// The probability of the rule's own random match.
    chance: Option<f64>,
}

/// Puts an answer into the format.
pub fn trace(answer: &Answer, subject: &Subject<'_, '_>) -> Trace {
    let family = answer.asked.family;
    Trace {
        schema: "kpt.trace/1",
        packet: asked(&answer.asked),
        service: answer.entry.as_ref().and_then(|entry| {
            let service = entry.service.clone()?;
            let via = via(entry.via);
            Some(Service { namespace: service.namespace, name: service.name, port: service.port, via })
        }),
        outcome: outcome(answer.outcome),
        worlds: answer.worlds.iter().map(|answer| world(answer, family, subject)).collect(),
        moot: answer
            .moot
            .iter()
            .map(|fact| {
                let usual = fact.default.is_some_and(|presumed| presumed.answer);
                Fact { fact: facts::name(fact, family), text: facts::sentence(fact, usual, family) }
            })
            .collect(),
        unexplored: answer.unexplored,
    }
}

const fn outcome(outcome: analyze::Outcome) -> Outcome {
    match outcome {
        analyze::Outcome::Delivered => Outcome::Delivered,
        analyze::Outcome::Dropped => Outcome::Dropped,
        analyze::Outcome::Rejected => Outcome::Rejected,
        analyze::Outcome::Mixed => Outcome::Mixed,
        analyze::Outcome::Undetermined => Outcome::Undetermined,
    }
}

const fn via(via: Via) -> &'static str {
    match via {
        Via::ClusterIp => "cluster-ip",
        Via::NodePort => "node-port",
        Via::ExternalIp => "external-ip",
        Via::LoadBalancer => "load-balancer",
        Via::HealthCheck => "health-check",
    }
}

fn text<T: ToString>(value: &Value<T>) -> Option<String> {
    value.known().map(T::to_string).filter(|text| !text.is_empty())
}

fn mark(value: &Value<u32>) -> Option<String> {
    value.known().map(|mark| format!("{mark:#x}"))
}

fn asked(packet: &packet::Packet) -> AskedPacket {
    AskedPacket {
        family: if packet.family == Family::V4 { 4 } else { 6 },
        protocol: text(&packet.protocol),
        src: text(&packet.src),
        sport: packet.sport.known().copied(),
        dst: text(&packet.dst),
        dport: packet.dport.known().copied(),
        r#in: text(&packet.input),
        out: text(&packet.output),
        mark: mark(&packet.mark),
        ctstate: packet.given_state.unwrap_or_else(|| first_state(packet)).as_str(),
        local: packet.local,
    }
}

fn assumption(assumed: &Assumed, family: Family, subject: &Subject<'_, '_>) -> Assumption {
    Assumption {
        fact: facts::name(&assumed.fact, family),
        answer: assumed.answer,
        default: assumed.grounds == Grounds::Default,
        text: Safe(&facts::sentence(&assumed.fact, assumed.answer, family)).to_string(),
        line: assumed.line.and_then(|line| subject.own(line)),
    }
}

fn world(answer: &WorldAnswer, family: Family, subject: &Subject<'_, '_>) -> World {
    let assumptions = |list: &[Assumed]| list.iter().map(|one| assumption(one, family, subject)).collect();
    World {
        assumptions: assumptions(&answer.assumptions),
        also: answer.also.iter().map(|list| assumptions(list)).collect(),
        default: answer.default,
        outcome: outcome(answer.outcome),
        paths: answer.paths.iter().map(|answer| path(answer, subject)).collect(),
    }
}

const fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "accept",
        Verdict::Drop | Verdict::Lost(_) => "drop",
        Verdict::Reject(_) => "reject",
        Verdict::Queue => "queue",
        Verdict::Stolen => "stolen",
        Verdict::Undetermined(_) => "undetermined",
    }
}

fn path(answer: &analyze::Path, subject: &Subject<'_, '_>) -> Path {
    let packet = &answer.packet;
    let fault = answer.fault.map(|fault| words::fault(fault).to_owned());
    Path {
        probability: answer.share.get(),
        verdict: verdict(&answer.verdict),
        reason: fault.or_else(|| words::reason(&answer.verdict)),
        packet: FinalPacket {
            src: text(&packet.src),
            sport: packet.sport.known().copied(),
            dst: text(&packet.dst),
            dport: packet.dport.known().copied(),
            mark: mark(&packet.mark),
        },
        dnat: answer.dnat.as_ref().map(|dnat| Dnat { to: new_address(dnat), line: subject.line(dnat.rule) }),
        snat: answer.snat.as_ref().map(|snat| snat_of(answer, snat, subject)),
        goes: answer.goes.map(|goes| match goes {
            Goes::Local => "local",
            Goes::Forward => "forward",
            Goes::Output => "output",
        }),
        near_miss: answer
            .near_miss
            .as_ref()
            .map(|miss| NearMiss { line: subject.line(miss.rule), lacks: Safe(&miss.lacks).to_string() }),
        steps: answer.steps.iter().map(|one| step(one, subject)).collect(),
    }
}

fn new_address(mapping: &Mapping) -> Option<String> {
    let (packet::Rewrite::Destination { address, port } | packet::Rewrite::Source { address, port, .. }) =
        &mapping.rewrite;
    address.known().map(|_| words::endpoint(address, port))
}

fn snat_of(answer: &analyze::Path, snat: &Mapping, subject: &Subject<'_, '_>) -> Snat {
    let masquerade = matches!(snat.rewrite, packet::Rewrite::Source { kind: NewSource::Masquerade, .. });
    Snat {
        kind: if masquerade { "masquerade" } else { "snat" },
        to: match &snat.rewrite {
            packet::Rewrite::Source { address, .. } => text(address),
            packet::Rewrite::Destination { .. } => None,
        },
        line: subject.line(snat.rule),
        why: answer.why.map(|why| Safe(&words::why(why, subject)).to_string()),
    }
}

fn step(step: &walk::Step, subject: &Subject<'_, '_>) -> Step {
    let ruleset = subject.ruleset;
    let name = |chain| Safe(ruleset.name(chain)).to_string();
    let (action, target) = match &step.action {
        Action::Jump(chain) => ("jump".to_owned(), Some(name(*chain))),
        Action::Goto(chain) => ("goto".to_owned(), Some(name(*chain))),
        Action::Policy(policy) => (policy.as_str().to_owned(), None),
        Action::Next => ("none".to_owned(), None),
        Action::Target(_) => match step.rule.and_then(|rule| ruleset.rule(rule)).map(|rule| &rule.then) {
            Some(Then::Target(target)) if target.name() == "RETURN" => ("return".to_owned(), None),
            Some(Then::Target(target)) => (Safe(target.name()).to_string(), None),
            _ => ("none".to_owned(), None),
        },
    };
    Step {
        hook: step.hook.as_str(),
        table: step.chain.table.as_str(),
        chain: name(step.chain),
        rule: step.rule.map(RuleId::number),
        line: match step.rule {
            Some(rule) => subject.line(rule),
            None => subject.policy_line(step.chain),
        },
        action,
        target,
        chance: step.chance.map(Share::get),
    }
}
