//! The arguments of `kpt lint` and `kpt explain`.

use std::path::PathBuf;

use clap::{ArgMatches, Command, FromArgMatches, ValueEnum};

use crate::lint::{FailOn, Profile, Selector, Severity};

const EXAMPLES: &str = "\
Examples:
  iptables-save | kpt lint
  kpt lint -f rules.txt --select KPT2,kube-hook-missing
  kpt lint nodes/*.rules --format concise
  kpt lint rules.v4 --v6 rules.v6 --facts cluster.toml --profile strict
  kpt lint rules.v4 --format sarif --output kpt.sarif --format pretty

Exit codes: 0 nothing found that is as bad as --fail-on says; 1 something; 2 wrong usage or configuration; 3 no input, or
input that cannot be read. They are the same for every format.";

/// `kpt lint`
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct Lint {
    /// Dumps, each an input of its own; those of -f are one input together
    #[arg(value_name = "FILE")]
    pub(in crate::cli) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) choice: Choice,
    #[command(flatten)]
    pub(in crate::cli) beside: Beside,
    #[command(flatten)]
    pub(in crate::cli) known: Known,
    #[command(flatten)]
    pub(in crate::cli) outputs: Outputs,
    /// How many findings of a lint are shown by `pretty`, 0 for all [default: 10]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) max_per_rule: Option<usize>,
    /// What makes the exit code 1: error, warning, info, never, exact [default: error]
    #[arg(long, value_name = "WHAT")]
    pub(in crate::cli) fail_on: Option<FailOn>,
    /// Exit with 0 whatever is found
    #[arg(long)]
    pub(in crate::cli) exit_zero: bool,
    /// List the lints that are asked
    #[arg(long)]
    pub(in crate::cli) list_rules: bool,
    /// Show the configuration as it is used
    #[arg(long)]
    pub(in crate::cli) show_config: bool,
}

/// Which lints are asked, and what of their findings is told.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is asked")]
pub(in crate::cli) struct Choice {
    /// Only these: codes, beginnings of codes, names
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(in crate::cli) select: Vec<Selector>,
    /// Not these; where both fit, the longer beginning wins
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(in crate::cli) ignore: Vec<Selector>,
    /// These too
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub(in crate::cli) extend_select: Vec<Selector>,
    /// default, node (no opinions on the host), strict (also what is good to know), audit (all) [default: default]
    #[arg(long, value_name = "PROFILE")]
    pub(in crate::cli) profile: Option<Profile>,
    /// Only what is as bad: info, warning, error
    #[arg(long, value_name = "SEVERITY")]
    pub(in crate::cli) min_severity: Option<Severity>,
    /// Only what follows from the dump alone
    #[arg(long)]
    pub(in crate::cli) exact: bool,
}

/// What is given beside the dumps.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is known")]
pub(in crate::cli) struct Beside {
    /// Ranges of pods and Services, sysctls and the like, in TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) facts: Option<PathBuf>,
    /// The `ip6tables-save` of the same host
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) v6: Option<PathBuf>,
    /// The `iptables-legacy-save` of the same host
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) legacy: Option<PathBuf>,
    /// The dumps are parts, as for `iptables-restore --noflush`: what they do not hold may exist
    #[arg(long)]
    pub(in crate::cli) fragment: bool,
}

/// What is known already, and where the configuration is.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "What is told already")]
pub(in crate::cli) struct Known {
    /// Do not tell what this file has
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) baseline: Option<PathBuf>,
    /// Write what is found to this file, for --baseline
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) write_baseline: Option<PathBuf>,
    /// Tell what comments, exceptions and the baseline suppress, too
    #[arg(long)]
    pub(in crate::cli) no_ignores: bool,
    /// The configuration [default: kpt.toml or .kpt.toml in the folder of the first input, or above it]
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) config: Option<PathBuf>,
    /// Without any configuration
    #[arg(long, conflicts_with = "config")]
    pub(in crate::cli) isolated: bool,
}

/// How to write what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Format {
    /// Pictures for people
    Pretty,
    /// A line for each finding
    Concise,
    /// kpt.lint/1
    Json,
    /// SARIF 2.1.0
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// Code Quality of GitLab
    Gitlab,
}

/// Formats, each with the file that it goes to; standard output if there is none.
#[derive(Debug, Clone)]
pub(in crate::cli) struct Outputs(pub(in crate::cli) Vec<(Format, Option<PathBuf>)>);

impl FromArgMatches for Outputs {
    /// A file belongs to the last format before it.
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let error = |text: &str| clap::Error::raw(clap::error::ErrorKind::ArgumentConflict, format!("{text}\n"));
        let places = |name| matches.indices_of(name).into_iter().flatten();
        let formats = matches.get_many::<Format>("format").into_iter().flatten().copied();
        let files = matches.get_many::<PathBuf>("output").into_iter().flatten().cloned();
        let mut outputs: Vec<(usize, (Format, Option<PathBuf>))> =
            places("format").zip(formats.map(|format| (format, None))).collect();
        for (place, file) in places("output").zip(files) {
            let last = outputs.iter_mut().rfind(|(format, _)| *format < place);
            let (_, (_, output)) = last.ok_or_else(|| error("--output stands in front of every --format"))?;
            if output.replace(file).is_some() {
                return Err(error("two --output for one --format"));
            }
        }
        if outputs.is_empty() {
            outputs.push((0, (Format::Pretty, None)));
        }
        let outputs: Vec<_> = outputs.into_iter().map(|(_, output)| output).collect();
        if outputs.iter().filter(|(_, file)| file.is_none()).count() > 1 {
            return Err(error("two formats for standard output: all but one need an --output"));
        }
        Ok(Self(outputs))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl clap::Args for Outputs {
    fn augment_args(command: Command) -> Command {
        let format = clap::Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .value_parser(clap::value_parser!(Format))
            .action(clap::ArgAction::Append)
            .help("How to write what is found; may be given several times, all but one with an --output [default: pretty]");
        let output = clap::Arg::new("output")
            .long("output")
            .value_name("FILE")
            .value_parser(clap::value_parser!(PathBuf))
            .action(clap::ArgAction::Append)
            .requires("format")
            .help("Where the format before it goes to");
        command.arg(format).arg(output)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

/// `kpt explain`
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Explain {
    /// The code or the name of a lint
    #[arg(value_name = "LINT")]
    pub(in crate::cli) lint: Selector,
}
