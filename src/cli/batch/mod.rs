//! `kpt trace --batch`: many packets, each with a line of its own, in their order.

mod rows;

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::iter::Zip;
use std::ops::RangeFrom;
use std::path::Path;
use std::sync::Arc;

use csv_core::Reader;
use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;
use serde_json::value::RawValue;

use crate::analyze::{Asker, Brief, Outcome};
use crate::packet::{Host, Packet};
use crate::report::{json, text};
use crate::ruleset::Ruleset;
use crate::save::Family;

use super::args::{self, Common, Format, Trace};
use super::error::Error;
use super::exit::Exit;
use super::input::{Scanned, scan, source};
use super::question;
use super::terminal::{Terminal, nobody_pipes};

use rows::{Form, Row};

/// Rows that are read before they are answered, on all cores.
const AT_ONCE: usize = 8192;
/// From how many bytes on it is shown how far the reading is.
const LONG: u64 = 4 << 20;

/// What packets share that have one answer: each form of it, made once.
struct Told {
    outcome: Outcome,
    tail: String,
    json: Box<RawValue>,
}

/// The rules of one family, and whom to ask about them.
struct Rules<'a, 't> {
    ruleset: &'a Ruleset<'t>,
    asker: Asker<'a, 't, Told>,
}

/// Answers `kpt trace --batch`.
pub(super) fn run(list: &Path, args: &Trace, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    if list == Path::new("-") && common.file.is_empty() {
        return Err(Error::usage(
            "standard input cannot be both the packets and the dump",
            "name the dump with `-f FILE`",
        ));
    }
    let source = source(common)?;
    let Scanned { mut documents, .. } = scan(&source, common)?;
    if let Some(backend) = args.host.backend {
        question::keep(&mut documents, backend);
    }
    let rulesets = question::rulesets(&documents);
    let host = question::host(&args.host, terminal)?;
    let batch = Batch::new(&rulesets, &host, args);
    let (list, progress) = open(list)?;
    batch.answer(progress.wrap_read(list))
}

fn open(list: &Path) -> Result<(Box<dyn Read>, ProgressBar), Error> {
    if list == Path::new("-") {
        if nobody_pipes() {
            return Err(Error::input("there are no packets to read", "pipe them in, or name a file"));
        }
        return Ok((Box::new(io::stdin()), ProgressBar::hidden()));
    }
    let cannot = |error: io::Error| {
        Error::input(format!("`{}` cannot be read: {error}", list.display()), "name a file with a packet on each line")
    };
    let file = File::open(list).map_err(cannot)?;
    let length = file.metadata().map_or(0, |about| about.len());
    Ok((Box::new(file), progress(length)))
}

fn progress(length: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {bytes} of {total_bytes}, {eta} left");
    match style {
        Ok(style) if length >= LONG => ProgressBar::new(length).with_style(style),
        _ => ProgressBar::hidden(),
    }
}

struct Batch<'a, 't> {
    args: &'a Trace,
    host: &'a Host,
    rules: Vec<Rules<'a, 't>>,
}

