//! What stops a command: wrong usage, or no input that can be read.

use std::fmt;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Source;

use super::exit::Exit;

/// Why a command could not answer.
#[derive(Debug)]
pub(super) enum Error {
    /// The arguments make no sense together, or not for this input.
    Usage(Diagnostic),
    /// A file cannot be opened, or cannot be used; the diagnostic may point into it.
    Input(Box<Source>, Diagnostic),
    /// The answer cannot be written.
    Output(std::io::Error),
}

impl Error {
    pub(super) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage(Diagnostic::new(Code::Usage, message).help(help))
    }

    /// An input that cannot be opened.
    pub(super) fn input(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Input(Box::default(), Diagnostic::new(Code::Unreadable, message).help(help))
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) => Exit::Usage,
            // A reader that has seen enough is no error.
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Answered,
            Self::Input(..) | Self::Output(_) => Exit::Input,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(problem) | Self::Input(_, problem) => problem.fmt(f),
            Self::Output(error) => error.fmt(f),
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}
