//! `kpt show`: the rules as they were understood.

use std::io::{self, Write};

use crate::diagnostic::{Code, Diagnostic, Located, Severity, near};
use crate::kube;
use crate::report::{Subject, json, text};
use crate::ruleset::{Ruleset, Selection};
use crate::save::TableName;
use crate::source::Source;

use super::args::{Common, Format, Show};
use super::error::Error;
use super::exit::Exit;
use super::input::{Scanned, scan, source};
use super::terminal::{Terminal, answer};

/// Answers `kpt show`.
pub(super) fn run(args: &Show, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    let source = source(common)?;
    let Scanned { documents, mut problems } = scan(&source, common)?;
    let rulesets: Vec<_> = documents.into_iter().map(Ruleset::new).collect();
    for ruleset in &rulesets {
        ruleset.read_all();
        problems.extend(ruleset.diagnostics());
    }
    let problems: Vec<_> = problems.iter().map(|problem| Located::new(problem, &source)).collect();
    if matches!(args.format, Format::Text) {
        terminal.problems(&problems);
    }
    if args.check {
        return check(args, &rulesets, &problems, terminal);
    }
    let selections = selections(args, &rulesets)?;
    match args.format {
        Format::Text => {
            let mut out = io::BufWriter::new(io::stdout().lock());
            for (ruleset, only) in rulesets.iter().zip(&selections) {
                let subject = Subject { ruleset, source: &source };
                text::show(&mut out, &subject, only.as_ref(), terminal.is_read())?;
            }
            out.flush()?;
        }
        Format::Json => write_json(&rulesets, &selections, &source, &problems, terminal)?,
    }
    Ok(Exit::Answered)
}

fn write_json(
    rulesets: &[Ruleset<'_>],
    selections: &[Option<Selection>],
    source: &Source,
    problems: &[Located<'_>],
    terminal: &Terminal,
) -> Result<(), Error> {
    let of =
        |(ruleset, only): (_, &Option<Selection>)| json::v1::shown_ruleset(&Subject { ruleset, source }, only.as_ref());
    let rulesets = rulesets.iter().zip(selections).map(of).collect();
    answer(&terminal.json(&json::v1::show(rulesets, problems)))
}

/// Was everything understood?
fn check(args: &Show, rulesets: &[Ruleset<'_>], problems: &[Located<'_>], terminal: &Terminal) -> Result<Exit, Error> {
    let severe = |problem: &&Located<'_>| problem.diagnostic().code().severity() > Severity::Advice;
    let count = problems.iter().filter(severe).count();
    let understood = count == 0;
    let written = match args.format {
        Format::Text => text::checked(rulesets, count).into_bytes(),
        Format::Json => terminal.json(&json::v1::show(Vec::new(), problems)),
    };
    answer(&written)?;
    Ok(if understood { Exit::Answered } else { Exit::Found })
}

/// What was asked for in each ruleset; `None` is everything.
fn selections(args: &Show, rulesets: &[Ruleset<'_>]) -> Result<Vec<Option<Selection>>, Error> {
    if args.table.is_none() && args.chain.is_none() && args.service.is_none() {
        return Ok(rulesets.iter().map(|_| None).collect());
    }
    let selections: Vec<_> = rulesets.iter().map(|ruleset| selection(args, ruleset)).collect();
    if selections.iter().all(Selection::is_empty) {
        return Err(Error::Usage(nothing_selected(args, rulesets)));
    }
    Ok(selections.into_iter().map(Some).collect())
}

fn selection(args: &Show, ruleset: &Ruleset<'_>) -> Selection {
    if let Some(service) = &args.service {
        return kube::rules_of(ruleset, service);
    }
    let mut selection = Selection::default();
    for table in ruleset.tables().filter(|table| args.table.is_none_or(|only| only == table.name)) {
        let is_meant = |name: &str| args.chain.as_deref().is_none_or(|only| only == name);
        let chains = ruleset.chains(table).filter(|(_, chain)| is_meant(chain.name));
        chains.for_each(|(chain, _)| selection.add_chain(chain));
    }
    selection
}

fn nothing_selected(args: &Show, rulesets: &[Ruleset<'_>]) -> Diagnostic {
    let tables = || rulesets.iter().flat_map(|ruleset| ruleset.tables().map(move |table| (ruleset, table)));
    let chains = tables().flat_map(|(ruleset, table)| ruleset.chains(table)).map(|(_, chain)| chain.name);
    let there = tables().map(|(_, table)| table.name.as_str()).collect::<Vec<_>>().join(", ");
    let usage = |message: String| Diagnostic::new(Code::Usage, message);
    match (&args.service, &args.chain, args.table) {
        (Some(service), ..) => usage(format!("the input has no rules of the Service `{service}`"))
            .help("names are namespace/name or namespace/name:port"),
        (_, Some(chain), _) => usage(format!("the input has no chain `{chain}` there"))
            .did_you_mean(near(chain, chains), format!("the tables are {there}")),
        (.., table) => usage(format!("the input has no table `{}`", table.map_or("", TableName::as_str)))
            .help(format!("the tables are {there}")),
    }
}
