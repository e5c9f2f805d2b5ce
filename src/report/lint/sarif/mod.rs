//! SARIF 2.1.0, as GitHub's code scanning takes it.
//!
//! The structs of `log.rs` are the part of the format that is used. GitHub takes 25000 results of a run, so that the worst are
//! written and a notification says how many are not.

mod log;

use std::path::Path;

use crate::diagnostic::Label;
use crate::lint::{By, Confidence, Found, Lint, Page, Severity, Told};

use super::Answer;
use log::{
    ArtifactLocation, CodeFlow, Configuration, Descriptor, Driver, Fingerprints, Help, Invocation, Level, Location,
    Log, LogicalLocation, Message, Notification, PhysicalLocation, Properties, Region, Report, Run, Suppression,
    ThreadFlow, ThreadFlowLocation, Tool,
};

pub use log::Log as Sarif;

/// Results that GitHub takes of a run.
const MOST: usize = 25_000;

/// One run with every lint that was asked, every finding, and those that are suppressed.
pub fn sarif(answer: &Answer<'_>) -> Sarif {
    let results = answer.results;
    let told = results.sorted().into_iter().map(|(at, found)| report(answer, at, found, None));
    let silent = results.suppressed().map(|(at, suppressed)| {
        let kind = match suppressed.by {
            By::Source => "inSource",
            By::Exception | By::Baseline => "external",
        };
        let suppression = Suppression { kind, justification: suppressed.reason.clone() };
        report(answer, Some(at), &suppressed.found, Some(suppression))
    });
    let mut reports: Vec<_> = told.chain(silent).collect();
    let more = reports.len().saturating_sub(MOST);
    reports.truncate(MOST);
    let left_out = (more > 0).then(|| format!("{more} more findings are left out"));
    let unread = results.unread().map(|(name, told)| unread(name, told));
    let invocation = Invocation {
        execution_successful: results.unread().next().is_none(),
        tool_execution_notifications: left_out
            .map(|text| notification(Level::Warning, &text))
            .into_iter()
            .chain(unread)
            .collect(),
    };
    let rules = answer.lints.iter().map(|lint| descriptor(lint)).collect();
    let version = env!("CARGO_PKG_VERSION");
    let tool = Tool { driver: Driver { name: "kpt", version, semantic_version: version, rules } };
    Log::of(Run { tool, column_kind: "unicodeCodePoints", invocations: vec![invocation], results: reports })
}

fn unread(name: &str, told: &Told) -> Notification {
    notification(Level::Error, &format!("{name}: {}", told.diagnostic))
}

fn notification(level: Level, text: &str) -> Notification {
    Notification { level, message: message(text) }
}

/// What SARIF says of a lint.
fn descriptor(lint: &Lint) -> Descriptor {
    let page = Page::read(lint.page).unwrap_or_default();
    let group = lint.code.get(3..4).unwrap_or_default();
    let (tag, is_security) = match group {
        "0" => ("input", false),
        "1" => ("reachability", false),
        "2" => ("load-balancing", false),
        "3" => ("session-affinity", false),
        "4" => ("nat", false),
        "5" => ("order", false),
        "6" => ("kubernetes", false),
        "7" => ("firewall", false),
        "8" => ("security", true),
        _ => ("hygiene", false),
    };
    Descriptor {
        id: lint.code,
        name: lint.name,
        full_description: message(page.section("Detects")),
        help: Help { text: page.section("Advice").to_owned(), markdown: lint.page },
        default_configuration: Configuration { level: lint.severity.into() },
        properties: Properties {
            precision: if lint.confidence == Confidence::Exact { "very-high" } else { "medium" },
            tags: vec!["iptables", tag],
            security_severity: is_security.then(|| security(lint.severity)),
        },
        short_description: message(&page.summary),
    }
}

/// Between 0 and 10, as CVSS counts.
const fn security(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "8.0",
        Severity::Warning => "5.0",
        Severity::Info => "2.0",
    }
}

fn report(answer: &Answer<'_>, at: Option<usize>, found: &Found, suppression: Option<Suppression>) -> Report {
    let chain = found.chain.as_ref().map(|chain| LogicalLocation {
        name: chain.clone(),
        fully_qualified_name: found.table.map_or_else(|| chain.clone(), |table| format!("{table}/{chain}")),
        kind: "member",
    });
    let mut labels = found.labels.0.iter();
    let first = labels.next().map(|label| place(answer, label, None));
    let whole = || at.map(|_| Location::of(physical(answer, answer.results.name(at), None)));
    let locations =
        first.or_else(whole).map(|location| Location { logical_locations: chain.into_iter().collect(), ..location });
    let causes = (1..).zip(labels).map(|(id, label)| place(answer, label, Some(id)));
    let lasting = &found.fingerprint;
    Report {
        rule_id: found.lint.code,
        rule_index: answer.lints.iter().position(|lint| *lint == found.lint),
        level: found.severity.into(),
        message: message(&found.message),
        locations: locations.into_iter().collect(),
        related_locations: causes.collect(),
        code_flows: found.is_path.then(|| code_flow(answer, found)).into_iter().collect(),
        partial_fingerprints: Fingerprints {
            primary_location_line_hash: format!("{}:1", lasting.get(..16).unwrap_or(lasting)),
            lasting: lasting.clone(),
        },
        suppressions: suppression.into_iter().collect(),
    }
}

fn code_flow(answer: &Answer<'_>, found: &Found) -> CodeFlow {
    let step = |label: &Label| {
        let location = Location { message: Some(message(&label.text)), ..place(answer, label, None) };
        ThreadFlowLocation { location }
    };
    CodeFlow { thread_flows: vec![ThreadFlow { locations: found.labels.0.iter().map(step).collect() }] }
}

/// A label as a location; a cause has a number and says what it is.
fn place(answer: &Answer<'_>, label: &Label, id: Option<usize>) -> Location {
    let region = Region { start_line: label.line, start_column: label.column };
    let location = Location::of(physical(answer, &label.file, Some(region)));
    Location { id, message: id.map(|_| message(&label.text)), ..location }
}

fn physical(answer: &Answer<'_>, file: &str, region: Option<Region>) -> PhysicalLocation {
    PhysicalLocation { artifact_location: ArtifactLocation { uri: uri(file, answer.folder) }, region }
}

/// The name of a file as a URI, below `folder` where it is.
fn uri(file: &str, folder: &Path) -> String {
    let below =
        Path::new(file).strip_prefix(folder).map_or(file.to_owned(), |path| path.to_string_lossy().into_owned());
    let scheme = if below.starts_with('/') { "file://" } else { "" };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let part = |byte: u8| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    [scheme.to_owned()].into_iter().chain(below.bytes().map(part)).collect()
}

/// Plain text: brackets would be a link.
fn message(text: &str) -> Message {
    Message { text: text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]") }
}

impl From<Severity> for Level {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Info => Self::Note,
            Severity::Warning => Self::Warning,
            Severity::Error => Self::Error,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_uris() {
        let folder = Path::new("/home/me/repo");
        for (file, shown) in [
            ("nodes/a b.rules", "nodes/a%20b.rules"),
            ("/home/me/repo/x:y", "x%3Ay"),
            ("/tmp/ä", "file:///tmp/%C3%A4"),
            ("stdin", "stdin"),
        ] {
            assert_eq!(uri(file, folder), shown);
        }
    }
}
