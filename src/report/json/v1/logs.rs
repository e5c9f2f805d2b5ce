//! `kpt.logs/1`: the structs are the format.

use schemars::JsonSchema;
use serde::Serialize;

use crate::analyze::{Memory, Outcome as Found};
use crate::diagnostic::Located;
use crate::kernlog::{self, Account, Difference, Lost, Row, Tally, Told};
use crate::report::{LogSubject, Safe, Subject};

use super::from_answer;
use super::problem::{Place, Problem};
use super::trace::{Assumption, Trace};

/// The answer to `kpt logs`: what the kernel's log shows, beside the prediction.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Logs {
    #[serde(flatten)]
    begin: LogBegin,
    /// In the order in which the log tells of them first.
    connections: Vec<LogConnection>,
    #[serde(flatten)]
    end: LogEnd,
}

/// What stands before the connections.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogBegin {
    /// `kpt.logs/1`
    schema: Name,
}

#[derive(Debug, Serialize, JsonSchema)]
enum Name {
    #[serde(rename = "kpt.logs/1")]
    Logs1,
}

/// A connection of the log.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogConnection {
    /// The time of its first line, as the line has it.
    time: Option<String>,
    /// Lines about its first packet.
    lines: Vec<LogLine>,
    /// Packets of its direction, that one included.
    packets: u64,
    /// Answers.
    replies: u64,
    /// The one world and the one path that fit the log, or fit it longest.
    trace: Trace,
    /// The line that shows each step of the path; `null` for what is inferred.
    shown: Vec<Option<u64>>,
    /// Endpoints that fit as well; 1 if the log, or the rules, tell which.
    ways: usize,
    /// What would have been assumed otherwise.
    corrected: Vec<Assumption>,
    /// Where kernel and prediction part.
    parting: Option<LogParting>,
}

/// A line of the log.
#[derive(Debug, Serialize, JsonSchema)]
struct LogLine {
    /// 1-based.
    line: u64,
    /// The prefix of LOG.
    prefix: Option<String>,
    /// The table of a trace.
    table: Option<String>,
    /// The chain of a trace, or that a prefix names.
    chain: Option<String>,
    src: Option<String>,
    sport: Option<u16>,
    dst: Option<String>,
    dport: Option<u16>,
    /// Hexadecimal; `null` if the line does not tell.
    mark: Option<String>,
}

