//! `kpt trace`: from arguments and a dump to an answer.

use std::mem::ManuallyDrop;

use crate::analyze::{self, Answer};
use crate::diagnostic::{Code, Diagnostic, Located};
use crate::kernlog::{logging, tracing};
use crate::report::text::{Detail, Style};
use crate::report::{Subject, json, text};
use crate::ruleset::Ruleset;
use crate::save::{Document, Family};
use crate::walk::Limits;

use super::args::{self, Common, Format, Trace};
use super::batch;
use super::error::Error;
use super::exit::Exit;
use super::input::{Scanned, scan, source};
use super::question::{field_fact, given, host, keep, packet};
use super::terminal::{self, Terminal};

/// Answers `kpt trace`.
pub(super) fn run(args: &Trace, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    if let Some(list) = &args.packet.batch {
        return batch::run(list, args, common, terminal);
    }
    let source = source(common)?;
    let Scanned { documents, mut problems } = scan(&source, common)?;
    let mut documents = choose(documents, &args.packet)?;
    if let Some(backend) = args.host.backend {
        keep(&mut documents, backend);
    }
    // To give a million rules back piece by piece takes longer than to end.
    let ruleset = ManuallyDrop::new(Ruleset::merged(documents));
    let mut host = host(&args.host, terminal)?;
    if let Some(moment) = args.packet.at {
        host.set_moment(moment);
    }
    let packet = packet(&args.packet, &host, &ruleset)?;
    let limits = if args.answer.all { Limits::ALL } else { Limits::NEAR };
    let answer = analyze::trace(&ruleset, &host, &packet, given(args), limits);
    problems.extend(ruleset.diagnostics());
    problems.extend(analyze::loops(&ruleset, &answer));
    problems.extend(unasked(args, &answer));
    let problems: Vec<_> = problems.iter().map(|problem| Located::new(problem, &source)).collect();
    if matches!(args.answer.format, Format::Text) {
        terminal.problems(&problems);
    }
    let subject = Subject { ruleset: &ruleset, source: &source };
    terminal::answer(&write(&answer, &subject, &problems, args, terminal))?;
    Ok(if args.answer.expect.is_none_or(|expected| expected == answer.outcome) { Exit::Answered } else { Exit::Found })
}

/// Every dump of the packet's family.
fn choose<'s>(mut documents: Vec<Document<'s>>, args: &args::Packet) -> Result<Vec<Document<'s>>, Error> {
    let wanted = args.dst.or(args.src).map(|endpoint| Family::of(endpoint.address));
    if let Some(family) = wanted.or_else(|| documents.first().and_then(|document| document.family)) {
        documents.retain(|document| document.family == Some(family));
        if !documents.is_empty() {
            return Ok(documents);
        }
    }
    let (has, lacks) = match wanted {
        Some(Family::V6) => ("IPv4", "ip6tables-save"),
        _ => ("IPv6", "iptables-save"),
    };
    Err(Error::usage(
        format!("the input has only {has} rules"),
        format!("give the output of `{lacks}` for a packet of the other family"),
    ))
}

/// What the user said although nothing asks for it: most likely a name that is misspelt.
fn unasked(args: &Trace, answer: &Answer) -> Vec<Diagnostic> {
    let asked = |name: &str| {
        let mut facts =
            answer.worlds.iter().flat_map(|world| &world.assumptions).filter_map(|assumed| assumed.fact.name());
        facts.any(|asked| asked == name)
    };
    let given = args.host.assume.iter().map(|assume| &assume.fact);
    let unasked = given.filter(|name| field_fact(name).is_none() && !asked(name));
    let problem = |name: &String| {
        Diagnostic::new(Code::UnaskedFact, format!("nothing asks for the fact `{name}`"))
            .help("`--format json` names every fact that the answer rests on")
    };
    unasked.map(problem).collect()
}

fn write(
    answer: &Answer,
    subject: &Subject<'_, '_>,
    problems: &[Located<'_>],
    args: &Trace,
    terminal: &Terminal,
) -> Vec<u8> {
    match args.answer.format {
        Format::Json => terminal.json(&json::v1::trace(answer, subject, args.memory.get(), problems)),
        Format::Text if args.answer.log_rules => {
            let rules = text::log_rules(&logging(subject.ruleset, answer), &tracing(subject.ruleset, answer));
            rules.into_bytes()
        }
        Format::Text => {
            let detail = match (args.answer.minimal, args.answer.summary, args.answer.all) {
                (true, ..) => Detail::Minimal,
                (_, true, _) => Detail::Summary,
                (.., true) => Detail::All,
                _ => Detail::Detailed,
            };
            text::trace(
                answer,
                subject,
                args.memory.get(),
                Style { detail, width: terminal.width(), paint: terminal.paint() },
            )
            .into_bytes()
        }
    }
}
