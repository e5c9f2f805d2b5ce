//! The configuration: found beside the input or above it, read, and joined with the command line.

use std::path::{Path, PathBuf};

use crate::cli::args::{Common, Lint};
use crate::cli::error::Error;
use crate::lint::{Baseline, Config, LintConfig, Results, baseline as baseline_of};

/// What a configuration is called, in the order in which it is looked for.
const NAMES: [&str; 2] = ["kpt.toml", ".kpt.toml"];

/// The configuration as it is used, and where it is from.
#[derive(Debug)]
pub(super) struct Settings {
    pub(super) config: LintConfig,
    path: Option<PathBuf>,
}

impl Settings {
    /// As a file would have it.
    pub(super) fn show(&self) -> String {
        let from = self.path.as_ref().map_or_else(|| "no file".to_owned(), |path| path.display().to_string());
        let config = Config { lint: self.config.clone() };
        let shown = toml::to_string(&config).unwrap_or_else(|error| format!("# cannot be shown: {error}\n"));
        format!("# from {from} and the command line\n{}\n", shown.trim_end())
    }
}

/// What the file and the command line say together: the latter counts, and adds to lists.
pub(super) fn settings(args: &Lint, common: &Common) -> Result<Settings, Error> {
    let path = match (&args.known.config, args.known.isolated) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => find(args.files.first().or(common.file.first())),
    };
    let file = path.as_deref().map(read).transpose()?.unwrap_or_default();
    let (choice, known) = (&args.choice, &args.known);
    let joined = |one: Vec<_>, more: &[_]| one.into_iter().chain(more.iter().cloned()).collect();
    let config = LintConfig {
        select: (!choice.select.is_empty()).then(|| choice.select.clone()).or(file.select),
        extend_select: joined(file.extend_select, &choice.extend_select),
        ignore: joined(file.ignore, &choice.ignore),
        profile: choice.profile.or(file.profile),
        min_severity: choice.min_severity.or(file.min_severity),
        exact: choice.exact.then_some(true).or(file.exact),
        fail_on: args.fail_on.or(file.fail_on),
        max_per_rule: args.max_per_rule.or(file.max_per_rule),
        baseline: known.baseline.clone().or(file.baseline),
        facts: args.beside.facts.clone().or(file.facts),
        severity: file.severity,
        exception: file.exception,
    };
    Ok(Settings { config, path })
}

/// The nearest configuration, from the folder of the input upwards; from this one for standard input.
fn find(input: Option<&PathBuf>) -> Option<PathBuf> {
    let input = input.filter(|path| path.as_path() != Path::new("-"));
    let start = input.and_then(|path| path.parent()).filter(|folder| !folder.as_os_str().is_empty());
    let start = std::path::absolute(start.unwrap_or(Path::new("."))).ok()?;
    let named = |folder: &Path| NAMES.into_iter().map(|name| folder.join(name)).find(|path| path.is_file());
    start.ancestors().find_map(named)
}

/// The files that it names stand beside it.
fn read(path: &Path) -> Result<LintConfig, Error> {
    let shown = path.display();
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::usage(format!("`{shown}` cannot be read: {error}"), "name a configuration with --config FILE")
    })?;
    let config: Config = text.parse().map_err(|error: String| {
        Error::usage(
            format!("`{shown}` is no configuration: {}", error.trim_end()),
            "docs/lints/README.md says what stands in it",
        )
    })?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let beside = |file: Option<PathBuf>| file.map(|file| folder.join(file));
    Ok(LintConfig { baseline: beside(config.lint.baseline), facts: beside(config.lint.facts), ..config.lint })
}

/// Reads a baseline.
pub(super) fn baseline(path: &Path) -> Result<Baseline, Error> {
    let help = "make it with --write-baseline FILE";
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::usage(format!("`{}` cannot be read: {error}", path.display()), help))?;
    text.parse().map_err(|error| Error::usage(format!("`{}` is no baseline: {error}", path.display()), help))
}

/// Writes the baseline that suppresses all that was found.
pub(super) fn write_baseline(path: &Path, results: &Results) -> Result<(), Error> {
    let baseline = baseline_of(results.checked().map(|(_, checked)| &checked.found));
    let mut bytes = serde_json::to_vec_pretty(&baseline).unwrap_or_default();
    bytes.push(b'\n');
    super::write::to_file(path, &bytes)
}
