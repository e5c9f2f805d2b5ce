//! What stops a command: wrong usage, or no input that can be read.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::source::Source;

use super::exit::Exit;

/// Why a command could not answer.
#[derive(Debug)]
pub(super) enum Error {
    /// The arguments make no sense together, or not for this input.
    Usage { message: String, help: String },
    /// A file cannot be opened, or holds nothing to read.
    Input { message: String, help: String },
    /// A file cannot be used; the diagnostic points into it.
    Located(Box<Source>, Diagnostic),
    /// The answer cannot be written.
    Output(std::io::Error),
}

impl Error {
    pub(super) fn usage(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), help: help.into() }
    }

    pub(super) fn input(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self::Input { message: message.into(), help: help.into() }
    }

    pub(super) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } => Exit::Usage,
            // A reader that has seen enough is no error.
            Self::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::Answered,
            Self::Input { .. } | Self::Located(..) | Self::Output(_) => Exit::Input,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage { message, .. } | Self::Input { message, .. } => f.write_str(message),
            Self::Located(_, diagnostic) => diagnostic.fmt(f),
            Self::Output(error) => write!(f, "the answer cannot be written: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl miette::Diagnostic for Error {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        match self {
            Self::Usage { help, .. } | Self::Input { help, .. } => Some(Box::new(help)),
            Self::Located(..) | Self::Output(_) => None,
        }
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Output(error)
    }
}
