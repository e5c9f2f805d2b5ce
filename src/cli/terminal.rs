//! Standard output and standard error: colour, width, and problems as people read them.

use std::cmp::Reverse;
use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use serde::Serialize;

use crate::diagnostic::{Code, Diagnostic, Located};
use crate::report::text::{self, Paint};
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
    /// Problems are drawn rather than written.
    draws: bool,
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
        let width = common.width.unwrap_or(width);
        Self {
            paint: paint(auto(anstream::AutoStream::choice(&io::stdout()))),
            problem_paint: paint(auto(anstream::AutoStream::choice(&io::stderr()))),
            width,
            draws: io::stderr().is_terminal() || matches!(common.color, Color::Always),
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

    /// A JSON document: for a person on several lines, for a program on one.
    pub(super) fn json(&self, document: &impl Serialize) -> Vec<u8> {
        let written = if self.is_read() { serde_json::to_vec_pretty(document) } else { serde_json::to_vec(document) };
        let mut bytes = written.unwrap_or_default();
        bytes.push(b'\n');
        bytes
    }

    /// Writes a JSON document while it is made.
    pub(super) fn write_json(&self, document: &impl Serialize) -> Result<(), Error> {
        let mut out = io::BufWriter::new(io::stdout().lock());
        let written = if self.is_read() {
            serde_json::to_writer_pretty(&mut out, document)
        } else {
            serde_json::to_writer(&mut out, document)
        };
        written.map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        out.flush()?;
        Ok(())
    }

    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// Tells problems of the input, the worst first, and only a few of them.
    pub(super) fn problems(&self, problems: &[Located<'_>]) {
        if self.quiet {
            return;
        }
        let mut sorted: Vec<_> = problems.iter().collect();
        sorted.sort_by_key(|problem| Reverse(problem.diagnostic().code().severity()));
        let shown = if self.verbose { usize::MAX } else { SHOWN };
        sorted.iter().take(shown).for_each(|problem| self.report(problem));
        match sorted.len().saturating_sub(shown) {
            0 => {}
            1 => say("one more problem (-v shows it)\n"),
            more => say(&format!("{more} more problems (-v shows them)\n")),
        }
    }

    /// Tells why there is no answer.
    pub(super) fn fail(&self, error: &Error) -> Exit {
        match error {
            Error::Input(source, problem) => self.report(&Located::new(problem, source)),
            Error::Usage(problem) => self.report(&Located::new(problem, &Source::default())),
            Error::Output(_) if error.exit() == Exit::Answered => {}
            Error::Output(error) => {
                let problem = Diagnostic::new(Code::Unwritable, format!("the answer cannot be written: {error}"));
                self.report(&Located::new(&problem, &Source::default()));
            }
        }
        error.exit()
    }

    /// A picture for a person at a terminal; a line for a file, a log or a narrow window.
    fn report(&self, problem: &Located<'_>) {
        let picture = self.draws.then(|| text::picture(problem, self.width, self.problem_paint)).flatten();
        say(&picture.unwrap_or_else(|| text::problem(problem)));
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
