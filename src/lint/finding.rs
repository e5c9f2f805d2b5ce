//! What a lint says of one thing that is wrong.

use crate::kube::ServiceName;
use crate::ruleset::{ChainId, RuleId};
use crate::save::TableName;
use crate::source::Span;

use super::meta::{Confidence, Severity};

/// Something that is wrong: one sentence that states the effect, where it is, why, and what to do.
///
/// ```
/// use kpt::lint::Finding;
/// let finding = Finding::new("31 % of new connections stay untranslated").help("drop the statistic match of the last rule");
/// ```
#[derive(Debug, Clone, Default)]
pub struct Finding {
    pub(super) message: String,
    pub(super) severity: Option<Severity>,
    pub(super) confidence: Option<Confidence>,
    pub(super) places: Vec<(Place, String)>,
    pub(super) is_path: bool,
    pub(super) table: Option<TableName>,
    pub(super) chain: Option<String>,
    pub(super) service: Option<ServiceName>,
    pub(super) key: String,
    pub(super) help: Option<String>,
    pub(super) commands: Vec<String>,
}

/// Somewhere in the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A rule of [`super::Input::ruleset`].
    Rule(RuleId),
    /// A chain of it: the line that declares it, or its first rule.
    Chain(ChainId),
    /// A line of the source.
    Line(u32),
    /// A piece of the source; that of a problem, or of a rule of another ruleset.
    Span(Span),
}

impl From<RuleId> for Place {
    fn from(rule: RuleId) -> Self {
        Self::Rule(rule)
    }
}

impl From<ChainId> for Place {
    fn from(chain: ChainId) -> Self {
        Self::Chain(chain)
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

impl Finding {
    /// Something that is wrong; `message` is a sentence that states the effect, lower case and without a full stop, names of
    /// chains and words of rules in backticks.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// Another severity than the lint's own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// Another confidence than the lint's own: some of what a lint finds may be exact, some not.
    #[must_use]
    pub fn confidence(mut self, confidence: Confidence) -> Self {
        self.confidence = Some(confidence);
        self
    }

    /// Points at a place. The first call names the place of the finding, which also says its table, chain and rule; later ones
    /// name the causes.
    #[must_use]
    pub fn at(mut self, place: impl Into<Place>, label: impl Into<String>) -> Self {
        self.places.push((place.into(), label.into()));
        self
    }

    /// Says that its places, in this order, are those that a packet comes to.
    #[must_use]
    pub fn path(mut self) -> Self {
        self.is_path = true;
        self
    }

    /// The table, where the first place is neither a rule nor a chain.
    #[must_use]
    pub fn table(mut self, table: TableName) -> Self {
        self.table = Some(table);
        self
    }

    /// The chain, where the first place is neither a rule nor a chain.
    #[must_use]
    pub fn chain(mut self, chain: impl Into<String>) -> Self {
        self.chain = Some(chain.into());
        self
    }

    /// The Service port, where it is not that of the chain.
    #[must_use]
    pub fn service(mut self, service: ServiceName) -> Self {
        self.service = Some(service);
        self
    }

    /// What tells it from other findings of this lint in the same chain and rule, such as the name of a hook. It must not
    /// change when pods come and go.
    #[must_use]
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = key.into();
        self
    }

    /// What to do, in words.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// A command that helps: one program with its words, quoted as iptables-save does it. It is printed, never run, and
    /// quoted so that a shell takes each word as it is: names and comments come from others.
    #[must_use]
    pub fn command(mut self, command: impl Into<String>) -> Self {
        self.commands.push(command.into());
        self
    }
}
