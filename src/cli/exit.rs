//! Exit codes, the same for every command and format.

use std::process::ExitCode;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Answered; nothing found.
    Answered = 0,
    /// Found something: findings that are bad enough, or an `--expect` that is not met.
    Found = 1,
    /// Wrong usage.
    Usage = 2,
    /// No input, or input that cannot be read.
    Input = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
