//! `kpt.weights/1`: shares of endpoints.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::{self, Fan, Fit, Observed, ServiceFan, Way, observed};
use crate::kube::Via;
use crate::report::json::streamed::Streamed;
use crate::report::{Beside, Safe, Subject, words};

use super::affinity::Affinity;
use super::problem::{Place, Problem};

/// The answer to `kpt lb-weights`. Its lists may be made while they are written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Weights<Services = Vec<Service>, Fans = Vec<OtherFan>, Problems = Vec<Problem>> {
    /// `kpt.weights/1`
    schema: Name,
    /// Every chain that draws for a Service port.
    services: Services,
    /// Other rules that spread connections by chance.
    fans: Fans,
    /// What is wrong with the input, or good to know of it.
    problems: Problems,
}

/// The name of the format.
#[derive(Debug, Serialize, JsonSchema)]
enum Name {
    #[serde(rename = "kpt.weights/1")]
    Weights1,
}

/// A chain that draws for a Service port.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Service {
    /// `namespace/name`; `null` where neither a comment nor a hash tells.
    name: Option<String>,
    /// The name of the port; empty if it has none.
    port: String,
    protocol: String,
    /// The chain that draws; `null` if nobody serves.
    chain: Option<String>,
    /// The ways there.
    entries: Vec<Entry>,
    affinity: Option<Affinity>,
    endpoints: Vec<Endpoint>,
    /// The part of connections that no rule takes.
    unserved: f64,
    /// All shares are the same up to a part in a million.
    even: bool,
    /// Whether what was counted is what the shares let expect, where the dump has counters.
    #[serde(skip_serializing_if = "Option::is_none")]
    counted: Option<Counted>,
}

/// Are counts what shares let expect?
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Counted {
    TooFew,
    Fits,
    DoesNotFit,
}

