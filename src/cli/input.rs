//! The dumps that a command was given.

use std::io::Read;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::kube;
use crate::save::{Document, TableName, scan};
use crate::source::{MAX_BYTES, Source};

use super::args::Common;
use super::error::Error;
use super::terminal::nobody_pipes;

const HOW: &str = "pipe a dump into it (`iptables-save | kpt ...`) or name a file with `-f FILE`";

/// Reads every file that was named, or standard input.
pub(super) fn sources(common: &Common) -> Result<Vec<Source>, Error> {
    if common.file.is_empty() {
        return Ok(vec![complete(standard_input()?, common.table)]);
    }
    common.file.iter().map(|path| Ok(complete(open(path)?, common.table))).collect()
}

fn open(path: &PathBuf) -> Result<Source, Error> {
    if path == Path::new("-") {
        return standard_input();
    }
    Source::open(path).map_err(|error| {
        Error::input(format!("`{}` cannot be read: {error}", path.display()), "name the output of `iptables-save`")
    })
}

fn standard_input() -> Result<Source, Error> {
    if nobody_pipes() {
        return Err(Error::input("there is no dump to read", HOW));
    }
    let mut bytes = Vec::new();
    let read = std::io::stdin().lock().read_to_end(&mut bytes);
    read.map_err(|error| Error::input(format!("standard input cannot be read: {error}"), HOW))?;
    if bytes.len() > MAX_BYTES {
        return Err(Error::input("the dump is larger than 4 GiB", "give the tables one by one"));
    }
    Ok(Source::new("stdin", bytes))
}

/// A fragment of a node's rules, with those that every node has. A dump that begins with a table is no fragment, and is
/// not scanned for it.
fn complete(source: Source, table: Option<TableName>) -> Source {
    let text = source.text().as_bytes();
    if text.starts_with(b"*") || memchr::memmem::find(text, b"\n*").is_some() {
        return source;
    }
    let (documents, _) = scan(source.text(), table);
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
    pub(super) source: &'s Source,
    pub(super) documents: Vec<Document<'s>>,
    pub(super) problems: Vec<Diagnostic>,
}

/// Finds the dumps in each source. An input without any is an error.
pub(super) fn scan_all<'s>(sources: &'s [Source], common: &Common) -> Result<Vec<Scanned<'s>>, Error> {
    let scanned: Vec<_> = sources
        .iter()
        .map(|source| {
            let (documents, problems) = scan(source.text(), common.table);
            Scanned { source, documents, problems }
        })
        .collect();
    match scanned.iter().find(|scanned| scanned.documents.is_empty()) {
        Some(empty) if empty.source.text().trim().is_empty() => {
            Err(Error::input(format!("`{}` is empty", empty.source.name()), HOW))
        }
        Some(empty) => Err(Error::input(
            format!("`{}` holds no rules that iptables prints", empty.source.name()),
            "kpt reads the output of `iptables-save`, `iptables -S` and `iptables -L -n -v`",
        )),
        None => Ok(scanned),
    }
}
