//! Takes what a lint finds, and finds out where it stands.

use crate::diagnostic::{Label, Labels};
use crate::kube::ServiceName;
use crate::ruleset::{ChainId, Rule, RuleId};
use crate::save::{TableName, Word, words};
use crate::source::Span;

use super::finding::{Finding, Place};
use super::fingerprint::{fingerprint, fingerprint_of};
use super::input::Input;
use super::meta::{Confidence, Lint, Severity};
use super::owner::Owner;

/// Where a lint puts what it finds.
#[derive(Debug)]
pub struct Findings<'r, 'a, 't> {
    lint: &'static Lint,
    input: &'r Input<'a, 't>,
    pub(super) found: Vec<Found>,
    pub(super) skipped: Vec<String>,
}

/// A finding with all that is told of it.
#[derive(Debug, Clone)]
pub struct Found {
    /// Whose it is.
    pub lint: &'static Lint,
    /// How bad it is.
    pub severity: Severity,
    /// How sure it is.
    pub confidence: Confidence,
    /// A sentence that states the effect.
    pub message: String,
    /// Where it is; those behind the first are causes. Empty if it is about the input as a whole.
    pub labels: Labels,
    /// These are the places that a packet comes to, in this order.
    pub is_path: bool,
    /// The line of the whole source.
    pub line: Option<u32>,
    /// Its table.
    pub table: Option<TableName>,
    /// Its chain.
    pub chain: Option<String>,
    /// Who made that chain.
    pub owner: Option<Owner>,
    /// Its rule.
    pub rule: Option<RuleId>,
    /// The lines of the causes, of the whole source.
    pub causes: Vec<u32>,
    /// The comments of its rule.
    pub comments: Vec<String>,
    /// The Service port it is about.
    pub service: Option<ServiceName>,
    /// What to do.
    pub help: Option<String>,
    /// Commands that help.
    pub commands: Vec<String>,
    /// The same for the same thing in another dump, whatever pods have come and gone.
    pub fingerprint: String,
}

impl Found {
    /// One about something that stands in no input; `key` tells it from others of its lint.
    pub(super) fn without_place(lint: &'static Lint, message: String, help: &str, key: &str) -> Self {
        Self {
            lint,
            severity: lint.severity,
            confidence: lint.confidence,
            message,
            labels: Labels::default(),
            is_path: false,
            line: None,
            table: None,
            chain: None,
            owner: None,
            rule: None,
            causes: Vec::new(),
            comments: Vec::new(),
            service: None,
            help: Some(help.to_owned()),
            commands: Vec::new(),
            fingerprint: fingerprint_of(lint, key),
        }
    }
}

impl<'r, 'a, 't> Findings<'r, 'a, 't> {
    /// Nothing found yet.
    pub const fn new(lint: &'static Lint, input: &'r Input<'a, 't>) -> Self {
        Self { lint, input, found: Vec::new(), skipped: Vec::new() }
    }

    /// Tells that something could not be looked at, in part or at all, and why. What a lint needs always stands in
    /// [`Lint::needs`] instead.
    pub fn skip(&mut self, why: impl Into<String>) {
        let why = why.into();
        if !self.skipped.contains(&why) {
            self.skipped.push(why);
        }
    }

    /// Tells each finding of several, or of one that there may be.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) {
        findings.into_iter().for_each(|finding| self.add(finding));
    }

    /// Tells a finding.
    pub fn add(&mut self, finding: Finding) {
        let input = self.input;
        let first = finding.places.first().map(|(place, _)| *place);
        let (rule, chain) = match first {
            Some(Place::Rule(rule)) => (Some(rule), Some(rule.chain)),
            Some(Place::Chain(chain)) => (None, Some(chain)),
            _ => (None, None),
        };
        let spots: Vec<_> = finding.places.iter().map(|(place, text)| (spot(*place, input), text)).collect();
        let label = |((line, span), text): &((u32, Span), &String)| Label::on_line(*line, *span, text, input.source);
        let mut lines = spots.iter().map(|((line, _), _)| *line);
        let of_rule = rule.and_then(|rule| input.ruleset.rule(rule));
        let confidence = finding.confidence.unwrap_or(self.lint.confidence);
        let severity = finding.severity.unwrap_or(self.lint.severity);
        // What rests on an assumption is never an error.
        let most = if confidence == Confidence::Exact { Severity::Error } else { Severity::Warning };
        let found = Found {
            lint: self.lint,
            severity: severity.min(most),
            confidence,
            labels: Labels(spots.iter().map(label).collect()),
            is_path: finding.is_path,
            line: lines.next(),
            causes: lines.collect(),
            table: chain.map(|chain| chain.table.name).or(finding.table),
            owner: chain.and_then(|chain| input.owner(chain)),
            rule,
            comments: of_rule.into_iter().flat_map(Rule::comments).map(str::to_owned).collect(),
            service: finding.service.or_else(|| chain.and_then(|chain| input.service(chain)).cloned()),
            fingerprint: fingerprint(self.lint, input, rule, chain, finding.chain.as_deref(), &finding.key),
            chain: chain.map(|chain: ChainId| input.ruleset.name(chain).to_owned()).or(finding.chain),
            message: finding.message,
            help: finding.help,
            commands: finding.commands.iter().filter_map(|command| for_shell(command)).collect(),
        };
        self.found.push(found);
    }
}

/// The line and the span of a place.
fn spot(place: Place, input: &Input<'_, '_>) -> (u32, Span) {
    let on_line = |line| (line, input.line_span(line));
    match place {
        Place::Rule(rule) => {
            input.ruleset.rule(rule).map_or_else(|| (1, Span::default()), |rule| (rule.line, rule.span))
        }
        Place::Chain(chain) => input.chain_line(chain).map_or_else(|| (1, Span::default()), on_line),
        Place::Line(line) => on_line(line),
        Place::Span(span) => (input.line_of(span), span),
    }
}

/// A command with each word quoted for a shell where that is needed; `None` if it cannot be split into words.
fn for_shell(command: &str) -> Option<String> {
    let words = words(command, 0).ok()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=,+@%".contains(c);
    let quoted = |word: &Word<'_>| match word.as_str() {
        "!" if !word.quoted => "!".to_owned(),
        text if !text.is_empty() && text.chars().all(is_plain) => text.to_owned(),
        text => format!("'{}'", text.replace('\'', r"'\''")),
    };
    Some(words.iter().map(quoted).collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_takes_each_word_as_it_is() {
        for (command, shell) in [
            ("iptables -D INPUT 3", "iptables -D INPUT 3"),
            (r#"iptables -D X ! -s 10.0.0.0/8 --comment "a $(b)""#, "iptables -D X ! -s 10.0.0.0/8 --comment 'a $(b)'"),
            ("iptables -F x;reboot", "iptables -F 'x;reboot'"),
            ("iptables -F it's", r"iptables -F 'it'\''s'"),
        ] {
            assert_eq!(for_shell(command).as_deref(), Some(shell));
        }
        assert_eq!(for_shell("iptables \"x"), None);
    }
}
