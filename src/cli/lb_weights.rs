//! `kpt lb-weights`: the true share of every endpoint.

use std::cmp::Reverse;
use std::io::{self, BufWriter, Write};
use std::mem::ManuallyDrop;

use indicatif::{ProgressBar, ProgressStyle};
use rayon::prelude::*;

use crate::analyze::{Fan, Observed, ServiceFan, other_fans, service_fans, simulated};
use crate::diagnostic::{Diagnostic, Located};
use crate::report::text::{Detail, Style};
use crate::report::{Beside, Subject, csv, json, text};
use crate::ruleset::Ruleset;
use crate::source::Source;

use super::args::{Common, LbWeights, Sort, WeightsFormat as Format};
use super::error::Error;
use super::exit::Exit;
use super::input::{Scanned, scan, source};
use super::question::rulesets;
use super::terminal::Terminal;

/// From how many draws on it is shown how far they are.
const LONG: u64 = 10_000_000;
/// How many fans are made at the same time.
const AT_ONCE: usize = 512;
/// Between the seeds of two fans (2^64 by the golden ratio).
const APART: u64 = 0x9e37_79b9_7f4a_7c15;

/// Answers `kpt lb-weights`.
pub(super) fn run(args: &LbWeights, common: &Common, terminal: &Terminal) -> Result<Exit, Error> {
    let source = source(common)?;
    let Scanned { documents, problems } = scan(&source, common)?;
    // To give a million rules back piece by piece takes longer than to end.
    let rulesets = ManuallyDrop::new(rulesets(&documents));
    rulesets.iter().for_each(Ruleset::read_all);
    let subjects: Vec<_> = rulesets.iter().map(|ruleset| Subject { ruleset, source: &source }).collect();
    let mut found: Vec<_> = subjects.iter().flat_map(|subject| asked(args, *subject)).collect();
    // Those of Services first, of whatever family.
    found.sort_by_key(|found| found.service().is_none());
    if found.is_empty() {
        return Err(nothing(args));
    }
    found.retain(|found| is_wanted(args, found));
    sort(&mut found, args.sort);
    let answer = Answer { args, terminal, simulation: Simulation::new(args, found.len()) };
    let problems =
        || problems.iter().cloned().chain(rulesets.iter().flat_map(Ruleset::diagnostics)).collect::<Vec<_>>();
    match args.format {
        Format::Text => {
            answer.text(&found)?;
            tell(&problems(), &source, terminal);
        }
        Format::Csv => {
            answer.csv(&found)?;
            tell(&problems(), &source, terminal);
        }
        Format::Json => answer.json(&found, problems, &source)?,
    }
    Ok(Exit::Answered)
}

fn tell(problems: &[Diagnostic], source: &Source, terminal: &Terminal) {
    let located: Vec<_> = problems.iter().map(|problem| Located::new(problem, source)).collect();
    terminal.problems(&located);
}

/// A chain or rules that draw.
struct Found<'a, 't> {
    subject: Subject<'a, 't>,
    what: What,
}

enum What {
    Service(ServiceFan),
    Other(Fan),
}

impl Found<'_, '_> {
    const fn service(&self) -> Option<&ServiceFan> {
        match &self.what {
            What::Service(service) => Some(service),
            What::Other(_) => None,
        }
    }

    /// Its shares; `None` where nobody serves. They are read each time, so that they need not be held.
    fn fan(&self) -> Option<Fan> {
        match &self.what {
            What::Service(service) => service.fan(self.subject.ruleset),
            What::Other(fan) => Some(fan.clone()),
        }
    }
}

/// The fans that were asked for: those of Services, and the others where no Service is asked for.
fn asked<'a, 't>(args: &LbWeights, subject: Subject<'a, 't>) -> Vec<Found<'a, 't>> {
    let is_asked = |service: &ServiceFan| {
        let name = service.service.as_ref();
        let by_name = args.services.is_empty()
            || args.services.iter().any(|asked| name.is_some_and(|name| name.is_meant_by(asked)));
        by_name && args.namespace.as_ref().is_none_or(|asked| name.is_some_and(|name| name.namespace == *asked))
    };
    let services = service_fans(subject.ruleset).into_iter().filter(is_asked).map(What::Service);
    let all = args.services.is_empty() && args.namespace.is_none();
    let others = other_fans(subject.ruleset).filter(|_| all).map(What::Other);
    let found = services.chain(others).map(|what| Found { subject, what });
    found.collect()
}

fn is_wanted(args: &LbWeights, found: &Found<'_, '_>) -> bool {
    if !args.uneven && args.min_endpoints == 0 {
        return true;
    }
    let fan = found.fan();
    let endpoints = fan.as_ref().map_or(0, |fan| fan.endpoints.len());
    let even = fan.is_none_or(|fan| text::is_even(&fan) && fan.unserved.get() <= 0.0);
    endpoints >= args.min_endpoints && !(args.uneven && even)
}

/// What comes first; what is the same stays in the order of names.
fn sort(found: &mut [Found<'_, '_>], by: Sort) {
    let measure = |fan: &Fan| match by {
        Sort::Name => 0.0,
        #[expect(clippy::cast_precision_loss, reason = "a number of endpoints")]
        Sort::Endpoints => fan.endpoints.len() as f64,
        Sort::Uneven => fan.endpoints.iter().map(|endpoint| fan.off(endpoint).abs()).fold(0.0, f64::max),
        Sort::Unserved => fan.unserved.get(),
    };
    if by != Sort::Name {
        // Not negative, so that the bits are in the order of the numbers.
        found.sort_by_cached_key(|found| Reverse(found.fan().as_ref().map_or(0.0, measure).to_bits()));
    }
}

