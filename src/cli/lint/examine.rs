//! The inputs, each read and looked at, several at the same time.

use std::path::PathBuf;

use rayon::prelude::*;

use crate::cli::args::{Common, Lint};
use crate::cli::error::Error;
use crate::cli::input::{open, standard_input};
use crate::diagnostic::{Code, Diagnostic, Labels, Located};
use crate::lint::{Examined, Facts, LintConfig, Options, Rules, Texts, Told};
use crate::save::Reading;
use crate::source::{Source, Span};

/// What is given beside the dumps.
#[derive(Debug)]
pub(super) struct Beside {
    facts: Facts,
    v6: Option<Source>,
    legacy: Option<Source>,
}

impl Beside {
    /// Reads the files that are named.
    pub(super) fn open(args: &Lint, config: &LintConfig) -> Result<Self, Error> {
        let source = |path: Option<&PathBuf>| path.map(open).transpose();
        let facts = match source(config.facts.as_ref())? {
            Some(source) => source.text().parse().map_err(|error: String| no_facts(source.clone(), &error))?,
            None => Facts::default(),
        };
        Ok(Self { facts, v6: source(args.beside.v6.as_ref())?, legacy: source(args.beside.legacy.as_ref())? })
    }
}

fn no_facts(source: Source, error: &str) -> Error {
    let problem = Diagnostic::new(Code::BadFacts, format!("this is no file of facts: {}", error.trim_end()))
        .at(Span::default(), "read as TOML, or as JSON if it begins with a brace")
        .help("docs/lints/README.md says what stands in it");
    Error::Input(Box::new(source), problem)
}

/// One of the inputs.
enum Named<'a> {
    File(&'a PathBuf),
    /// Those of `-f`, which are one.
    Joined(&'a [PathBuf]),
    StandardInput,
}

/// Looks at every input. One alone that cannot be read is an error.
pub(super) fn all(
    args: &Lint,
    common: &Common,
    beside: &Beside,
    options: &Options<'_>,
) -> Result<Vec<Examined>, Error> {
    let mut inputs: Vec<_> = args.files.iter().map(Named::File).collect();
    match common.file.as_slice() {
        [] if inputs.is_empty() => inputs.push(Named::StandardInput),
        [] => {}
        joined => inputs.push(Named::Joined(joined)),
    }
    if inputs.len() > 1 && (beside.v6.is_some() || beside.legacy.is_some()) {
        return Err(Error::usage("--v6 and --legacy are of one host", "name one input beside them"));
    }
    let reading = common.reading();
    if let [only] = inputs.as_slice() {
        return Ok(vec![examine(only.source()?, beside, reading, options)?]);
    }
    let examined = inputs.par_iter().map(|input| {
        let examined = input.source().and_then(|source| examine(source, beside, reading, options));
        examined.unwrap_or_else(|error| unread(input.name(), error))
    });
    Ok(examined.collect())
}

impl Named<'_> {
    fn source(&self) -> Result<Source, Error> {
        match self {
            Self::File(path) => open(path),
            Self::Joined(paths) => Ok(Source::join(paths.iter().map(open).collect::<Result<Vec<_>, _>>()?)),
            Self::StandardInput => standard_input(),
        }
    }

    fn name(&self) -> String {
        let names =
            |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ");
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Joined(paths) => names(paths),
            Self::StandardInput => "stdin".to_owned(),
        }
    }
}

fn examine(source: Source, beside: &Beside, reading: Reading, options: &Options<'_>) -> Result<Examined, Error> {
    let name = source.name();
    let texts = Texts::new(source, beside.v6.clone(), beside.legacy.clone());
    let rules =
        Rules::read(&texts, reading).map_err(|problem| Error::Input(Box::new(texts.source().clone()), problem))?;
    let checked = rules.check(&beside.facts, options);
    let problems = rules.problems().iter().map(|problem| told(problem.clone(), texts.source())).collect();
    Ok(Examined { name, outcome: Ok(checked), problems })
}

fn told(diagnostic: Diagnostic, source: &Source) -> Told {
    let labels = Located::new(&diagnostic, source).into_labels();
    Told { diagnostic, labels }
}

fn unread(name: String, error: Error) -> Examined {
    let told = match error {
        Error::Input(source, problem) => told(problem, &source),
        Error::Usage(problem) => Told { diagnostic: problem, labels: Labels::default() },
        Error::Output(error) => {
            Told { diagnostic: Diagnostic::new(Code::Unreadable, error.to_string()), labels: Labels::default() }
        }
    };
    Examined { name, outcome: Err(told), problems: Vec::new() }
}
