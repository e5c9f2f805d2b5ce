//! `kpt.batch/1`: one of many packets, on one line.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::analyze::Brief;
use crate::packet::{Packet, Value};
use crate::report::words;
use crate::ruleset::{ChainId, RuleId, Ruleset};

/// What becomes of one of many packets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BatchLine<Answer = BatchAnswer> {
    /// `kpt.batch/1`
    schema: Name,
    /// The 1-based line that asks about it.
    line: u64,
    /// The packet; `null` if the line asks about none.
    packet: Option<BatchPacket>,
    /// What becomes of it; `null` if the line asks about none.
    answer: Option<Answer>,
    /// Why the line asks about no packet.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The name of the format.
#[derive(Debug, Serialize, JsonSchema)]
enum Name {
    #[serde(rename = "kpt.batch/1")]
    Batch1,
}

/// A packet, as far as it was told.
#[derive(Debug, Serialize, JsonSchema)]
struct BatchPacket {
    /// Its protocol; `null` for any.
    protocol: Option<String>,
    /// Its source; `null` for any.
    src: Option<String>,
    /// Its source port; `null` for any.
    sport: Option<u16>,
    /// Its destination.
    dst: Option<String>,
    /// Its destination port; `null` for any.
    dport: Option<u16>,
}

/// What becomes of it, as the default world has it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct BatchAnswer {
    /// `delivered`, `dropped`, `rejected`, `mixed` or `undetermined`
    outcome: &'static str,
    /// `namespace/name:port` of the Service that takes it in.
    service: Option<String>,
    /// Where rules send it.
    endpoints: Vec<BatchEndpoint>,
    /// Whether its source is rewritten: `yes`, `no`, or `some` of the time.
    snat: &'static str,
    /// What does not let it through.
    ended_by: Option<BatchEnd>,
}

/// Where some of the packets go.
#[derive(Debug, Serialize, JsonSchema)]
struct BatchEndpoint {
    /// `address:port`
    endpoint: String,
    /// Its part of all packets, from 0 to 1.
    share: f64,
}

/// A rule, or the policy of a chain.
#[derive(Debug, Serialize, JsonSchema)]
struct BatchEnd {
    table: &'static str,
    chain: String,
    /// Its number in the chain, counted from 1; `null` for the policy.
    rule: Option<u32>,
    /// Its 1-based line in the dump, if it has one.
    line: Option<u32>,
}

/// Puts a short answer into the format, once for all packets that share it.
pub fn batch_answer(brief: &Brief, ruleset: &Ruleset<'_>) -> Box<RawValue> {
    let service = brief.entry.as_ref().and_then(|entry| entry.service.as_ref());
    let endpoint = |((address, port), share): (&(Value<_>, Value<_>), &crate::logic::Share)| BatchEndpoint {
        endpoint: words::endpoint(address, port),
        share: share.get(),
    };
    let answer = BatchAnswer {
        outcome: brief.outcome.as_str(),
        service: service.map(ToString::to_string),
        endpoints: brief.endpoints.iter().map(endpoint).collect(),
        snat: brief.snat.as_str(),
        ended_by: brief.ended_by.map(|by| end(by, ruleset)),
    };
    serde_json::value::to_raw_value(&answer).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn end((chain, rule): (ChainId, Option<RuleId>), ruleset: &Ruleset<'_>) -> BatchEnd {
    let line = match rule {
        Some(rule) => ruleset.rule(rule).map(|rule| rule.line),
        None => ruleset.chain(chain).and_then(|chain| chain.line),
    };
    BatchEnd {
        table: chain.table.name.as_str(),
        chain: ruleset.name(chain).to_owned(),
        rule: rule.map(RuleId::number),
        line,
    }
}

/// A line about a packet.
pub fn batch_line<'a>(line: u64, packet: &Packet, answer: &'a RawValue) -> BatchLine<&'a RawValue> {
    let address = |address: &Value<std::net::IpAddr>| address.known().map(ToString::to_string);
    let packet = BatchPacket {
        protocol: packet.protocol.known().map(ToString::to_string),
        src: address(&packet.src),
        sport: packet.sport.known().copied(),
        dst: address(&packet.dst),
        dport: packet.dport.known().copied(),
    };
    BatchLine { schema: Name::Batch1, line, packet: Some(packet), answer: Some(answer), error: None }
}

/// A line that asks about no packet.
pub const fn batch_error(line: u64, why: String) -> BatchLine {
    BatchLine { schema: Name::Batch1, line, packet: None, answer: None, error: Some(why) }
}
