//! What `xtables-monitor --trace` prints: a line for the packet where a table begins, and one for each rule.

use std::sync::Arc;

use super::fields;
use super::record::{Met, Record, Told, What, Words};

/// Is it `PACKET: 2 ee45343f …`, of IPv4 or IPv6?
pub(super) fn is_packet(text: &str) -> bool {
    text.starts_with("PACKET: 2 ") || text.starts_with("PACKET: 10 ")
}

/// The number of a trace, behind the word and the family, and the rest.
fn numbered(text: &str) -> Option<(u32, &str)> {
    let mut words = text.splitn(4, ' ').skip(1);
    matches!(words.next()?, "2" | "10").then_some(())?;
    Some((u32::from_str_radix(words.next()?, 16).ok()?, words.next()?))
}

/// `PACKET: 2 ee45343f IN=veth0 MACSRC=… SRC=… DST=…`
pub(super) fn packet(line: u64, text: &str) -> Option<Record> {
    let (trace, words) = numbered(text)?;
    let (headers, mark) = fields::read(words)?;
    Some(Record { line, time: None, trace: Some(trace), told: None, headers: Some(Arc::new(headers)), mark })
}

/// `TRACE: 2 ee45343f nat:KUBE-SERVICES:rule:0x1b:JUMP:KUBE-NODEPORTS  -4 -t nat -A KUBE-SERVICES …`; the number is a
/// handle, which no dump shows, so that the rule is known by its words.
pub(super) fn step(line: u64, text: &str) -> Option<Record> {
    let (trace, rest) = numbered(text)?;
    let (place, words) = rest.split_once(' ').unwrap_or((rest, ""));
    let (table, place) = place.split_once(':')?;
    let (chain, what) = kinds().find_map(|kind| place.split_once(kind).map(|(chain, rest)| (chain, (kind, rest))))?;
    let what = match what {
        (":rule:", verdict) => What::Rule(Words {
            text: words.find("-A ").and_then(|at| words.get(at..)).unwrap_or_default().trim_end().into(),
            does: does(verdict.split_once(':').map_or("", |(_, verdict)| verdict)),
        }),
        (":return:", _) => What::Return,
        _ => What::Policy,
    };
    let told = Some(Told::Met(Met { table: table.into(), chain: chain.into(), what }));
    Some(Record { line, time: None, trace: Some(trace), told, headers: None, mark: None })
}

fn kinds() -> impl Iterator<Item = &'static str> {
    [":rule:", ":return:", ":policy:"].into_iter()
}

/// `JUMP:KUBE-NODEPORTS` as nft says it: `jump KUBE-NODEPORTS`.
fn does(verdict: &str) -> Box<str> {
    match verdict.split_once(':') {
        Some((how, chain)) => format!("{} {chain}", how.to_ascii_lowercase()).into(),
        None => verdict.to_ascii_lowercase().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read() {
        let read = |text: &str| match step(1, text)?.told? {
            Told::Met(met) => Some(met),
            Told::Prefix(_) => None,
        };
        let met =
            read("TRACE: 2 ee45343f nat:KUBE-X:rule:0x1b:JUMP:KUBE-Y  -4 -t nat -A KUBE-X -p tcp -j KUBE-Y ").unwrap();
        let Met { table, chain, what: What::Rule(Words { text, does }) } = met else { panic!("{met:?}") };
        assert_eq!([&*table, &*chain, &*text, &*does], ["nat", "KUBE-X", "-A KUBE-X -p tcp -j KUBE-Y", "jump KUBE-Y"]);
        assert_eq!(read("TRACE: 10 b1b2baa0 raw:PREROUTING:policy:ACCEPT ").unwrap().what, What::Policy);
        assert_eq!(read("TRACE: 2 ee45343f nat:X:return:").unwrap().what, What::Return);
        assert!(read("TRACE: raw:PREROUTING:policy:2").is_none());
    }
}
