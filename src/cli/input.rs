//! The dumps that a command was given.

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Severity};
use crate::kube;
use crate::save::{self, Document, Reading};
use crate::source::Source;

use super::args::Common;
use super::error::Error;
use super::terminal::nobody_pipes;

const HOW: &str = "pipe a dump into it (`iptables-save | kpt ...`) or name a file with `-f FILE`";

/// Reads every file that was named, or standard input, as one.
pub(super) fn source(common: &Common) -> Result<Source, Error> {
    if common.file.is_empty() {
        return Ok(complete(standard_input()?, common.reading()));
    }
    let sources = common.file.iter().map(|path| Ok(complete(open(path)?, common.reading())));
    Ok(Source::join(sources.collect::<Result<Vec<_>, Error>>()?))
}

/// Reads a file that was named; `-` is standard input.
pub(super) fn open(path: &PathBuf) -> Result<Source, Error> {
    if path == Path::new("-") {
        return standard_input();
    }
    Source::open(path).map_err(|error| {
        Error::input(format!("`{}` cannot be read: {error}", path.display()), "name the output of `iptables-save`")
    })
}

/// Reads standard input, unless somebody would have to type it.
pub(super) fn standard_input() -> Result<Source, Error> {
    if nobody_pipes() {
        return Err(Error::input("there is no dump to read", HOW));
    }
    let read = piped().and_then(|file| Source::of_file("stdin", file));
    read.map_err(|error| Error::input(format!("standard input cannot be read: {error}"), HOW))
}

/// Standard input as a file, which it is where a shell redirects one.
fn piped() -> io::Result<File> {
    Ok(File::from(io::stdin().as_fd().try_clone_to_owned()?))
}

/// A fragment of a node's rules, with those that every node has. A dump that begins with a table is no fragment, and is
/// not scanned for it.
fn complete(source: Source, reading: Reading) -> Source {
    let text = source.text().as_bytes();
    if text.starts_with(b"*") || memchr::memmem::find(text, b"\n*").is_some() {
        return source;
    }
    let (documents, _) = save::read(&source, reading);
    let added = match documents.as_slice() {
        [only] => kube::supplement(only),
        _ => None,
    };
    match added {
        Some(lines) => source.with_added(&lines),
        None => source,
    }
}

/// A source with the dumps that it holds and the problems that it has.
pub(super) struct Scanned<'s> {
    pub(super) documents: Vec<Document<'s>>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Finds the dumps in the source. An input without any is an error.
pub(super) fn scan<'s>(source: &'s Source, common: &Common) -> Result<Scanned<'s>, Error> {
    let (documents, mut problems) = save::read(source, common.reading());
    match problems.pop() {
        Some(problem) if problem.code().severity() == Severity::Error && documents.is_empty() => {
            Err(Error::Input(Box::new(source.clone()), problem))
        }
        last => {
            problems.extend(last);
            Ok(Scanned { documents, problems })
        }
    }
}