/// The first line where kernel and prediction part.
#[derive(Debug, Serialize, JsonSchema)]
struct LogParting {
    /// Of the log.
    line: u64,
    difference: LogDifference,
    /// What the kernel shows, where a value differs.
    kernel: Option<String>,
    /// What is predicted, where a value differs.
    predicted: Option<String>,
    /// The step of the path that is predicted there, from 0; `null` at its end.
    step: Option<usize>,
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum LogDifference {
    /// The dump has no such chain.
    NoSuchChain,
    /// The dump has no such rule.
    NoSuchRule,
    /// It is there, but not on the predicted way.
    Elsewhere,
    /// A step that is predicted before it was not taken.
    Skipped,
    Destination,
    Source,
    Mark,
}

/// What stands behind the connections.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogEnd {
    summary: LogSummary,
    /// What is wrong with the input, or good to know of it.
    problems: Vec<Problem>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct LogSummary {
    /// Lines of the log, others included.
    lines: u64,
    connections: u64,
    delivered: u64,
    dropped: u64,
    rejected: u64,
    undetermined: u64,
    /// Those that kernel and prediction part at.
    parted: u64,
    /// Those of a family that the dump has no rules of.
    strangers: u64,
    endpoints: Vec<LogEndpoint>,
    lost: Vec<LogLost>,
}

/// An endpoint and how many connections took it.
#[derive(Debug, Serialize, JsonSchema)]
struct LogEndpoint {
    /// The chain that draws it.
    chain: String,
    address: Option<String>,
    port: Option<u16>,
    connections: u64,
    /// Expected, from 0 to 1.
    probability: f64,
    #[serde(flatten)]
    place: Place,
}

/// What ended the way of connections.
#[derive(Debug, Serialize, JsonSchema)]
struct LogLost {
    connections: u64,
    table: Option<String>,
    chain: Option<String>,
    /// 1-based within its chain; `null` for a policy.
    rule: Option<u32>,
    /// Where it was no rule.
    reason: Option<String>,
    #[serde(flatten)]
    place: Place,
}

/// Begins a document.
pub const fn log_begin() -> LogBegin {
    LogBegin { schema: Name::Logs1 }
}

/// Puts a connection into the format.
pub fn log_connection(account: &Account, log: &LogSubject<'_, '_>) -> LogConnection {
    let connection = log.connection;
    let record = |at: usize| connection.first.get(at).map(|record| record.line);
    let shown = account.rows.iter().filter_map(|row| match row {
        Row::Step(_, seen) => Some(seen.and_then(record)),
        Row::Line(_) => None,
    });
    let family = account.answer.asked.family;
    LogConnection {
        time: connection.first.iter().find_map(|record| record.time.as_deref()).map(|time| Safe(time).to_string()),
        lines: connection.first.iter().map(line).collect(),
        packets: connection.packets,
        replies: connection.replies,
        trace: from_answer::trace(&account.answer, &log.subject, Memory::default(), &[]),
        shown: shown.collect(),
        ways: account.ways,
        corrected: account.corrected.iter().map(|one| from_answer::assumption(one, family, &log.subject)).collect(),
        parting: account.parting.as_ref().map(|parting| {
            let (difference, kernel, predicted) = difference(&parting.difference);
            LogParting {
                line: record(parting.record).unwrap_or(0),
                difference,
                kernel,
                predicted,
                step: parting.expected,
            }
        }),
    }
}

fn line(record: &kernlog::Record) -> LogLine {
    let headers = record.headers.as_deref();
    let (prefix, met) = match &record.told {
        Some(Told::Prefix(prefix)) => (Some(Safe(prefix).to_string()), None),
        Some(Told::Met(met)) => (None, Some(met)),
        None => (None, None),
    };
    LogLine {
        line: record.line,
        prefix,
        table: met.map(|met| Safe(&met.table).to_string()),
        chain: met.map(|met| Safe(&met.chain).to_string()),
        src: headers.map(|headers| headers.src.to_string()),
        sport: headers.and_then(|headers| headers.sport),
        dst: headers.map(|headers| headers.dst.to_string()),
        dport: headers.and_then(|headers| headers.dport),
        mark: record.mark.map(|mark| format!("{mark:#x}")),
    }
}

fn difference(difference: &Difference) -> (LogDifference, Option<String>, Option<String>) {
    let end = |(address, port): (std::net::IpAddr, Option<u16>)| {
        Some(port.map_or_else(|| address.to_string(), |port| std::net::SocketAddr::new(address, port).to_string()))
    };
    match difference {
        Difference::Missing(kernlog::Missing::Chain) => (LogDifference::NoSuchChain, None, None),
        Difference::Missing(kernlog::Missing::Rule) => (LogDifference::NoSuchRule, None, None),
        Difference::Elsewhere => (LogDifference::Elsewhere, None, None),
        Difference::Skipped => (LogDifference::Skipped, None, None),
        Difference::Destination(seen, predicted) => (LogDifference::Destination, end(*seen), end(*predicted)),
        Difference::Source(seen, predicted) => (LogDifference::Source, end(*seen), end(*predicted)),
        Difference::Mark(seen, predicted) => {
            (LogDifference::Mark, Some(format!("{seen:#x}")), Some(format!("{predicted:#x}")))
        }
    }
}

/// Puts what was counted into the format.
pub fn log_end(tallies: &[(&Tally, Subject<'_, '_>)], lines: u64, strangers: u64, problems: &[Located<'_>]) -> LogEnd {
    let sum = |of: &dyn Fn(&Tally) -> u64| tallies.iter().map(|(tally, _)| of(tally)).sum();
    let ended = |outcome: Found| sum(&|tally: &Tally| tally.outcomes.get(&outcome).copied().unwrap_or(0));
    let summary = LogSummary {
        lines,
        connections: sum(&|tally| tally.connections),
        delivered: ended(Found::Delivered),
        dropped: ended(Found::Dropped),
        rejected: ended(Found::Rejected),
        undetermined: ended(Found::Undetermined) + ended(Found::Mixed),
        parted: sum(&|tally| tally.parted),
        strangers,
        endpoints: tallies.iter().flat_map(|(tally, subject)| endpoints(tally, subject)).collect(),
        lost: tallies.iter().flat_map(|(tally, subject)| lost(tally, subject)).collect(),
    };
    LogEnd { summary, problems: problems.iter().map(Problem::from).collect() }
}

fn endpoints(tally: &Tally, subject: &Subject<'_, '_>) -> Vec<LogEndpoint> {
    let mut all = Vec::new();
    for taken in tally.taken(subject.ruleset) {
        let chain = Safe(subject.ruleset.name(taken.fan.chain)).to_string();
        let each = taken.fan.endpoints.iter().zip(&taken.observed.counts);
        all.extend(each.map(|(endpoint, count)| LogEndpoint {
            chain: chain.clone(),
            address: endpoint.address.map(|address| address.to_string()),
            port: endpoint.port,
            connections: *count,
            probability: endpoint.share.get(),
            place: subject.place(endpoint.rewritten_by).into(),
        }));
    }
    all
}

fn lost(tally: &Tally, subject: &Subject<'_, '_>) -> Vec<LogLost> {
    let each = tally.lost.iter().map(|(lost, connections)| {
        let (chain, rule, reason, place) = match lost {
            Lost::Rule(rule) => (Some(rule.chain), Some(rule.number()), None, subject.place(*rule)),
            Lost::Policy(chain) => (Some(*chain), None, None, subject.policy_place(*chain)),
            Lost::Otherwise(reason) => (None, None, Some((*reason).to_owned()), None),
        };
        LogLost {
            connections: *connections,
            table: chain.map(|chain| chain.table.to_string()),
            chain: chain.map(|chain| Safe(subject.ruleset.name(chain)).to_string()),
            rule,
            reason,
            place: place.into(),
        }
    });
    each.collect()
}
