//! Standard output and standard error: colour, width, and problems as people read them.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use miette::{GraphicalReportHandler, GraphicalTheme};

use crate::diagnostic::{Diagnostic, Located};
use crate::report::text::Paint;
use crate::source::Source;

use super::args::{Color, Common};
use super::error::Error;
use super::exit::Exit;

/// How wide text is where nothing tells: a pipe or a file.
const WIDTH: usize = 100;
/// How many problems are shown unless `-v` asks for all.
const SHOWN: usize = 5;

/// What to write to, and how.
#[derive(Debug)]
pub(super) struct Terminal {
    paint: Paint,
    problem_paint: Paint,
    width: usize,
    quiet: bool,
    verbose: bool,
}

impl Terminal {
    pub(super) fn new(common: &Common) -> Self {
        let paint = |choice: ColorChoice| match choice {
            ColorChoice::Never => Paint::Plain,
            _ => Paint::Colour,
        };
        let auto = |automatic: ColorChoice| match common.color {
            Color::Auto => automatic,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
        Self {
            paint: paint(auto(anstream::AutoStream::choice(&io::stdout()))),
            problem_paint: paint(auto(anstream::AutoStream::choice(&io::stderr()))),
            width: common.width.unwrap_or(width),
            quiet: common.quiet,
            verbose: common.verbose,
        }
    }

    pub(super) const fn paint(&self) -> Paint {
        self.paint
    }

    /// Does a person read the answer, rather than a program?
    #[expect(clippy::unused_self, reason = "it is this terminal's answer")]
    pub(super) fn is_read(&self) -> bool {
        io::stdout().is_terminal()
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Tells problems of the input, the first few of them.
    pub(super) fn problems<'d>(&self, source: &Source, problems: impl IntoIterator<Item = &'d Diagnostic>) {
        if self.quiet {
            return;
        }
        let shown = if self.verbose { usize::MAX } else { SHOWN };
        let mut more = 0;
        for (index, problem) in problems.into_iter().enumerate() {
            if index < shown {
                self.report(&Located::new(problem, source));
            } else {
                more += 1;
            }
        }
        if more > 0 {
            say(&format!("  {more} more problems like these (-v shows them all)\n"));
        }
    }

    /// Tells why there is no answer.
    pub(super) fn fail(&self, error: &Error) -> Exit {
        if error.exit() != Exit::Answered {
            match error {
                Error::Located(source, diagnostic) => self.report(&Located::new(diagnostic, source)),
                error => self.report(error),
            }
        }
        error.exit()
    }

    fn report(&self, problem: &dyn miette::Diagnostic) {
        let theme = match self.problem_paint {
            Paint::Colour => GraphicalTheme::unicode(),
            Paint::Plain => GraphicalTheme::unicode_nocolor(),
        };
        let handler = GraphicalReportHandler::new_themed(theme).with_width(self.width);
        let mut text = String::new();
        if handler.render_report(&mut text, problem).is_ok() {
            say(&text);
        }
    }
}

/// Writes an answer.
pub(super) fn answer(text: &[u8]) -> Result<(), Error> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text)?;
    stdout.flush()?;
    Ok(())
}

/// A problem that cannot be told to standard error cannot be told at all.
fn say(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Would reading standard input wait for somebody to type a dump?
pub(super) fn nobody_pipes() -> bool {
    io::stdin().is_terminal()
}
