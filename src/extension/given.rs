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
