//! What the lists of `recent` hold: copies of the files in `/proc/net/xt_recent` (`recent_seq_show` in `xt_recent.c`).

use std::collections::BTreeMap;
use std::net::IpAddr;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};

/// Ticks of the kernel in a second, at most (`CONFIG_HZ`); a file does not tell how many there are.
const TICKS: u64 = 1000;

/// Lists by name, each with its addresses and the tick at which they were last noted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    lists: BTreeMap<String, BTreeMap<IpAddr, u64>>,
    newest: u64,
}

/// What a list says of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// The address is not there.
    Never,
    /// It was noted at least so many seconds before the list was copied.
    Before(u64),
}

impl Seen {
    /// Takes over the list in `source`, a line for each address.
    pub fn read(&mut self, name: &str, source: &Source) -> Result<(), Diagnostic> {
        let mut list = BTreeMap::new();
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            if !line.trim().is_empty() {
                let (address, tick) = entry(line).ok_or_else(|| unreadable(name, start, line))?;
                self.newest = self.newest.max(tick);
                list.insert(address, tick);
            }
            start += line.len();
        }
        self.lists.insert(name.to_owned(), list);
        Ok(())
    }

    /// What is known of an address; `None` if nobody copied the list.
    pub fn of(&self, list: &str, address: IpAddr) -> Option<Noted> {
        let list = self.lists.get(list)?;
        Some(list.get(&address).map_or(Noted::Never, |tick| Noted::Before((self.newest - tick) / TICKS)))
    }
}

/// `src=10.0.0.1 ttl: 64 last_seen: 4295123456 oldest_pkt: 1 4295123456`
fn entry(line: &str) -> Option<(IpAddr, u64)> {
    let (address, rest) = line.trim().strip_prefix("src=")?.split_once(' ')?;
    let (_, rest) = rest.split_once("last_seen: ")?;
    Some((address.parse().ok()?, rest.split(' ').next()?.parse().ok()?))
}

fn unreadable(name: &str, start: usize, line: &str) -> Diagnostic {
    let length = line.trim_end().len();
    Diagnostic::new(Code::BadFacts, format!("this is not what /proc/net/xt_recent/{name} says"))
        .at(Span::new(start, length), "expected `src=ADDRESS ttl: N last_seen: TICK ...`")
        .help("copy the folder on the node: `cp -r /proc/net/xt_recent DIR`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_tell_who_was_noted_and_how_long_ago_at_least() {
        let mut seen = Seen::default();
        let text = "src=10.0.0.1 ttl: 64 last_seen: 4295000000 oldest_pkt: 1 4295000000\n\
                    src=10.0.0.2 ttl: 64 last_seen: 4296000000 oldest_pkt: 2 4295000000, 4296000000\n";
        seen.read("A", &Source::new("A", text.into())).unwrap();
        let of = |last| seen.of("A", IpAddr::from([10, 0, 0, last]));
        assert_eq!(of(1), Some(Noted::Before(1000)));
        assert_eq!(of(2), Some(Noted::Before(0)));
        assert_eq!(of(3), Some(Noted::Never));
        assert_eq!(seen.of("B", IpAddr::from([10, 0, 0, 1])), None);
        assert!(seen.read("C", &Source::new("C", "10.0.0.1\n".into())).is_err());
    }
}
