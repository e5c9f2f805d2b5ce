//! A line as a record: which of the tools wrote it, and what it says.

use std::sync::Arc;

use memchr::memmem;

use super::record::{Met, Record, Told, What};
use super::{fields, monitor, nft, stamp};

/// Reads a line. `None` if it is none of the packet filter's.
pub fn parse(line: u64, bytes: &[u8]) -> Option<Record> {
    let text = String::from_utf8_lossy(bytes);
    let text = &*text;
    if let Some(source) = memmem::find(text.as_bytes(), b" SRC=") {
        // A monitor begins with the word, a LOG line has its packet behind the prefix.
        let before = text.get(..source).unwrap_or_default();
        return match memmem::find(before.as_bytes(), b"PACKET: ") {
            Some(start) if text.get(start..).is_some_and(monitor::is_packet) => {
                monitor::packet(line, text.get(start..)?)
            }
            _ => logged(line, text, source),
        };
    }
    if let Some(start) = text.find("trace id ") {
        return nft::read(line, text.get(start..)?);
    }
    monitor::step(line, text.get(text.find("TRACE: ")?..)?)
}

/// What LOG writes, and TRACE on the legacy backend: a prefix that may run into `IN=`, then the packet.
fn logged(line: u64, text: &str, source: usize) -> Option<Record> {
    let before = text.get(..source + 1)?;
    let out = before.rfind(" OUT=")?;
    let input = before.get(..out)?.rfind("IN=")?;
    let words = text.get(input..)?;
    // An interface has no blank in its name.
    if words.get(..out - input)?.contains(' ') {
        return None;
    }
    let (headers, mark) = fields::read(words)?;
    let (time, prefix) = stamp::split(text.get(..input)?);
    let told = match prefix.rfind("TRACE: ").and_then(|at| met(prefix.get(at + "TRACE: ".len()..)?)) {
        Some(met) => Told::Met(met),
        None => Told::Prefix(prefix.trim().into()),
    };
    Some(Record {
        line,
        time: time.map(Into::into),
        trace: None,
        told: Some(told),
        headers: Some(Arc::new(headers)),
        mark: Some(mark.unwrap_or(0)),
    })
}

/// `raw:PREROUTING:policy:2`. A chain may have colons in its name.
fn met(place: &str) -> Option<Met> {
    let (place, number) = place.trim_end().rsplit_once(':')?;
    let (place, kind) = place.rsplit_once(':')?;
    let (table, chain) = place.split_once(':')?;
    let what = match kind {
        "rule" => What::Number(number.parse().ok()?),
        "return" | "policy" => What::End(number.parse().ok()?),
        _ => return None,
    };
    Some(Met { table: table.into(), chain: chain.into(), what })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKET: &str =
        "OUT=lo SRC=192.168.0.11 DST=192.168.0.11 LEN=60 TTL=64 ID=39079 DF PROTO=TCP SPT=48614 DPT=32110 SYN";

    fn told(before: &str) -> Option<Told> {
        parse(1, format!("{before}IN= {PACKET}").as_bytes())?.told
    }

    #[test]
    fn any_prefix_is_read() {
        let prefix = |text: &str| Some(Told::Prefix(text.into()));
        assert_eq!(
            told("Jan 21 17:03:39 h kernel: ** NAT KUBE-SEP-MMWJ6M2J72TU3"),
            prefix("** NAT KUBE-SEP-MMWJ6M2J72TU3")
        );
        assert_eq!(told(""), prefix(""));
        assert_eq!(told("[1.5] MAIN=IN="), prefix("MAIN=IN="));
        assert!(parse(1, b"Jan 21 17:03:39 h app: cost IN= many words OUT= SRC=1.2.3.4 DST=1.2.3.5").is_none());
        assert!(parse(1, b" SRC= OUT=").is_none());
    }

    #[test]
    fn a_trace_is_read() {
        let met =
            |table: &str, chain: &str, what| Some(Told::Met(Met { table: table.into(), chain: chain.into(), what }));
        assert_eq!(told("[12.5] TRACE: raw:PREROUTING:policy:2 "), met("raw", "PREROUTING", What::End(2)));
        assert_eq!(told("TRACE: nat:A:B:rule:7 "), met("nat", "A:B", What::Number(7)));
        assert_eq!(told("TRACE: what"), Some(Told::Prefix("TRACE: what".into())));
    }
}
