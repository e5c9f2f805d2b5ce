//! The table of `kpt lb-weights`: each fan with the ways to it, and each endpoint with its share.

use crate::analyze::{Draw, Endpoint, Fan, Fit, Observed, ServiceFan, Way, observed};
use crate::logic::Share;
use crate::packet::Value;
use crate::report::{Safe, Subject, words};

use super::page::{Page, Piece, piece, plain};
use super::paint::Tone;
use super::shares::{BAR, bar, evenness, fraction, percent};
use super::{NARROW, Style};

/// A fan of a Service: its name, the ways there, and its endpoints.
pub fn service_fan(fan: &ServiceFan, drawn: Option<&Fan>, subject: &Subject<'_, '_>, style: Style) -> String {
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    let name = fan.service.as_ref().map_or_else(|| "a Service without a name".into(), ToString::to_string);
    let chain = fan.chain.map(|chain| Safe(subject.ruleset.name(chain)).to_string()).unwrap_or_default();
    page.line_at(&[piece(Tone::Strong, Safe(&name).to_string()), plain(format!("  {}", fan.protocol))], &chain);
    let ways: Vec<_> = fan.ways.iter().map(|way| way_words(way, subject)).collect();
    page.items(&plain("  "), 2, &ways);
    match drawn {
        Some(drawn) if !drawn.endpoints.is_empty() => endpoints(&mut page, drawn, subject),
        _ => page.line(&[plain("  "), piece(Tone::Bad, "no endpoints")]),
    }
    page.gap();
    page.finish()
}

/// A fan that is no Service's: its chain, what its rules ask for, and its endpoints.
pub fn other_fan(fan: &Fan, subject: &Subject<'_, '_>, style: Style) -> String {
    let mut page = Page::new(style.width.max(NARROW), style.paint);
    let chain = Safe(subject.ruleset.name(fan.chain)).to_string();
    let first = fan.endpoints.first().and_then(|endpoint| subject.ruleset.rule(endpoint.drawn_by));
    let asks = first.map(words::conditions_but_draw).filter(|asks| !asks.is_empty());
    page.line(&[piece(Tone::Strong, format!("nat {chain}")), plain("  "), plain(asks.unwrap_or_default())]);
    endpoints(&mut page, fan, subject);
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

fn endpoints(page: &mut Page, fan: &Fan, subject: &Subject<'_, '_>) {
    let counted = observed(subject.ruleset, fan).filter(|counted| counted.total() > 0);
    let mut items = summary(fan);
    items.extend(counted.as_ref().map(|counted| fit(counted, fan)));
    page.items(&plain("  "), 2, &items);
    let names: Vec<_> = fan.endpoints.iter().map(name).collect();
    let width = names.iter().map(String::len).max().unwrap_or(0).max("endpoint".len());
    let most = fan
        .endpoints
        .iter()
        .map(|endpoint| endpoint.share)
        .fold(Share::NONE, |most, share| if share > most { share } else { most });
    let empty = " ".repeat(BAR);
    let counted_head = if counted.is_some() { "    counted" } else { "" };
    let head = format!("  {:width$}  {:>9}  {:5}{empty}  {:>12}{counted_head}", "endpoint", "share", "", "drawn by");
    page.line(&[piece(Tone::Faint, head)]);
    for (at, (endpoint, name)) in fan.endpoints.iter().zip(names).enumerate() {
        let pieces = [
            plain(format!("  {name:width$}  {:>9}  {:5}", percent(endpoint.share), fraction(endpoint.share))),
            piece(Tone::Good, format!("{:BAR$}", shown_bar(endpoint.share, most))),
            plain(format!("  {:>12}", draw(endpoint.draw))),
            plain(counted.as_ref().map(|counted| count(counted, at)).unwrap_or_default()),
            remark(fan, at),
        ];
        let place = subject.place(endpoint.drawn_by).map(|place| place.to_string()).unwrap_or_default();
        page.line_at(&pieces, &Safe(&place).to_string());
    }
    if fan.unserved > Share::NONE {
        let text = format!("  {} is served by nobody: the last rule draws too", percent(fan.unserved));
        page.line(&[piece(Tone::Bad, text)]);
    }
}

/// What was counted at an endpoint: connections, for the nat table sees only the first packet of each.
fn count(counted: &Observed, at: usize) -> String {
    let count = counted.counts.get(at).copied().unwrap_or(0);
    format!("  {count:>9}")
}

fn fit(counted: &Observed, fan: &Fan) -> String {
    let total = counted.total();
    match counted.fit {
        Fit::TooFew => format!("{total} connections counted, too few to compare"),
        Fit::Fits => format!("{total} connections counted, which fits the shares"),
        Fit::DoesNot(at) => {
            let name = fan.endpoints.get(at).map(name).unwrap_or_default();
            let part = counted.counts.get(at).map_or(0, |count| (count * 100 + total / 2) / total.max(1));
            format!("{total} connections counted, which does not fit the shares: {name} got {part} %")
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
    }
    if let Some(affinity) = fan.affinity {
        items.push(format!("affinity {}", super::affinity::duration(affinity.seconds)));
    }
    items
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

fn remark(fan: &Fan, at: usize) -> Piece {
    let share = fan.endpoints.get(at).map_or(Share::NONE, |endpoint| endpoint.share);
    if share <= Share::NONE {
        piece(Tone::Bad, "  never drawn")
    } else if fan.is_twice(at) {
        piece(Tone::Bad, "  listed twice")
    } else {
        plain("")
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
