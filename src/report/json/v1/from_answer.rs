//! An answer as `kpt.trace/1`.

use crate::analyze::{self, Answer, Fan, Mapping, Memory, WorldAnswer, rules_tried};
use crate::diagnostic::Located;
use crate::extension;
use crate::kube;
use crate::logic::{Assumed, Grounds, Share};
use crate::packet::{self, NewSource, Value, first_state};
use crate::report::{Safe, Subject, facts, words};
use crate::ruleset::{RuleId, Then};
use crate::save::{self, Family};
use crate::walk::{self, Action};

use super::affinity::Affinity;
use super::problem::Problem;
use super::trace::{
    AskedPacket, Assumption, Backend, Dnat, Fact, FinalPacket, Found, Goes, Name, NearMiss, Outcome, Path, Service,
    Snat, SnatKind, Step, Trace, Verdict, Via, World,
};

/// Puts an answer into the format.
pub fn trace(answer: &Answer, subject: &Subject<'_, '_>, memory: Memory, problems: &[Located<'_>]) -> Trace {
    let family = answer.asked.family;
    Trace {
        schema: Name::Trace1,
        packet: asked(&answer.asked),
        service: answer.entry.as_ref().and_then(|entry| {
            let service = entry.service.clone()?;
            let via = via(entry.via);
            Some(Service { namespace: service.namespace, name: service.name, port: service.port, via })
        }),
        affinity: answer.affinity.map(|affinity| {
            let fan = Fan::of_chain(subject.ruleset, affinity.chain);
            Affinity::of(affinity, &fan, memory)
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
        problems: problems.iter().map(Problem::from).collect(),
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

const fn via(via: kube::Via) -> Via {
    match via {
        kube::Via::ClusterIp => Via::ClusterIp,
        kube::Via::NodePort => Via::NodePort,
        kube::Via::ExternalIp => Via::ExternalIp,
        kube::Via::LoadBalancer => Via::LoadBalancer,
        kube::Via::HealthCheck => Via::HealthCheck,
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
        ctstate: packet.given_state.unwrap_or_else(|| first_state(packet)).as_str().into(),
        local: packet.local,
    }
}

pub(super) fn assumption(assumed: &Assumed, family: Family, subject: &Subject<'_, '_>) -> Assumption {
    Assumption {
        fact: facts::name(&assumed.fact, family),
        answer: assumed.answer,
        default: assumed.grounds == Grounds::Default,
        text: Safe(&facts::sentence(&assumed.fact, assumed.answer, family)).to_string(),
        place: assumed.line.and_then(|line| subject.source.place(line)).into(),
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

const fn verdict(verdict: &extension::Verdict) -> Verdict {
    match verdict {
        extension::Verdict::Accept => Verdict::Accept,
        extension::Verdict::Drop | extension::Verdict::Lost(_) => Verdict::Drop,
        extension::Verdict::Reject(_) => Verdict::Reject,
        extension::Verdict::Queue => Verdict::Queue,
        extension::Verdict::Stolen => Verdict::Stolen,
        extension::Verdict::Undetermined(_) => Verdict::Undetermined,
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
            socket: packet.socket.as_ref().and_then(|port| port.known().copied()),
        },
        dnat: answer.dnat.as_ref().map(|dnat| Dnat {
            to: new_address(dnat),
            found: dnat.found.map(found),
            place: subject.place(dnat.rule).into(),
        }),
        snat: answer.snat.as_ref().map(|snat| snat_of(answer, snat, subject)),
        goes: answer.goes.map(|goes| match goes {
            walk::Goes::Local => Goes::Local,
            walk::Goes::Forward => Goes::Forward,
            walk::Goes::Output => Goes::Output,
        }),
        near_miss: answer
            .near_miss
            .as_ref()
            .map(|miss| NearMiss { place: subject.place(miss.rule).into(), lacks: Safe(&miss.lacks).to_string() }),
        steps: answer.steps.iter().map(|one| step(one, subject)).collect(),
        rules_tried: rules_tried(subject.ruleset, &answer.steps),
    }
}

fn new_address(mapping: &Mapping) -> Option<String> {
    let (packet::Rewrite::Destination { address, port } | packet::Rewrite::Source { address, port, .. }) =
        &mapping.rewrite;
    address.known().map(|_| words::endpoint(address, port))
}

const fn found(found: packet::FoundIn) -> Found {
    match found {
        packet::FoundIn::ChainName => Found::ChainName,
        packet::FoundIn::Comment => Found::Comment,
    }
}

fn snat_of(answer: &analyze::Path, snat: &Mapping, subject: &Subject<'_, '_>) -> Snat {
    let masquerade = matches!(snat.rewrite, packet::Rewrite::Source { kind: NewSource::Masquerade, .. });
    Snat {
        kind: if masquerade { SnatKind::Masquerade } else { SnatKind::Snat },
        to: match &snat.rewrite {
            packet::Rewrite::Source { address, .. } => text(address),
            packet::Rewrite::Destination { .. } => None,
        },
        place: subject.place(snat.rule).into(),
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
        hook: step.hook.as_str().into(),
        table: step.chain.table.name.as_str().into(),
        backend: subject.backend(step.chain.table).map(|backend| match backend {
            save::Backend::Legacy => Backend::Legacy,
            save::Backend::Nft => Backend::Nft,
        }),
        chain: name(step.chain),
        rule: step.rule.map(RuleId::number),
        place: match step.rule {
            Some(rule) => subject.place(rule).into(),
            None => subject.policy_place(step.chain).into(),
        },
        action,
        target,
        chance: step.chance.map(Share::get),
    }
}