/// Rules that spread connections by chance and are no Service's.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OtherFan {
    /// The chain of the nat table that they stand in.
    chain: String,
    /// What they ask for besides, in the words of rules.
    when: String,
    endpoints: Vec<Endpoint>,
    /// The part of connections that no rule takes.
    unserved: f64,
    /// All shares are the same up to a part in a million.
    even: bool,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Entry {
    kind: EntryKind,
    /// `null` for a node port.
    address: Option<String>,
    port: u16,
    /// What a packet must have to come this way, in the words of rules.
    when: Vec<String>,
    /// What it must not have.
    unless: Vec<String>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum EntryKind {
    ClusterIp,
    NodePort,
    ExternalIp,
    LoadBalancer,
    HealthCheck,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Endpoint {
    /// `null` if the rule does not name a single one.
    address: Option<String>,
    port: Option<u16>,
    /// The chain that rewrites the destination.
    chain: String,
    /// How its rule draws, of what comes to it.
    draw: Draw,
    /// From 0 to 1.
    probability: f64,
    /// What an even share would be.
    ideal: f64,
    /// Connections that were counted, where the dump has counters.
    #[serde(skip_serializing_if = "Option::is_none")]
    connections: Option<u64>,
    /// Connections that a simulation drew.
    #[serde(skip_serializing_if = "Option::is_none")]
    simulated: Option<u64>,
    #[serde(flatten)]
    place: Place,
}

/// How a rule draws.
#[derive(Debug, Serialize, JsonSchema)]
struct Draw {
    /// The count of 2^31 that the kernel compares with; `null` if it does not draw at random.
    count: Option<u32>,
    /// From 0 to 1.
    chance: f64,
}

/// The answer, with lists that are made while it is written; the problems last, when all has been read.
pub fn weights(
    services: impl IntoIterator<Item = Service>,
    fans: impl IntoIterator<Item = OtherFan>,
    problems: impl IntoIterator<Item = Problem>,
) -> impl Serialize {
    Weights {
        schema: Name::Weights1,
        services: Streamed::new(services),
        fans: Streamed::new(fans),
        problems: Streamed::new(problems),
    }
}

/// Puts the fan of a Service into the format.
pub fn service(service: &ServiceFan, fan: Option<&Fan>, beside: Beside<'_>, subject: &Subject<'_, '_>) -> Service {
    let name = |chain| Safe(subject.ruleset.name(chain)).to_string();
    let endpoints = fan.map(|fan| endpoints(fan, beside.drawn, subject)).unwrap_or_default();
    let even = is_even(&endpoints);
    Service {
        name: service.service.as_ref().map(|name| Safe(&format!("{}/{}", name.namespace, name.name)).to_string()),
        port: service.service.as_ref().map(|name| Safe(&name.port).to_string()).unwrap_or_default(),
        protocol: service.protocol.to_string(),
        chain: service.chain.map(name),
        entries: service.ways.iter().map(|way| entry(way, subject)).collect(),
        affinity: fan.and_then(|fan| Some(Affinity::of(fan.affinity?, fan, beside.memory))),
        unserved: fan.map_or(1.0, |fan| fan.unserved.get()),
        even,
        counted: fan.and_then(|fan| observed(subject.ruleset, fan)).map(|observed| match observed.fit {
            Fit::TooFew => Counted::TooFew,
            Fit::Fits => Counted::Fits,
            Fit::DoesNot(_) => Counted::DoesNotFit,
        }),
        endpoints,
    }
}

/// Puts a fan that is no Service's into the format.
pub fn other_fan(fan: &Fan, drawn: Option<&Observed>, subject: &Subject<'_, '_>) -> OtherFan {
    let endpoints = endpoints(fan, drawn, subject);
    let first = fan.endpoints.first().and_then(|endpoint| subject.ruleset.rule(endpoint.drawn_by));
    OtherFan {
        chain: Safe(subject.ruleset.name(fan.chain)).to_string(),
        when: first.map(words::conditions_but_draw).unwrap_or_default(),
        unserved: fan.unserved.get(),
        even: is_even(&endpoints),
        endpoints,
    }
}

fn is_even(endpoints: &[Endpoint]) -> bool {
    endpoints.iter().all(|endpoint| (endpoint.probability / endpoint.ideal - 1.0).abs() < 1e-6)
}

fn entry(way: &Way, subject: &Subject<'_, '_>) -> Entry {
    let asks = |rules: &[_]| {
        rules.iter().filter_map(|rule| subject.ruleset.rule(*rule)).map(words::conditions).collect::<Vec<_>>()
    };
    Entry {
        kind: match way.entry.via {
            Via::ClusterIp => EntryKind::ClusterIp,
            Via::NodePort => EntryKind::NodePort,
            Via::ExternalIp => EntryKind::ExternalIp,
            Via::LoadBalancer => EntryKind::LoadBalancer,
            Via::HealthCheck => EntryKind::HealthCheck,
        },
        address: way.entry.address.map(|address| address.to_string()),
        port: way.entry.port,
        when: asks(&way.when),
        unless: asks(&way.unless),
    }
}

fn endpoints(fan: &Fan, drawn: Option<&Observed>, subject: &Subject<'_, '_>) -> Vec<Endpoint> {
    let ideal = fan.even().get();
    let counts = observed(subject.ruleset, fan).map(|observed| observed.counts);
    let endpoint = |(at, endpoint): (usize, &analyze::Endpoint)| Endpoint {
        address: endpoint.address.map(|address| address.to_string()),
        port: endpoint.port,
        chain: Safe(subject.ruleset.name(endpoint.rewritten_by.chain)).to_string(),
        draw: Draw {
            count: match endpoint.draw {
                analyze::Draw::Random(probability) => Some(probability.count()),
                _ => None,
            },
            chance: endpoint.draw.share().get(),
        },
        probability: endpoint.share.get(),
        ideal,
        connections: counts.as_ref().and_then(|counts| counts.get(at).copied()),
        simulated: drawn.and_then(|drawn| drawn.counts.get(at).copied()),
        place: subject.place(endpoint.drawn_by).into(),
    };
    fan.endpoints.iter().enumerate().map(endpoint).collect()
}