/// Draws for each fan, with numbers of its own.
struct Simulation {
    connections: Option<u64>,
    seed: u64,
    progress: ProgressBar,
}

impl Simulation {
    fn new(args: &LbWeights, fans: usize) -> Self {
        let draws = args.simulate.unwrap_or(0).saturating_mul(fans as u64);
        let progress = if draws < LONG { ProgressBar::hidden() } else { ProgressBar::new(fans as u64) };
        let style = ProgressStyle::with_template("{bar:30} {pos} of {len} fans drawn, {eta} left");
        let progress = style.map_or(ProgressBar::hidden(), |style| progress.with_style(style));
        Self { connections: args.simulate, seed: args.seed, progress }
    }

    fn draw(&self, at: usize, fan: Option<&Fan>) -> Option<Observed> {
        let (connections, fan) = self.connections.zip(fan.filter(|fan| !fan.endpoints.is_empty()))?;
        let mut random = fastrand::Rng::with_seed(self.seed ^ (at as u64).wrapping_mul(APART));
        let observed = simulated(fan, connections, &mut random);
        self.progress.inc(1);
        Some(observed)
    }
}

/// A fan that has been read, and drawn.
struct Read<'f, 'a, 't> {
    fan: Option<Fan>,
    drawn: Option<Observed>,
    found: &'f Found<'a, 't>,
}

/// Writes one fan after the other, so that ten thousand Services need no more memory than a few.
struct Answer<'a> {
    args: &'a LbWeights,
    terminal: &'a Terminal,
    simulation: Simulation,
}

impl Answer<'_> {
    /// What `make` makes of each fan, in order; a few are made at the same time.
    fn each<'f, 'a, 't, T: Send + 'f>(
        &'f self,
        found: &'f [Found<'a, 't>],
        make: impl Fn(Read<'f, 'a, 't>) -> T + Sync + 'f,
    ) -> impl Iterator<Item = T> + 'f {
        let read = move |(at, found): (usize, &'f Found<'a, 't>)| {
            let fan = found.fan();
            let drawn = self.simulation.draw(at, fan.as_ref());
            make(Read { fan, drawn, found })
        };
        (0..).step_by(AT_ONCE).zip(found.chunks(AT_ONCE)).flat_map(move |(first, chunk)| {
            let numbered = chunk.par_iter().enumerate().map(|(at, found)| (first + at, found));
            numbered.map(&read).collect::<Vec<_>>()
        })
    }

    fn beside<'o>(&self, drawn: Option<&'o Observed>) -> Beside<'o> {
        Beside { drawn, memory: self.args.memory.get() }
    }

    fn text(&self, found: &[Found<'_, '_>]) -> Result<(), Error> {
        let style = Style { detail: Detail::Detailed, width: self.terminal.width(), paint: self.terminal.paint() };
        let written = move |Read { fan, drawn, found: Found { subject, what } }: Read<'_, '_, '_>| {
            let text = match (what, &fan) {
                (What::Service(service), _) => {
                    text::service_fan(service, fan.as_ref(), self.beside(drawn.as_ref()), subject, style)
                }
                (What::Other(_), Some(fan)) => text::other_fan(fan, drawn.as_ref(), subject, style),
                (What::Other(_), None) => String::new(),
            };
            let uneven = fan.as_ref().is_some_and(|fan| !text::is_even(fan));
            (text, uneven, fan.is_some_and(|fan| fan.unserved.get() > 0.0))
        };
        let mut out = BufWriter::new(io::stdout().lock());
        let (mut uneven, mut leaking) = (0, 0);
        for (text, is_uneven, leaks) in self.each(found, written) {
            out.write_all(text.as_bytes())?;
            uneven += usize::from(is_uneven);
            leaking += usize::from(leaks);
        }
        out.write_all(text::weights_summary(found.len(), uneven, leaking).as_bytes())?;
        out.flush()?;
        Ok(())
    }

    fn csv(&self, found: &[Found<'_, '_>]) -> Result<(), Error> {
        let rows = |Read { fan, drawn, found }: Read<'_, '_, '_>| {
            fan.map(|fan| csv::rows(found.service(), &fan, drawn.as_ref(), &found.subject)).unwrap_or_default()
        };
        let write = || -> ::csv::Result<()> {
            let mut table = csv::begin(io::stdout().lock())?;
            self.each(found, rows).flatten().try_for_each(|row| table.write_record(row))?;
            table.flush()?;
            Ok(())
        };
        write().map_err(|error| Error::Output(error.into()))
    }

    /// The problems are asked for last, when every rule has been read.
    fn json(
        &self,
        found: &[Found<'_, '_>],
        problems: impl FnOnce() -> Vec<Diagnostic>,
        source: &Source,
    ) -> Result<(), Error> {
        let (services, others) = found.split_at(found.partition_point(|found| found.service().is_some()));
        let services = self.each(services, |Read { fan, drawn, found }| {
            let service = found.service()?;
            Some(json::v1::service(service, fan.as_ref(), self.beside(drawn.as_ref()), &found.subject))
        });
        let others = self.each(others, |Read { fan, drawn, found }| {
            Some(json::v1::other_fan(&fan?, drawn.as_ref(), &found.subject))
        });
        let problems = std::iter::once_with(problems).flatten();
        let problems = problems.map(|problem| json::v1::Problem::from(&Located::new(&problem, source)));
        self.terminal.write_json(&json::v1::weights(services.flatten(), others.flatten(), problems))
    }
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
