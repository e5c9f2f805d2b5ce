//! Arguments, files, standard output and exit codes: the only place that touches the outside.

mod args;
mod batch;
mod error;
mod exit;
mod facts;
mod follow;
mod input;
mod lb_weights;
mod lint;
mod logs;
mod question;
mod show;
mod terminal;
mod trace;

pub use exit::Exit;

use std::process::ExitCode;

use clap::Parser;

use crate::logic::Assumptions;
use crate::packet::Packet;
use crate::ruleset::Ruleset;

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
        Command::LbWeights(weights) => lb_weights::run(weights, &args.common, &terminal),
        Command::Lint(lint) => lint::run(lint, &args.common, &terminal),
        Command::Explain(explain) => lint::explain(explain, &terminal),
        Command::Logs(logs) => logs::run(logs, &args.common, &terminal),
        Command::Show(show) => show::run(show, &args.common, &terminal),
    };
    result.unwrap_or_else(|error| terminal.fail(&error)).into()
}

/// The packet that `kpt trace` with these words asks about, and what they say of it, without answering. A Service is looked
/// up in `ruleset`; no file that the words name is opened. The error says why there is no such packet.
///
/// ```
/// # use kpt::{cli, ruleset::Ruleset, save::Document};
/// let ruleset = Ruleset::new(Document::default());
/// let (packet, _) = cli::packet(["-d", "10.0.0.1:80", "--local"], &ruleset).unwrap();
/// assert!(packet.local && packet.dport.known() == Some(&80));
/// assert!(cli::packet(["-d", "10.0.0.1:http"], &ruleset).is_err());
/// ```
pub fn packet<'w>(
    words: impl IntoIterator<Item = &'w str>,
    ruleset: &Ruleset<'_>,
) -> Result<(Packet, Assumptions), String> {
    let args = Args::try_parse_from(["kpt", "trace"].into_iter().chain(words)).map_err(|error| error.to_string())?;
    let Command::Trace(trace) = &args.command else { return Err("this asks about no packet".to_owned()) };
    question::question(trace, ruleset).map_err(|error| error.to_string())
}
