//! `kpt lb-weights --format csv`: a row for each endpoint.

use std::io::Write;

use csv::Writer;

use crate::analyze::{Draw, Endpoint, Fan, Observed, ServiceFan, observed};

use super::{Safe, Subject};

/// The columns.
const HEADS: [&str; 16] = [
    "service",
    "port",
    "protocol",
    "chain",
    "address",
    "address_port",
    "count",
    "chance",
    "share",
    "even",
    "off_ppm",
    "unserved",
    "counted",
    "drawn",
    "file",
    "line",
];

/// Begins a table.
pub fn begin<W: Write>(out: W) -> csv::Result<Writer<W>> {
    let mut table = Writer::from_writer(out);
    table.write_record(HEADS)?;
    Ok(table)
}

/// A row for each endpoint of a fan, be it a Service's or another's.
pub fn rows(
    service: Option<&ServiceFan>,
    fan: &Fan,
    drawn: Option<&Observed>,
    subject: &Subject<'_, '_>,
) -> Vec<Vec<String>> {
    let name = service.and_then(|service| service.service.as_ref());
    let safe = |text: &str| Safe(text).to_string();
    let of_fan = [
        name.map(|name| safe(&format!("{}/{}", name.namespace, name.name))).unwrap_or_default(),
        name.map(|name| safe(&name.port)).unwrap_or_default(),
        service.map(|service| service.protocol.to_string()).unwrap_or_default(),
        safe(subject.ruleset.name(fan.chain)),
    ];
    let counted = observed(subject.ruleset, fan);
    let count = |counts: Option<&Observed>, at: usize| {
        counts.and_then(|counts| counts.counts.get(at)).map(u64::to_string).unwrap_or_default()
    };
    let row = |(at, endpoint): (usize, &Endpoint)| {
        let place = subject.place(endpoint.drawn_by);
        let mut row = of_fan.to_vec();
        row.extend(of_endpoint(fan, endpoint));
        row.extend([count(counted.as_ref(), at), count(drawn, at)]);
        row.push(place.as_ref().map(|place| safe(place.file)).unwrap_or_default());
        row.push(place.map(|place| place.line.to_string()).unwrap_or_default());
        row
    };
    fan.endpoints.iter().enumerate().map(row).collect()
}

fn of_endpoint(fan: &Fan, endpoint: &Endpoint) -> [String; 8] {
    [
        endpoint.address.map(|address| address.to_string()).unwrap_or_default(),
        endpoint.port.map(|port| port.to_string()).unwrap_or_default(),
        match endpoint.draw {
            Draw::Random(probability) => probability.count().to_string(),
            _ => String::new(),
        },
        endpoint.draw.share().get().to_string(),
        endpoint.share.get().to_string(),
        fan.even().get().to_string(),
        format!("{:.1}", fan.off(endpoint) * 1e6),
        fan.unserved.get().to_string(),
    ]
}
