//! What is found, in every format that is asked for, to its file or to standard output.

use std::io::Write as _;
use std::path::Path;

use crate::cli::args::{LintFormat as Format, Outputs};
use crate::cli::error::Error;
use crate::cli::terminal::{Terminal, answer};
use crate::report::json;
use crate::report::lint::{self, Answer};
use crate::report::text::Paint;

/// Writes each format.
pub(super) fn all(outputs: &Outputs, told: &Answer<'_>, terminal: &Terminal) -> Result<(), Error> {
    for (format, file) in &outputs.0 {
        match file.as_deref().filter(|path| *path != Path::new("-")) {
            Some(path) => to_file(path, &written(*format, &Answer { paint: Paint::Plain, ..*told }, terminal))?,
            None => answer(&written(*format, told, terminal))?,
        }
        if *format == Format::Github {
            add_to_summary(told)?;
        }
    }
    Ok(())
}

fn written(format: Format, told: &Answer<'_>, terminal: &Terminal) -> Vec<u8> {
    match format {
        Format::Pretty => lint::pretty(told).into_bytes(),
        Format::Concise => lint::concise(told).into_bytes(),
        Format::Json => terminal.json(&json::v1::lint(told.results)),
        Format::Sarif => terminal.json(&lint::sarif(told)),
        Format::Github => lint::github(told).into_bytes(),
        Format::Gitlab => terminal.json(&lint::gitlab(told)),
    }
}

/// A step shows only ten annotations of each severity; the summary of the job, where GitHub names its file, has all.
fn add_to_summary(told: &Answer<'_>) -> Result<(), Error> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else { return Ok(()) };
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(lint::github_summary(told).as_bytes())).map_err(Error::Output)
}

/// Writes a file, whole.
pub(super) fn to_file(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    std::fs::write(path, bytes)
        .map_err(|error| Error::usage(format!("`{}` cannot be written: {error}", path.display()), "name another file"))
}
