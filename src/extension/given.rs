//! Options that are only handed on: kept and printed as they were given.

use std::fmt;

use crate::save::Word;

use super::args::{Args, not};

/// The options of an extension that kpt reads and prints but asks about as a whole.
#[derive(Debug, Clone)]
pub(super) struct Given<'t>(Vec<(bool, &'static str, Vec<Word<'t>>)>);

impl<'t> Given<'t> {
    /// Keeps every option, in order.
    pub(super) fn all(args: &Args<'t>) -> Self {
        Self(args.list.iter().map(|arg| (arg.not, arg.option, arg.values.clone())).collect())
    }

    /// Is the option there?
    pub(super) fn has(&self, option: &str) -> bool {
        self.0.iter().any(|(_, name, _)| *name == option)
    }

    /// The two values of an option that takes two.
    pub(super) fn two(&self, option: &str) -> Option<(&str, &str)> {
        let (_, _, values) = self.0.iter().find(|(_, name, _)| *name == option)?;
        if let [first, second] = values.as_slice() { Some((first.as_str(), second.as_str())) } else { None }
    }

    /// The first value of an option.
    pub(super) fn value(&self, option: &str) -> Option<&str> {
        let (_, _, values) = self.0.iter().find(|(_, name, _)| *name == option)?;
        values.first().map(Word::as_str)
    }
}

impl fmt::Display for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (inverted, option, values) in &self.0 {
            write!(f, "{} {option}", not(*inverted))?;
            values.iter().try_for_each(|value| write!(f, " {value}"))?;
        }
        Ok(())
    }
}
