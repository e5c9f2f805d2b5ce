//! `kpt lb-weights`: the true share of every endpoint.

use std::io::{self, Write};

use crate::analyze::{Fan, ServiceFan, other_fans, service_fans};
use crate::diagnostic::{Diagnostic, Located};
use crate::report::text::{Detail, Style};
use crate::report::{Subject, json, text};
use crate::ruleset::Ruleset;
use crate::save::Family;
use crate::source::Source;

use super::args::{Common, Format, LbWeights};
use super::error::Error;
use super::exit::Exit;
use super::input::{Scanned, scan, source};
use super::terminal::{Terminal, answer};

/// Answers `kpt lb-weights`.
pub(super) fn run(args: &LbWeights, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    let source = source(common)?;
    let Scanned { documents, mut problems } = scan(&source, common)?;
    let rulesets: Vec<_> = [Family::V4, Family::V6]
        .into_iter()
        .map(|family| documents.iter().filter(|document| document.family == Some(family)).cloned().collect::<Vec<_>>())
        .filter(|documents| !documents.is_empty())
        .map(Ruleset::merged)
        .collect();
    let fans: Vec<_> =
        rulesets.iter().flat_map(|ruleset| asked(args, ruleset).map(move |fan| (ruleset, fan))).collect();
    let others: Vec<_> =
        rulesets.iter().flat_map(|ruleset| others(args, ruleset).map(move |fan| (ruleset, fan))).collect();
    if fans.is_empty() && others.is_empty() {
        return Err(nothing(args));
    }
    match common.format {
        Format::Text => {
            write_text(args, &fans, &others, &source, terminal)?;
            problems.extend(rulesets.iter().flat_map(Ruleset::diagnostics));
            terminal.problems(&located(&problems, &source));
        }
        Format::Json => {
            let of = |(ruleset, fan): &(&Ruleset<'_>, ServiceFan)| {
                let drawn = fan.fan(ruleset);
                is_wanted(args, drawn.as_ref())
                    .then(|| json::v1::service(fan, drawn.as_ref(), &Subject { ruleset, source: &source }))
            };
            let services = fans.iter().filter_map(of).collect();
            let of =
                |(ruleset, fan): &(&Ruleset<'_>, Fan)| json::v1::other_fan(fan, &Subject { ruleset, source: &source });
            let others = others.iter().map(of).collect();
            problems.extend(rulesets.iter().flat_map(Ruleset::diagnostics));
            answer(&terminal.json(&json::v1::weights(services, others, &located(&problems, &source))))?;
        }
    }
    Ok(Exit::Answered)
}

fn located<'d>(problems: &'d [Diagnostic], source: &Source) -> Vec<Located<'d>> {
    problems.iter().map(|problem| Located::new(problem, source)).collect()
}

/// Written one by one, so that ten thousand Services need no more memory than one.
fn write_text(
    args: &LbWeights,
    fans: &[(&Ruleset<'_>, ServiceFan)],
    others: &[(&Ruleset<'_>, Fan)],
    source: &Source,
    terminal: &Terminal,
) -> Result<(), Error> {
    let style = Style { detail: Detail::Detailed, width: terminal.width(), paint: terminal.paint() };
    let mut out = io::BufWriter::new(io::stdout().lock());
    let (mut shown, mut uneven, mut leaking) = (0, 0, 0);
    for (ruleset, fan) in fans {
        let drawn = fan.fan(ruleset);
        if is_wanted(args, drawn.as_ref()) {
            let subject = Subject { ruleset, source };
            out.write_all(text::service_fan(fan, drawn.as_ref(), &subject, style).as_bytes())?;
            shown += 1;
            uneven += usize::from(drawn.as_ref().is_some_and(|drawn| !text::is_even(drawn)));
            leaking += usize::from(drawn.as_ref().is_some_and(|drawn| drawn.unserved.get() > 0.0));
        }
    }
    for (ruleset, fan) in others {
        out.write_all(text::other_fan(fan, &Subject { ruleset, source }, style).as_bytes())?;
        shown += 1;
        uneven += usize::from(!text::is_even(fan));
        leaking += usize::from(fan.unserved.get() > 0.0);
    }
    out.write_all(text::weights_summary(shown, uneven, leaking).as_bytes())?;
    out.flush()?;
    Ok(())
}

/// The fans of the Services that were asked for.
fn asked<'r>(args: &'r LbWeights, ruleset: &'r Ruleset<'_>) -> impl Iterator<Item = ServiceFan> + 'r {
    let by_name = |fan: &ServiceFan| {
        let is_meant = |asked| fan.service.as_ref().is_some_and(|service| service.is_meant_by(asked));
        args.services.is_empty() || args.services.iter().any(is_meant)
    };
    let by_namespace = |fan: &ServiceFan| {
        let namespace = fan.service.as_ref().map(|service| service.namespace.as_str());
        args.namespace.as_deref().is_none_or(|asked| namespace == Some(asked))
    };
    service_fans(ruleset).into_iter().filter(by_name).filter(by_namespace)
}

/// The fans that are no Service's, where no Service is asked for.
fn others<'r>(args: &'r LbWeights, ruleset: &'r Ruleset<'_>) -> impl Iterator<Item = Fan> + 'r {
    let all = args.services.is_empty() && args.namespace.is_none();
    other_fans(ruleset).filter(move |fan| all && is_wanted(args, Some(fan)))
}

fn is_wanted(args: &LbWeights, drawn: Option<&Fan>) -> bool {
    let endpoints = drawn.map_or(0, |drawn| drawn.endpoints.len());
    let even = drawn.is_none_or(|drawn| text::is_even(drawn) && drawn.unserved.get() <= 0.0);
    endpoints >= args.min_endpoints && !(args.uneven && even)
}

fn nothing(args: &LbWeights) -> Error {
    match args.services.first() {
        Some(service) => Error::usage(
            format!("the input has no rules of the Service `{service}`"),
            "names are namespace/name or namespace/name:port",
        ),
        None => Error::usage(
            "the input has no Services, and no rules that draw",
            "a node's dump has them: `iptables-save | kpt lb-weights`",
        ),
    }
}
