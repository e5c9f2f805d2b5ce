//! `kpt lint`: what is wrong with rulesets; `kpt explain`: the page of a lint.

mod config;
mod examine;
mod write;

use crate::diagnostic::{Code, Located};
use crate::lint::{self, ALL, Baseline, Options, Profile, Results, Selection, Severity, Suppressions};
use crate::report::json;
use crate::report::lint as report;

use super::args::{Common, Explain, Lint, LintFormat as Format};
use super::error::Error;
use super::exit::Exit;
use super::terminal::{Terminal, answer};

use config::Settings;
use examine::Beside;

/// How many findings of a lint are shown, where nobody says.
const SHOWN: usize = 10;

/// Answers `kpt lint`.
pub(super) fn run(args: &Lint, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    let settings = config::settings(args, common)?;
    let config = &settings.config;
    let selection = Selection {
        select: config.select.clone().unwrap_or_default(),
        extend: config.extend_select.clone(),
        ignore: config.ignore.clone(),
    };
    let lints = selection.lints();
    if args.show_config {
        return answer(settings.show().as_bytes()).map(|()| Exit::Answered);
    }
    if args.list_rules {
        return list(args, &lints, terminal);
    }
    if lints.is_empty() {
        return Err(Error::usage("no lint is asked", "--select and --ignore leave none over"));
    }
    let baseline = match config.baseline.as_deref().filter(|_| args.known.write_baseline.is_none()) {
        Some(path) => config::baseline(path)?,
        None => Baseline::default(),
    };
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let suppressions = Suppressions { exceptions: &config.exception, baseline: &baseline, today };
    let options = Options {
        lints: &lints,
        profile: config.profile.unwrap_or(Profile::Default),
        min_severity: config.min_severity.unwrap_or(Severity::Info),
        exact: config.exact.unwrap_or(false),
        fragment: args.beside.fragment,
        config,
        suppressions: (!args.known.no_ignores).then_some(suppressions),
    };
    let beside = Beside::open(args, config)?;
    let mut results = Results { inputs: examine::all(args, common, &beside, &options)?, own: Vec::new() };
    if options.suppressions.is_some() {
        results.own = of_config(&results, &suppressions, &options);
    }
    finish(args, &settings, &results, &options, terminal)
}

/// What is found in the configuration, once every input is looked at.
fn of_config(results: &Results, suppressions: &Suppressions<'_>, options: &Options<'_>) -> Vec<lint::Found> {
    let used = results.checked().flat_map(|(_, checked)| checked.used.iter().copied()).collect();
    let mut own = lint::exceptions(suppressions, &used, options.lints);
    options.weigh(&mut own);
    own
}

/// Tells what was found, and how it went.
fn finish(
    args: &Lint,
    settings: &Settings,
    results: &Results,
    options: &Options<'_>,
    terminal: &Terminal,
) -> Result<Exit, Error> {
    if let Some(path) = &args.known.write_baseline {
        config::write_baseline(path, results)?;
    }
    tell(results, options, args, terminal);
    let caps = if options.profile == Profile::Audit { 0 } else { SHOWN };
    let told = report::Answer {
        results,
        lints: options.lints,
        max_per_rule: settings.config.max_per_rule.unwrap_or(caps),
        width: terminal.width(),
        paint: terminal.paint(),
        folder: &std::env::current_dir().unwrap_or_default(),
    };
    write::all(&args.outputs, &told, terminal)?;
    let fails = results.fails(settings.config.fail_on.unwrap_or(lint::FailOn::Error));
    Ok(match results.unread().next() {
        Some(_) => Exit::Input,
        None if args.exit_zero || args.known.write_baseline.is_some() || !fails => Exit::Answered,
        None => Exit::Found,
    })
}

/// Problems of the inputs that no lint speaks of: those that cannot be read at all, and, for a person, the others.
fn tell(results: &Results, options: &Options<'_>, args: &Lint, terminal: &Terminal) {
    const SAID: [(Code, &str); 5] = [
        (Code::IncompatibleTable, "KPT001"),
        (Code::Truncated, "KPT002"),
        (Code::RepeatedTable, "KPT003"),
        (Code::UnknownTarget, "KPT004"),
        (Code::OtherBackend, "KPT007"),
    ];
    let is_asked = |wanted: &str| options.lints.iter().any(|lint| lint.code == wanted);
    let is_said = |code: Code| SAID.iter().any(|(said, by)| *said == code && is_asked(by));
    let for_people = args.outputs.0.iter().any(|(format, _)| *format == Format::Pretty);
    let problems = results.inputs.iter().flat_map(|examined| &examined.problems);
    let problems = problems.filter(|told| for_people && !is_said(told.diagnostic.code()));
    let unread = results.unread().map(|(_, told)| told);
    let located: Vec<_> =
        unread.chain(problems).map(|told| Located::with_labels(&told.diagnostic, told.labels.clone())).collect();
    terminal.problems(&located);
}

fn list(args: &Lint, lints: &[&'static lint::Lint], terminal: &Terminal) -> Result<Exit, Error> {
    let is_json = args.outputs.0.iter().any(|(format, _)| *format == Format::Json);
    let written = if is_json {
        terminal.json(&json::v1::lint_list(lints))
    } else {
        report::list(lints, terminal.width()).into_bytes()
    };
    answer(&written)?;
    Ok(Exit::Answered)
}

/// Answers `kpt explain`.
pub(super) fn explain(args: &Explain, terminal: &Terminal) -> Result<Exit, Error> {
    let meant: Vec<_> = ALL.iter().copied().filter(|lint| args.lint.covers(lint.code)).collect();
    let text = match meant.as_slice() {
        [lint] => report::explain(lint),
        several => report::list(several, terminal.width()),
    };
    answer(text.as_bytes())?;
    Ok(Exit::Answered)
}
