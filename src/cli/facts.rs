//! Files that tell of the host: what `ip -j addr`, `ip -j route` and `ipset save` print, and the lists of `recent`.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Located};
use crate::ipset::Sets;
use crate::packet::{self, Address, Route, Seen};
use crate::source::Source;

use super::error::Error;
use super::terminal::Terminal;

/// The addresses that a file lists.
pub(super) fn addresses(path: &Path) -> Result<Vec<Address>, Error> {
    let source = open(path, "ip -j addr")?;
    packet::addresses(&source).map_err(|problem| Error::Input(Box::new(source), problem))
}

/// The routes that a file lists.
pub(super) fn routes(path: &Path) -> Result<Vec<Route>, Error> {
    let source = open(path, "ip -j route")?;
    packet::routes(&source).map_err(|problem| Error::Input(Box::new(source), problem))
}

/// The sets that `ipset save` prints. A file with words in which no set is created is none of its.
pub(super) fn sets(paths: &[PathBuf], terminal: &Terminal) -> Result<Sets, Error> {
    let mut sets = Sets::default();
    for path in paths {
        let source = open(path, "ipset save")?;
        let problems = sets.read(&source);
        if let (true, Some(first)) = (sets.is_empty(), problems.first()) {
            let span = first.span().unwrap_or_default();
            let problem = Diagnostic::new(Code::BadFacts, "this is not what `ipset save` prints")
                .at(span, "no set is created before this")
                .help("make it with `ipset save`, without -o");
            return Err(Error::Input(Box::new(source), problem));
        }
        let problems: Vec<_> = problems.iter().map(|problem| Located::new(problem, &source)).collect();
        terminal.problems(&problems);
    }
    Ok(sets)
}

/// The lists of `recent` in a folder, a file each.
pub(super) fn seen(folder: &Path) -> Result<Seen, Error> {
    let cannot = |error: std::io::Error| {
        Error::input(
            format!("`{}` cannot be read: {error}", folder.display()),
            "make it on the node: `cp -r /proc/net/xt_recent DIR`",
        )
    };
    let mut seen = Seen::default();
    for entry in std::fs::read_dir(folder).map_err(cannot)? {
        let entry = entry.map_err(cannot)?;
        let source = open(&entry.path(), "cp -r /proc/net/xt_recent DIR")?;
        let read = seen.read(&entry.file_name().to_string_lossy(), &source);
        read.map_err(|problem| Error::Input(Box::new(source), problem))?;
    }
    Ok(seen)
}

fn open(path: &Path, command: &str) -> Result<Source, Error> {
    Source::open(path).map_err(|error| {
        Error::input(format!("`{}` cannot be read: {error}", path.display()), format!("make it with `{command}`"))
    })
}
