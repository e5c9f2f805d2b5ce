//! The table of `kpt lb-weights`: each fan with the ways to it, and each endpoint with its share.

use crate::analyze::{Decimals, Draw, Endpoint, Fan, Fit, Observed, ServiceFan, Way, observed};
use crate::logic::Share;
use crate::packet::Value;
use crate::report::{Beside, Safe, Subject, words};

use super::page::{Page, piece, plain};
use super::paint::Tone;
use super::shares::{bar, evenness, fraction, is_even, percent};
use super::table::{Column, table};
use super::{NARROW, Style};

/// A fan of a Service: its name, the ways there, and its endpoints.
pub fn service_fan(
    service: &ServiceFan,
    fan: Option<&Fan>,
    beside: Beside<'_>,
    subject: &Subject<'_, '_>,
    style: Style,
) -> String {
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    let name = service.service.as_ref().map_or_else(|| "a Service without a name".into(), ToString::to_string);
    let chain = service.chain.map(|chain| Safe(subject.ruleset.name(chain)).to_string()).unwrap_or_default();
    page.line_at(&[piece(Tone::Strong, Safe(&name).to_string()), plain(format!("  {}", service.protocol))], &chain);
    let ways: Vec<_> = service.ways.iter().map(|way| way_words(way, subject)).collect();
    page.items(&plain("  "), 2, &ways);
    match fan {
        Some(fan) if !fan.endpoints.is_empty() => {
            endpoints(&mut page, fan, beside.drawn, subject);
            if let Some(affinity) = fan.affinity {
                let room = super::affinity::room(affinity, beside.memory, subject);
                page.items(&plain("  remembers "), 12, &room);
            }
        }
        _ => page.line(&[plain("  "), piece(Tone::Bad, "no endpoints")]),
    }
    page.gap();
    page.finish()
}

/// A fan that is no Service's: its chain, what its rules ask for, and its endpoints.
pub fn other_fan(fan: &Fan, drawn: Option<&Observed>, subject: &Subject<'_, '_>, style: Style) -> String {
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    let chain = Safe(subject.ruleset.name(fan.chain)).to_string();
    let first = fan.endpoints.first().and_then(|endpoint| subject.ruleset.rule(endpoint.drawn_by));
    let asks = first.map(words::conditions_but_draw).filter(|asks| !asks.is_empty());
    page.line(&[piece(Tone::Strong, format!("nat {chain}")), plain("  "), plain(asks.unwrap_or_default())]);
    endpoints(&mut page, fan, drawn, subject);
    page.gap();
    page.finish()
}

/// `node port 32110 unless -s 10.0.0.0/8`
fn way_words(way: &Way, subject: &Subject<'_, '_>) -> String {
    let entry = &way.entry;
    let address = entry.address.map_or_else(
        || entry.port.to_string(),
        |address| words::endpoint(&Value::Known(address), &Value::Known(entry.port)),
    );
    let asks = |rules: &[_]| {
        let rules = rules.iter().filter_map(|rule| subject.ruleset.rule(*rule));
        rules.map(words::conditions).collect::<Vec<_>>()
    };
    let mut text = format!("{} {address}", words::via(entry.via));
    let (when, unless) = (asks(&way.when), asks(&way.unless));
    if !when.is_empty() {
        text.extend([" if ", &when.join(" and ")]);
    }
    if !unless.is_empty() {
        text.extend([" unless ", &unless.join(" or ")]);
    }
    text
}

fn endpoints(page: &mut Page, fan: &Fan, drawn: Option<&Observed>, subject: &Subject<'_, '_>) {
    let counted = observed(subject.ruleset, fan).filter(|counted| counted.total() > 0);
    let mut items = summary(fan);
    items.extend(counted.as_ref().map(|counted| fit(counted, fan, "counted")));
    items.extend(drawn.map(|drawn| fit(drawn, fan, "drawn")));
    page.items(&plain("  "), 2, &items);
    let places = fan.endpoints.iter().map(|endpoint| place(endpoint, subject)).collect::<Vec<_>>();
    table(page, columns(fan, counted.as_ref(), drawn), &places);
    if fan.unserved > Share::NONE {
        let text = format!("  {} is served by nobody: the last rule draws too", percent(fan.unserved));
        page.line(&[piece(Tone::Bad, text)]);
    }
}

