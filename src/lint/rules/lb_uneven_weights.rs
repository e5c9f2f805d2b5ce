//! KPT202: a chain that balances and does not give each endpoint the same share.

use crate::analyze::{Draw, Endpoint, Fan, other_fans};
use crate::kube::Role;
use crate::lint::{Confidence, Finding, Findings, Input, Lint, Need, Severity};
use crate::save::TableName;

/// How far a share may be from an even one, in parts of that.
const TOLERATED: f64 = 0.02;
/// Endpoints whose shares are listed.
const LISTED: usize = 10;

pub(super) static LINT: Lint = Lint {
    code: "KPT202",
    name: "lb-uneven-weights",
    severity: Severity::Warning,
    confidence: Confidence::Exact,
    needs: &[Need::Table(TableName::Nat)],
    page: include_str!("../../../docs/lints/lb-uneven-weights.md"),
    check,
};

fn check(input: &Input<'_, '_>, findings: &mut Findings<'_, '_, '_>) {
    let services = input
        .chains_of(TableName::Nat)
        .filter(|chain| matches!(input.role(*chain), Some(Role::Cluster(_) | Role::Local(_))));
    let of_services = services.map(|chain| Fan::of_chain(input.ruleset, chain));
    // Where some are sent to nobody, KPT201 speaks.
    for fan in of_services.chain(other_fans(input.ruleset)).filter(|fan| fan.unserved.get() <= 0.0) {
        findings.extend(twice(input, &fan).or_else(|| uneven(input, &fan)));
    }
}

/// An endpoint that stands in it a second time, and so gets two shares.
fn twice(input: &Input<'_, '_>, fan: &Fan) -> Option<Finding> {
    let at = (0..fan.endpoints.len()).find(|at| fan.is_twice(*at))?;
    let second = fan.endpoints.get(at)?;
    let is_same = |endpoint: &&Endpoint| (endpoint.address, endpoint.port) == (second.address, second.port);
    let same: Vec<_> = fan.endpoints.iter().filter(is_same).collect();
    let first = same.first()?;
    let share: f64 = same.iter().map(|endpoint| endpoint.share.get()).sum();
    let name = endpoint_name(input, second);
    let message = format!(
        "{name} gets {:.2} % of new connections to {}: it is drawn {} times",
        share * 100.0,
        whose(input, fan),
        same.len()
    );
    let finding = Finding::new(message)
        .key("twice")
        .severity(if input.role(fan.chain).is_some() { Severity::Warning } else { Severity::Info })
        .at(second.drawn_by, "draws it again")
        .at(first.drawn_by, "draws it first");
    Some(advised(input, fan, finding))
}

/// The endpoint that is furthest from an even share, if it is too far.
fn uneven(input: &Input<'_, '_>, fan: &Fan) -> Option<Finding> {
    let off = |endpoint: &&Endpoint| fan.off(endpoint).abs();
    let worst = fan.endpoints.iter().max_by(|one, other| off(one).total_cmp(&off(other)))?;
    if off(&worst) <= TOLERATED {
        return None;
    }
    let (share, even) = (worst.share.get() * 100.0, fan.even().get() * 100.0);
    let name = endpoint_name(input, worst);
    let message = format!(
        "{name} gets {share:.2} % of new connections to {}, an even share of {} endpoints is {even:.2} %",
        whose(input, fan),
        fan.endpoints.len()
    );
    let finding = Finding::new(message)
        .severity(severity(input, fan))
        .at(worst.drawn_by, format!("{share:.2} % of all come here"));
    Some(advised(input, fan, finding))
}

/// Rounding is nobody's mistake; weights of one's own may be meant, unless every rule has the same chance, which is how
/// people expect it to work.
fn severity(input: &Input<'_, '_>, fan: &Fan) -> Severity {
    let mut chances = fan.endpoints.iter().map(|endpoint| endpoint.draw).filter(|draw| *draw != Draw::All);
    let first = chances.next();
    let equal = fan.endpoints.len() > 2 && chances.all(|draw| Some(draw) == first);
    match (fan.rounding(), input.role(fan.chain)) {
        (None, Some(_)) => Severity::Warning,
        (None, None) if equal => Severity::Warning,
        (Some(_), _) | (None, None) => Severity::Info,
    }
}

/// The help: each endpoint with its share and the chance that makes it even.
fn advised(input: &Input<'_, '_>, fan: &Fan, finding: Finding) -> Finding {
    let count = fan.endpoints.len();
    let rows = fan.endpoints.iter().enumerate().take(LISTED).map(|(at, endpoint)| {
        let share = endpoint.share.get() * 100.0;
        let wanted = match count - at {
            1 => "no statistic match".to_owned(),
            left => format!("p = {}", chance(left)),
        };
        format!("{}: {share:.2} %; even with {wanted}", endpoint_name(input, endpoint))
    });
    let mut rows: Vec<_> = rows.collect();
    if count > LISTED {
        rows.push(format!("and {} more", count - LISTED));
    }
    if let Some(owner) = input.owner(fan.chain) {
        rows.push(format!("the chain is of {owner}: restart it, which writes all its rules anew"));
    }
    finding.help(rows.join("\n"))
}

/// One of so many, as kube-proxy writes it.
fn chance(left: usize) -> String {
    #[expect(clippy::cast_precision_loss, reason = "a number of endpoints")]
    let chance = 1.0 / left as f64;
    format!("{chance:.10}")
}

fn whose(input: &Input<'_, '_>, fan: &Fan) -> String {
    let chain = || format!("`{}`", input.ruleset.name(fan.chain));
    input.service(fan.chain).map_or_else(chain, ToString::to_string)
}

fn endpoint_name(input: &Input<'_, '_>, endpoint: &Endpoint) -> String {
    match (endpoint.address, endpoint.port) {
        (Some(address), Some(port)) => std::net::SocketAddr::new(address, port).to_string(),
        (Some(address), None) => address.to_string(),
        (None, _) => format!("`{}`", input.ruleset.name(endpoint.rewritten_by.chain)),
    }
}
