//! `kpt logs`: the kernel's own words beside the prediction.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::diagnostic::Located;
use crate::kernlog::{Account, Beside, Chart, Connection, Count, Grouper, Lines, Memo, Tally, account, parse};
use crate::packet::Host;
use crate::report::text::{Detail, Style};
use crate::report::{LogSubject, Subject, json, text};
use crate::ruleset::Ruleset;
use crate::source::Source;

use super::args::{Common, Format, Logs};
use super::error::Error;
use super::exit::Exit;
use super::follow;
use super::input::{Scanned, scan, source};
use super::question::{host, keep, rulesets};
use super::terminal::{Terminal, nobody_pipes};

/// From how many bytes on it is shown how far the reading is.
const LONG: u64 = 64 << 20;
/// How long nothing may be heard before what was heard is told, when a log is followed.
const QUIET: Duration = Duration::from_millis(300);

/// Answers `kpt logs`.
pub(super) fn run(args: &Logs, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    if common.file.is_empty() {
        return Err(Error::usage(
            "no dump to lay the log beside",
            "name it with `-f FILE`; the log is the other input",
        ));
    }
    if args.follow && args.format == Format::Json {
        return Err(Error::usage(
            "a log that is followed has no end, and a JSON document has",
            "leave one of both out",
        ));
    }
    let source = source(common)?;
    let Scanned { mut documents, problems } = scan(&source, common)?;
    if let Some(backend) = args.host.backend {
        keep(&mut documents, backend);
    }
    let rulesets = rulesets(&documents);
    let host = host(&args.host, terminal)?;
    let named = args.host.assume.iter().map(|assume| (assume.fact.clone(), assume.answer)).collect();
    let mut reading = Reading {
        args,
        terminal,
        source: &source,
        host: &host,
        named: &named,
        sides: rulesets.iter().map(Side::new).collect(),
        out: BufWriter::new(io::stdout().lock()),
        written: 0,
        strangers: 0,
        failed: None,
    };
    reading.begin()?;
    let lines = reading.read_all()?;
    let problems: Vec<_> = problems.into_iter().chain(rulesets.iter().flat_map(Ruleset::diagnostics)).collect();
    let problems: Vec<_> = problems.iter().map(|problem| Located::new(problem, &source)).collect();
    reading.end(lines, &problems)?;
    if args.format == Format::Text {
        terminal.problems(&problems);
    }
    Ok(if reading.sides.iter().any(|side| side.tally.parted > 0) { Exit::Found } else { Exit::Answered })
}

/// The rules of one family, and what was counted beside them.
struct Side<'r, 't> {
    chart: Chart<'r, 't>,
    ruleset: &'r Ruleset<'t>,
    memo: Memo,
    tally: Tally,
}

impl<'r, 't> Side<'r, 't> {
    fn new(ruleset: &'r Ruleset<'t>) -> Self {
        Self { chart: Chart::new(ruleset), ruleset, memo: Memo::new(ruleset), tally: Tally::default() }
    }

    const fn subject<'a>(&self, source: &'a Source) -> Subject<'a, 't>
    where
        'r: 'a,
    {
        Subject { ruleset: self.ruleset, source }
    }
}

/// A log that is being read.
struct Reading<'a, 'r, 't> {
    args: &'a Logs,
    terminal: &'a Terminal,
    source: &'a Source,
    host: &'a Host,
    named: &'a BTreeMap<String, bool>,
    sides: Vec<Side<'r, 't>>,
    out: BufWriter<io::StdoutLock<'static>>,
    /// Connections that were written.
    written: u64,
    /// Connections of a family that the dump has no rules of.
    strangers: u64,
    /// What went wrong while a connection was written.
    failed: Option<io::Error>,
}

