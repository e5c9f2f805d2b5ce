//! The one shape of every problem that kpt tells about its input: a code, a place, a reason and a way out.
//!
//! A message is lower case without a full stop, the user's words stand in backticks, the first label is the place,
//! the second the reason, and the help is something to do. `docs/diagnostics.md` has a line for every code.

mod code;
mod label;
mod located;
mod near;

pub use code::{Code, Severity};
pub use label::{Label, Labels, harmless};
pub use located::Located;
pub use near::near;

use std::fmt;

use crate::source::Span;

/// A problem, without the text it is about: [`Located`] joins the two for printing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    code: Code,
    message: String,
    labels: Vec<(Span, String)>,
    help: Option<String>,
}

impl Diagnostic {
    /// A problem of this kind; `message` is lower case, without a full stop.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), labels: Vec::new(), help: None }
    }

    /// Points at `span`; the first call names the place, later ones reasons.
    #[must_use]
    pub fn at(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push((span, label.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Asks whether `meant` was meant, if there is something that it could be; says what else to do otherwise.
    #[must_use]
    pub fn did_you_mean(self, meant: Option<&str>, otherwise: impl Into<String>) -> Self {
        match meant {
            Some(meant) => self.help(format!("did you mean `{meant}`?")),
            None => self.help(otherwise),
        }
    }

    /// What kind of problem it is.
    pub const fn code(&self) -> Code {
        self.code
    }

    /// Where it is: the first label's span.
    pub fn span(&self) -> Option<Span> {
        self.labels.first().map(|(span, _)| *span)
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
    }
}
