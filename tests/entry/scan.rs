//! A whole input, of whatever bytes: it is scanned, every rule is read and printed, and a packet is followed through it to the
//! page that a person reads.

use std::net::IpAddr;

use kpt::analyze::{self, Memory};
use kpt::diagnostic::{Diagnostic, Located};
use kpt::kube;
use kpt::logic::Assumptions;
use kpt::packet::{Host, Packet, Protocol, Value};
use kpt::report::text::{Detail, Paint, Style};
use kpt::report::{Subject, json, text};
use kpt::ruleset::{AddressTest, Ruleset};
use kpt::save::{self, Family, Reading};
use kpt::source::{Source, is_invisible};
use kpt::walk::Limits;
use miette::{GraphicalReportHandler, GraphicalTheme};

/// Few enough that noise cannot make it slow.
const LIMITS: Limits = Limits { contradictions: 1, far_fetched: true, worlds: 8, ends: 64, work: 20_000 };
/// How many problems are drawn.
const DRAWN: usize = 4;

pub(crate) fn run(bytes: &[u8]) {
    let source = Source::new("input", bytes.to_vec());
    let (documents, _) = save::read(&source, Reading::default());
    let added = documents.first().and_then(kube::supplement);
    let source = added.map_or_else(|| source.clone(), |lines| source.clone().with_added(&lines));
    let (documents, problems) = save::read(&source, Reading::default());
    tell(&problems, &source);
    for ruleset in documents.into_iter().map(Ruleset::new) {
        let mut shown = Vec::new();
        let subject = Subject { ruleset: &ruleset, source: &source };
        text::show(&mut shown, &subject, None, true).expect("writing to memory");
        harmless(&String::from_utf8(shown).expect("text"));
        follow(&subject);
        tell(&ruleset.diagnostics(), &source);
    }
}

fn follow(subject: &Subject<'_, '_>) {
    let ruleset = subject.ruleset;
    let mut packet = Packet::unknown(ruleset.family, false);
    packet.dst = Value::Known(destination(ruleset));
    packet.dport = Value::Known(80);
    packet.protocol = Value::Known(Protocol::TCP);
    let answer = analyze::trace(ruleset, &Host::default(), &packet, Assumptions::default(), LIMITS);
    for world in &answer.worlds {
        let sum: f64 = world.paths.iter().map(|path| path.share.get()).sum();
        assert!((sum - 1.0).abs() < 1e-6, "the shares of a world sum to {sum}");
    }
    for detail in [Detail::Minimal, Detail::Summary, Detail::Detailed, Detail::All] {
        harmless(&text::trace(&answer, subject, Memory::default(), Style { detail, width: 80, paint: Paint::Plain }));
    }
    tell(&analyze::loops(ruleset, &answer), subject.source);
    serde_json::to_string(&json::v1::trace(&answer, subject, Memory::default(), &[])).expect("JSON");
}

/// The first that a rule asks for.
fn destination(ruleset: &Ruleset<'_>) -> IpAddr {
    let chains = ruleset.tables().flat_map(|table| ruleset.chains(table)).map(|(id, _)| id);
    let tests = chains.flat_map(|chain| ruleset.rules(chain)).filter_map(|rule| rule.header.dst.as_ref());
    let nets =
        tests.filter_map(|test| if let AddressTest::Net(net) = &test.value { net.to_string().into() } else { None });
    let mut addresses = nets.filter_map(|net: String| net.split('/').next()?.parse().ok());
    let fallback =
        if ruleset.family == Family::V4 { [10, 0, 0, 1].into() } else { IpAddr::from([0xfd00, 0, 0, 0, 0, 0, 0, 1]) };
    addresses.find(|address| Family::of(*address) == ruleset.family).unwrap_or(fallback)
}

fn tell(problems: &[Diagnostic], source: &Source) {
    let pictures = GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor()).with_width(80);
    for (number, problem) in problems.iter().enumerate() {
        let located = Located::new(problem, source);
        harmless(&text::problem(&located));
        if number < DRAWN {
            let mut picture = String::new();
            pictures.render_report(&mut picture, &located).expect("a picture");
            harmless(&picture);
        }
    }
}

/// Can nothing in it steer a terminal or mislead a reader?
fn harmless(text: &str) {
    let harm = text.find(|c: char| c.is_control() && !matches!(c, '\n' | '\t') || is_invisible(c));
    assert_eq!(harm, None, "{text:?}");
}
