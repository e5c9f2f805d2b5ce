//! Colour by meaning.

use std::fmt;

use owo_colors::{OwoColorize, Style};

/// Whether to colour at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Escape sequences for a terminal.
    Colour,
    /// Text alone.
    Plain,
}

/// What a piece of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tone {
    /// Nothing in particular.
    Plain,
    /// It arrives.
    Good,
    /// It does not arrive.
    Bad,
    /// It may or may not.
    Open,
    /// A name to look for: a chain, a Service, an endpoint.
    Name,
    /// A heading.
    Strong,
    /// What stands in the background.
    Faint,
}

impl Tone {
    const fn style(self) -> Style {
        match self {
            Self::Plain => Style::new(),
            Self::Good => Style::new().green().bold(),
            Self::Bad => Style::new().red().bold(),
            Self::Open => Style::new().yellow().bold(),
            Self::Name => Style::new().cyan(),
            Self::Strong => Style::new().bold(),
            Self::Faint => Style::new().bright_black(),
        }
    }
}

/// Text with its style.
pub(super) struct Painted<'a> {
    text: &'a str,
    style: Option<Style>,
}

impl Paint {
    pub(super) fn tone(self, tone: Tone, text: &str) -> Painted<'_> {
        let coloured = self == Self::Colour && tone != Tone::Plain;
        Painted { text, style: coloured.then(|| tone.style()) }
    }
}

impl fmt::Display for Painted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.style {
            Some(style) => write!(f, "{}", self.text.style(style)),
            None => f.write_str(self.text),
        }
    }
}
