//! The command line. Its help is documentation.

mod lb_weights;
mod lint;
mod logs;
mod memory;
mod show;
mod trace;
mod values;

pub(super) use lb_weights::{Format as WeightsFormat, LbWeights, Sort};
pub(super) use lint::{Explain, Format as LintFormat, Lint, Outputs};
pub(super) use logs::Logs;
pub(super) use show::Show;
pub(super) use trace::{Host, Packet, Trace};
pub(super) use values::protocol;

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};

use crate::save::{Form, Reading, TableName};

const ABOUT: &str = "Reads what iptables-save prints and says where a packet goes, how likely, and why";

const EXIT_CODES: &str = "Exit codes: 0 answered; 1 found something, or an --expect is not met; 2 wrong usage; 3 no input, or input that cannot be read.";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "kpt", version, about = ABOUT, after_help = EXIT_CODES, max_term_width = 100)]
#[command(disable_help_flag = true, disable_help_subcommand = true)]
pub(super) struct Args {
    #[command(subcommand)]
    pub(super) command: Command,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// The path of one packet: verdict, endpoints with chances, NAT and why, affinity, every rule it meets
    Trace(Box<Trace>),
    /// The true share of every endpoint of every Service
    LbWeights(LbWeights),
    /// What is wrong with the rules
    Lint(Box<Lint>),
    /// The page of a lint
    Explain(Explain),
    /// The kernel's own log lines beside the prediction: which way each connection took, and where both part
    Logs(Logs),
    /// The rules as kpt has understood them, printed back as iptables-save does
    Show(Show),
}

/// What every command takes.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "General")]
pub(super) struct Common {
    /// Read the dump from this file instead of standard input; may be given for v4 and v6
    #[arg(short, long, value_name = "FILE", global = true)]
    pub(super) file: Vec<PathBuf>,
    /// The table of rules that stand in none, as in a grep of a dump
    #[arg(long, value_name = "TABLE", global = true, value_parser = values::table)]
    pub(super) default_table: Option<TableName>,
    /// What printed the rules [default: what each line looks like]
    #[arg(long, value_name = "FORM", value_enum, global = true)]
    pub(super) input_format: Option<InputFormat>,
    /// When to use colour; NO_COLOR is heeded too
    #[arg(long, value_enum, default_value = "auto", global = true)]
    pub(super) color: Color,
    /// Columns of the text [default: those of the terminal, or 100]
    #[arg(long, value_name = "COLUMNS", global = true)]
    pub(super) width: Option<usize>,
    /// Do not tell problems of the input
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Tell every problem of the input
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// Print help
    #[arg(short, long, global = true, action = ArgAction::HelpShort)]
    help: Option<bool>,
}

impl Common {
    /// How the dump is to be read.
    pub(super) fn reading(&self) -> Reading {
        let form = self.input_format.map(|format| match format {
            InputFormat::Save => Form::Save,
            InputFormat::Rules => Form::Rules,
            InputFormat::Listing => Form::Listing,
        });
        Reading { table: self.default_table, form }
    }
}

/// What prints rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum InputFormat {
    /// `iptables-save`
    Save,
    /// `iptables -S`, or a grep of a save
    Rules,
    /// `iptables -L`
    Listing,
}

/// How to write an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
    Auto,
    Always,
    Never,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory;
        Args::command().debug_assert();
    }
}