impl Reading<'_, '_, '_> {
    /// Reads every log, one after the other.
    fn read_all(&mut self) -> Result<u64, Error> {
        if self.args.files.is_empty() {
            if nobody_pipes() {
                return Err(Error::input("there is no log to read", "pipe it into kpt, or name a file"));
            }
            if self.args.follow {
                let (input, ended) = follow::standard_input(QUIET);
                return self.read(input, &ProgressBar::hidden(), || ended.get());
            }
            return self.read(io::stdin().lock(), &ProgressBar::hidden(), || true);
        }
        let mut lines = 0;
        for path in &self.args.files {
            let cannot = |error: io::Error| {
                Error::input(format!("`{}` cannot be read: {error}", path.display()), "name the kernel's log")
            };
            let file = File::open(path).map_err(cannot)?;
            let length = file.metadata().map_or(0, |metadata| metadata.len());
            let progress = progress(length, path);
            lines += self.read(file, &progress, || {
                // A file has no end that tells.
                sleep(QUIET);
                false
            })?;
            progress.finish_and_clear();
        }
        Ok(lines)
    }

    /// Reads one log to its end; of one that is followed, `ended` tells whether more may come.
    fn read(&mut self, input: impl Read, progress: &ProgressBar, ended: impl Fn() -> bool) -> Result<u64, Error> {
        let mut lines = Lines::new(input);
        let mut grouper = Grouper::default();
        loop {
            let more = lines.read_on(|line, text| self.hear(&mut grouper, line, text));
            let more =
                more.map_err(|error| Error::input(format!("the log cannot be read: {error}"), "name another"))?;
            self.check()?;
            progress.set_position(lines.bytes());
            if more {
                continue;
            }
            if !self.args.follow || ended() {
                break;
            }
            grouper.pause(&mut |connection| self.tell(&connection));
            self.out.flush()?;
            self.check()?;
        }
        lines.rest(|line, text| self.hear(&mut grouper, line, text));
        grouper.finish(&mut |connection| self.tell(&connection));
        self.check()?;
        Ok(lines.lines())
    }

    fn hear(&mut self, grouper: &mut Grouper, line: u64, text: &[u8]) {
        if let Some(record) = parse(line, text) {
            grouper.push(record, &mut |connection| self.tell(&connection));
        }
    }

    fn check(&mut self) -> Result<(), Error> {
        self.failed.take().map_or(Ok(()), |error| Err(error.into()))
    }

    /// Lays a connection beside the prediction, counts it, and writes it where that is asked for.
    fn tell(&mut self, connection: &Connection) {
        let family = connection.first.iter().find_map(|record| Some(record.headers.as_ref()?.family));
        let beside = Beside { host: self.host, named: self.named };
        let Some(side) = self.sides.iter_mut().find(|side| Some(side.ruleset.family) == family) else {
            self.strangers += 1;
            return;
        };
        // What is only counted is laid beside the rules once for each kind.
        let kind = if self.args.summary { side.memo.kind(connection) } else { None };
        if let Some(count) = kind.as_ref().and_then(|kind| side.memo.get(kind)) {
            side.tally.add(count, connection);
            return;
        }
        let Some(account) = account(&side.chart, &beside, connection) else { return };
        let count = Count::of(&account);
        side.tally.add(count, connection);
        if let Some(kind) = kind {
            side.memo.keep(kind, count);
        }
        let subject = side.subject(self.source);
        if !self.args.summary {
            let log = LogSubject { subject, connection };
            if let Err(error) = self.write(&account, &log) {
                self.failed.get_or_insert(error);
            }
        }
    }

    fn write(&mut self, account: &Account, log: &LogSubject<'_, '_>) -> io::Result<()> {
        self.written += 1;
        match self.args.format {
            Format::Text => self.out.write_all(text::connection(account, log, self.style()).as_bytes()),
            Format::Json => {
                if self.written > 1 {
                    self.out.write_all(b",")?;
                }
                serde_json::to_writer(&mut self.out, &json::v1::log_connection(account, log)).map_err(io::Error::from)
            }
        }
    }

    fn style(&self) -> Style {
        Style { detail: Detail::Detailed, width: self.terminal.width(), paint: self.terminal.paint() }
    }

    fn begin(&mut self) -> Result<(), Error> {
        if self.args.format == Format::Json {
            let begin = serde_json::to_string(&json::v1::log_begin()).map_err(io::Error::from)?;
            // The connections are written one by one, so that a long log is never held.
            self.out.write_all(begin.trim_end_matches('}').as_bytes())?;
            self.out.write_all(br#","connections":["#)?;
        }
        Ok(())
    }

    /// The sum, and what ends the document.
    fn end(&mut self, lines: u64, problems: &[Located<'_>]) -> Result<(), Error> {
        let style = self.style();
        match self.args.format {
            Format::Json => {
                let tallies: Vec<_> = self.sides.iter().map(|side| (&side.tally, side.subject(self.source))).collect();
                let rest = json::v1::log_end(&tallies, lines, self.strangers, problems);
                let rest = serde_json::to_string(&rest).map_err(io::Error::from)?;
                // The rest of the object, without the brace that opens it.
                self.out.write_all(b"],")?;
                self.out.write_all(rest.strip_prefix('{').unwrap_or_default().as_bytes())?;
                self.out.write_all(b"\n")?;
            }
            Format::Text => {
                for side in self.sides.iter().filter(|side| self.args.summary && side.tally.connections > 0) {
                    self.out.write_all(text::log_summary(&side.tally, &side.subject(self.source), style).as_bytes())?;
                }
                let told: u64 = self.sides.iter().map(|side| side.tally.connections).sum();
                if told == 0 {
                    writeln!(self.out, "none of {lines} lines shows a packet that these rules are about")?;
                } else if self.strangers > 0 {
                    writeln!(self.out, "{} more connections are of the other family", self.strangers)?;
                }
            }
        }
        self.out.flush()?;
        Ok(())
    }
}

/// How far a long file is.
fn progress(length: u64, path: &Path) -> ProgressBar {
    if length < LONG {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left  {msg}");
    let bar = ProgressBar::new(length).with_message(path.display().to_string());
    style.map_or(ProgressBar::hidden(), |style| bar.with_style(style))
}
