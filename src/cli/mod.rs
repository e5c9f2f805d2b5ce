//! Arguments, files, standard output and exit codes: the only place that touches the outside.

mod args;
mod error;
mod exit;
mod facts;
mod input;
mod show;
mod terminal;
mod trace;

pub use exit::Exit;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use terminal::Terminal;

/// Reads the command line, does what it asks for, and says how it went.
pub fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let exit = if error.use_stderr() { Exit::Usage } else { Exit::Answered };
            // Nothing is left to do if even this cannot be printed.
            let _ = error.print();
            return exit.into();
        }
    };
    let terminal = Terminal::new(&args.common);
    let result = match &args.command {
        Command::Trace(trace) => trace::run(trace, &args.common, &terminal),
        Command::Show(show) => show::run(show, &args.common, &terminal),
    };
    result.unwrap_or_else(|error| terminal.fail(&error)).into()
}