fn columns(fan: &Fan, counted: Option<&Observed>, drawn: Option<&Observed>) -> Vec<Column> {
    let all = &fan.endpoints;
    let cells = |cell: &dyn Fn(&Endpoint) -> String| all.iter().map(cell).collect::<Vec<_>>();
    let counts = |counts: Option<&Observed>| {
        counts.map(|counts| counts.counts.iter().map(u64::to_string).collect()).unwrap_or_default()
    };
    let most = all
        .iter()
        .map(|endpoint| endpoint.share)
        .fold(Share::NONE, |most, share| if share > most { share } else { most });
    vec![
        Column::words("endpoint", cells(&name)),
        Column::numbers("share", cells(&|endpoint| percent(endpoint.share))),
        Column::words("", cells(&|endpoint| fraction(endpoint.share))).spared(2),
        Column::words("", cells(&|endpoint| shown_bar(endpoint.share, most))).in_tone(Tone::Good).spared(3),
        Column::numbers("off even", cells(&|endpoint| off(fan.off(endpoint)))).spared(1),
        Column::numbers("of 2^31", cells(&|endpoint| draw(endpoint.draw))),
        Column::numbers("of what comes", cells(&|endpoint| percent(endpoint.draw.share()))).spared(4),
        Column::numbers("counted", counts(counted)),
        Column::numbers("drawn", counts(drawn)),
        Column::words("", (0..all.len()).map(|at| remark(fan, at).to_owned()).collect()).in_tone(Tone::Bad),
    ]
}

fn place(endpoint: &Endpoint, subject: &Subject<'_, '_>) -> String {
    let place = subject.place(endpoint.drawn_by).map(|place| place.to_string()).unwrap_or_default();
    Safe(&place).to_string()
}

/// `-10.0 ppm`, `+33.3 %`
fn off(part: f64) -> String {
    match part.abs() {
        even if even < 5e-8 => "0".into(),
        slight if slight < 1e-3 => format!("{:+.1} ppm", part * 1e6),
        _ => format!("{:+.1} %", part * 100.0),
    }
}

fn fit(counted: &Observed, fan: &Fan, how: &str) -> String {
    let total = counted.total();
    match counted.fit {
        Fit::TooFew => format!("{total} connections {how}, too few to compare"),
        Fit::Fits => format!("{total} connections {how}, which fits the shares"),
        Fit::DoesNot(at) => {
            let name = fan.endpoints.get(at).map(name).unwrap_or_default();
            let part = counted.counts.get(at).map_or(0, |count| (count * 100 + total / 2) / total.max(1));
            format!("{total} connections {how}, which does not fit the shares: {name} got {part} %")
        }
    }
}

fn shown_bar(share: Share, most: Share) -> String {
    if share > Share::NONE { bar(share, most) } else { String::new() }
}

fn summary(fan: &Fan) -> Vec<String> {
    let shares: Vec<_> = fan.endpoints.iter().map(|endpoint| endpoint.share).collect();
    let mut items = vec![match shares.len() {
        1 => "1 endpoint".to_owned(),
        n => format!("{n} endpoints"),
    }];
    if shares.len() > 1 {
        items.push(evenness(&shares));
        items.extend(fan.rounding().filter(|_| is_even(fan)).map(rounding));
    }
    if let Some(affinity) = fan.affinity {
        items.push(format!("affinity {}", super::affinity::duration(affinity.seconds)));
    }
    items
}

fn rounding(decimals: Decimals) -> String {
    match decimals {
        Decimals::Five => "kube-proxy up to 1.16 writes only 5 decimals".into(),
        Decimals::Ten => "kube-proxy writes only 10 decimals".into(),
    }
}

fn name(endpoint: &Endpoint) -> String {
    let known = |value: Option<_>| value.map_or_else(|| Value::chosen("port"), Value::Known);
    match endpoint.address {
        Some(address) => words::endpoint(&Value::Known(address), &known(endpoint.port)),
        None => "several or unknown".into(),
    }
}

/// The count of 2^31 as the kernel keeps it, or every how many.
fn draw(draw: Draw) -> String {
    match draw {
        Draw::All => "all the rest".into(),
        Draw::Random(probability) => probability.count().to_string(),
        Draw::Nth { not: false, every } => format!("1 in {every}"),
        Draw::Nth { not: true, every } => format!("all but 1 in {every}"),
    }
}

fn remark(fan: &Fan, at: usize) -> &'static str {
    let share = fan.endpoints.get(at).map_or(Share::NONE, |endpoint| endpoint.share);
    if share <= Share::NONE {
        "never drawn"
    } else if fan.is_twice(at) {
        "listed twice"
    } else {
        ""
    }
}

/// The last line: how many there are, and how many are not as they should be.
pub fn weights_summary(shown: usize, uneven: usize, leaking: usize) -> String {
    let ports = if shown == 1 { "1 fan".to_owned() } else { format!("{shown} fans") };
    let mut items = vec![ports];
    match uneven {
        0 => items.push("all even up to rounding".into()),
        n => items.push(format!("{n} uneven")),
    }
    if leaking > 0 {
        items.push(format!("{leaking} that leave a part unserved"));
    }
    format!("{}\n", items.join(" · "))
}