impl<'a, 't> Batch<'a, 't> {
    fn new(rulesets: &'a [Ruleset<'t>], host: &'a Host, args: &'a Trace) -> Self {
        let given = question::given(args);
        // What was said may be about one source.
        let shares = args.host.assume.is_empty() && args.host.recent.is_none();
        let rules = rulesets.iter().map(|ruleset| {
            let tell = |brief: &Brief| told(brief, ruleset);
            Rules { ruleset, asker: Asker::new(ruleset, host, given.clone(), shares, tell) }
        });
        Self { args, host, rules: rules.collect() }
    }

    fn answer(&self, list: impl Read) -> Result<Exit, Error> {
        let mut lines = Lines::new(list);
        let mut form = None;
        let mut out = BufWriter::with_capacity(1 << 18, io::stdout().lock());
        let mut exit = Exit::Answered;
        while let Some(mut some) = lines.some()? {
            let form = form.get_or_insert_with(|| head(&mut some));
            let rows = some.par_iter().map_init(Reader::new, |csv, (number, line)| (*number, form.row(line, csv)));
            let answered: Vec<_> = rows.map(|(number, row)| self.line(number, row)).collect();
            for (text, one) in answered {
                out.write_all(text.as_bytes())?;
                exit = worse(exit, one);
            }
        }
        out.flush()?;
        Ok(exit)
    }

    /// The line of a row.
    fn line(&self, line: u64, row: Result<Row, String>) -> (String, Exit) {
        let answered = row.and_then(|row| self.ask(row));
        let is_json = self.args.answer.format == Format::Json;
        match answered {
            Ok((packet, told)) => {
                let met = self.args.answer.expect.is_none_or(|expected| expected == told.outcome);
                let text = if is_json {
                    written(&json::v1::batch_line(line, &packet, &told.json))
                } else {
                    text::brief_line(&packet, told.outcome.as_str(), &told.tail)
                };
                (text, if met { Exit::Answered } else { Exit::Found })
            }
            Err(why) if is_json => (written(&json::v1::batch_error(line, why)), Exit::Input),
            Err(why) => (format!("unreadable line {line}: {why}\n"), Exit::Input),
        }
    }

    fn ask(&self, row: Row) -> Result<(Packet, Arc<Told>), String> {
        let asked = asked(&self.args.packet, row)?;
        let family = asked.dst.map(|dst| Family::of(dst.address));
        let rules = self.rules.iter().find(|rules| Some(rules.ruleset.family) == family);
        let rules = rules.ok_or("the input has no rules of this family")?;
        let packet = question::packet(&asked, self.host, rules.ruleset).map_err(|error| error.to_string())?;
        let told = rules.asker.ask(&packet);
        Ok((packet, told))
    }
}

/// The lines of a list that say something, with their 1-based numbers.
struct Lines<R> {
    rest: Zip<RangeFrom<u64>, io::Split<BufReader<R>>>,
}

impl<R: Read> Lines<R> {
    fn new(list: R) -> Self {
        Self { rest: (1..).zip(BufReader::with_capacity(1 << 20, list).split(b'\n')) }
    }

    /// The next of them, no more than are answered at once. `None` at the end.
    fn some(&mut self) -> Result<Option<Vec<(u64, String)>>, Error> {
        let mut some = Vec::new();
        while some.len() < AT_ONCE
            && let Some((number, line)) = self.rest.next()
        {
            let cannot = |error| Error::input(format!("the packets cannot be read: {error}"), "name another file");
            let line = String::from_utf8_lossy(&line.map_err(cannot)?).into_owned();
            if !rows::is_blank(&line) {
                some.push((number, line));
            }
        }
        Ok((!some.is_empty()).then_some(some))
    }
}

/// How the list is written. A line that names its columns is no packet, and goes.
fn head(some: &mut Vec<(u64, String)>) -> Form {
    let form = Form::of(some.first().map_or("", |(_, first)| first));
    some.drain(..usize::from(form.has_head()));
    form
}

fn told(brief: &Brief, ruleset: &Ruleset<'_>) -> Told {
    Told { outcome: brief.outcome, tail: text::brief_tail(brief), json: json::v1::batch_answer(brief, ruleset) }
}

fn written(line: &impl serde::Serialize) -> String {
    let mut text = serde_json::to_string(line).unwrap_or_default();
    text.push('\n');
    text
}

/// A line that cannot be read is worse than an answer that was not expected.
const fn worse(one: Exit, other: Exit) -> Exit {
    match (one, other) {
        (Exit::Input, _) | (_, Exit::Input) => Exit::Input,
        (Exit::Found, _) | (_, Exit::Found) => Exit::Found,
        _ => one,
    }
}

/// The packet that a row asks about; what it does not say is as the command line has it.
fn asked(usual: &args::Packet, row: Row) -> Result<args::Packet, String> {
    let any = |word: &String| !matches!(word.as_str(), "" | "*" | "any");
    let mut asked = args::Packet { dst: Some(row.dst.parse()?), ..usual.clone() };
    if let Some(src) = row.src.filter(any) {
        asked.src = Some(src.parse()?);
    }
    if let Some(protocol) = row.proto.filter(any) {
        asked.proto = Some(args::protocol(&protocol)?);
    }
    asked.sport = row.sport.or(asked.sport);
    asked.dport = row.dport.or(asked.dport);
    asked.in_interface = row.input.filter(any).or(asked.in_interface);
    asked.local |= row.local.unwrap_or(false);
    Ok(asked)
}
