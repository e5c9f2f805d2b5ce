//! Lines into packets, packets into connections, with a bounded memory: what has not been heard of for long is told and
//! forgotten.

use std::collections::VecDeque;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::packet::tcp_flags;
use crate::save::Family;

use super::record::{Headers, Record, Tuple};

/// Packets that lines may still be about.
const PACKETS: usize = 1024;
/// Connections that packets may still belong to.
const CONNECTIONS: usize = 4096;

/// What the log tells of one connection.
#[derive(Debug, Clone)]
pub struct Connection {
    /// The lines about the first packet of it that the log shows.
    pub first: Vec<Record>,
    /// How many packets the log shows of its direction, that one included.
    pub packets: u64,
    /// How many answers it shows.
    pub replies: u64,
    /// How many lines there are about all of them.
    pub lines: u64,
    closed: bool,
    told: bool,
}

/// Puts lines together.
#[derive(Debug, Default)]
pub struct Grouper {
    by_key: FxHashMap<Key, u64>,
    packets: Queue<Open>,
    by_tuple: FxHashMap<Tuple, u64>,
    connections: Queue<Connection>,
}

/// What lines about one packet have in common, whatever nat does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    /// The number that a monitor gave it.
    Trace(u32),
    /// Protocol, length and identification; where that says nothing, the port or number that nat mostly keeps.
    Packet(Family, u8, u16, u32, u16),
}

/// A packet that lines may still be about.
#[derive(Debug)]
struct Open {
    keys: SmallVec<[Key; 2]>,
    records: Vec<Record>,
    /// As it was last.
    headers: Arc<Headers>,
}

impl Key {
    fn of(headers: &Headers) -> Self {
        let Headers { family, protocol, length, id, sport, echo, .. } = headers;
        let weak = *family == Family::V6 || id.unwrap_or(0) == 0;
        let port = if weak { sport.or(*echo).unwrap_or(0) } else { 0 };
        Self::Packet(*family, protocol.map_or(0, |it| it.0), length.unwrap_or(0), id.unwrap_or(0), port)
    }
}

impl Open {
    /// Can this be the same packet, further on its way?
    fn goes_on(&self, record: &Record, headers: &Headers) -> bool {
        let (last, now) = (self.headers.tuple(), headers.tuple());
        let again = self.records.first().is_some_and(|first| {
            first.told == record.told && first.headers.as_deref().is_some_and(|first| is_same(first, headers))
        });
        (last.src == now.src || last.dst == now.dst) && !again
    }
}

/// The same packet at the same place.
fn is_same(one: &Headers, other: &Headers) -> bool {
    one.tuple() == other.tuple() && one.input == other.input && one.output == other.output
}

impl Grouper {
    /// Takes a line, and tells the connections that must be forgotten for it.
    pub fn push(&mut self, mut record: Record, tell: &mut impl FnMut(Connection)) {
        let Some(packet) = self.packet_of(&record) else { return };
        let Some(open) = self.packets.get_mut(packet) else { return };
        match &record.headers {
            Some(headers) => open.headers = Arc::clone(headers),
            None => record.headers = Some(Arc::clone(&open.headers)),
        }
        if record.told.is_some() {
            open.records.push(record);
        }
        while self.packets.len() > PACKETS {
            self.close_packet();
        }
        while self.connections.len() > CONNECTIONS {
            self.close_connection(tell);
        }
    }

    /// Tells all that was not told yet, and goes on knowing it: later packets of it are no other connections.
    pub fn pause(&mut self, tell: &mut impl FnMut(Connection)) {
        while self.packets.len() > 0 {
            self.close_packet();
        }
        for connection in self.connections.items.iter_mut().filter(|connection| !connection.told) {
            connection.told = true;
            tell(connection.clone());
        }
    }

    /// Tells all that is left.
    pub fn finish(&mut self, tell: &mut impl FnMut(Connection)) {
        while self.packets.len() > 0 {
            self.close_packet();
        }
        while self.connections.len() > 0 {
            self.close_connection(tell);
        }
    }

    /// The packet that a line is about. `None` if the line shows no packet and its number was never heard of.
    fn packet_of(&mut self, record: &Record) -> Option<u64> {
        let trace = record.trace.map(Key::Trace);
        if let Some(known) = trace.and_then(|key| self.by_key.get(&key)) {
            return Some(*known);
        }
        let headers = record.headers.as_ref()?;
        let key = Key::of(headers);
        let known = self.by_key.get(&key).copied();
        let open = known.filter(|known| self.packets.get(*known).is_some_and(|open| open.goes_on(record, headers)));
        let packet = open.unwrap_or_else(|| {
            self.packets.push(Open { keys: SmallVec::new(), records: Vec::new(), headers: Arc::clone(headers) })
        });
        for key in trace.into_iter().chain([key]) {
            self.by_key.insert(key, packet);
            if let Some(open) = self.packets.get_mut(packet).filter(|open| !open.keys.contains(&key)) {
                open.keys.push(key);
            }
        }
        Some(packet)
    }

    /// No more lines are awaited about the oldest packet.
    fn close_packet(&mut self) {
        let Some((number, Open { keys, records, .. })) = self.packets.pop() else { return };
        for key in keys {
            if self.by_key.get(&key) == Some(&number) {
                self.by_key.remove(&key);
            }
        }
        let flags = records.iter().find_map(|record| record.headers.as_ref()?.flags).unwrap_or(0);
        let begins = flags & (tcp_flags::SYN | tcp_flags::ACK) == tcp_flags::SYN;
        let ends = flags & (tcp_flags::FIN | tcp_flags::RST) != 0;
        let tuples = tuples(&records);
        match self.connection_of(&tuples, begins) {
            Some((connection, answers)) => {
                connection.lines += records.len() as u64;
                *(if answers { &mut connection.replies } else { &mut connection.packets }) += 1;
                connection.closed |= ends;
            }
            None if records.is_empty() => {}
            None => {
                let lines = records.len() as u64;
                let connection =
                    Connection { first: records, packets: 1, replies: 0, lines, closed: ends, told: false };
                let number = self.connections.push(connection);
                self.by_tuple.extend(tuples.into_iter().map(|tuple| (tuple, number)));
            }
        }
    }

    /// The connection that a packet of these tuples belongs to, and whether it answers.
    fn connection_of(&mut self, tuples: &[Tuple], begins: bool) -> Option<(&mut Connection, bool)> {
        let known = |tuple: &Tuple| {
            let there = self.by_tuple.get(tuple).map(|number| (*number, false));
            there.or_else(|| self.by_tuple.get(&tuple.reversed()).map(|number| (*number, true)))
        };
        let (number, answers) = tuples.iter().find_map(known)?;
        let connection = self.connections.get_mut(number)?;
        // The same ports again, after the end.
        (!(begins && connection.closed)).then_some((connection, answers))
    }

    fn close_connection(&mut self, tell: &mut impl FnMut(Connection)) {
        let Some((number, connection)) = self.connections.pop() else { return };
        for tuple in tuples(&connection.first) {
            if self.by_tuple.get(&tuple) == Some(&number) {
                self.by_tuple.remove(&tuple);
            }
        }
        if !connection.told {
            tell(connection);
        }
    }
}

/// The addresses and ports that a packet had on its way.
fn tuples(records: &[Record]) -> SmallVec<[Tuple; 3]> {
    let mut tuples = SmallVec::new();
    for tuple in records.iter().filter_map(|record| Some(record.headers.as_ref()?.tuple())) {
        if !tuples.contains(&tuple) {
            tuples.push(tuple);
        }
    }
    tuples
}

/// What comes first goes first; each keeps its number.
#[derive(Debug)]
struct Queue<T> {
    items: VecDeque<T>,
    gone: u64,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self { items: VecDeque::new(), gone: 0 }
    }
}

impl<T> Queue<T> {
    fn len(&self) -> usize {
        self.items.len()
    }

    fn push(&mut self, item: T) -> u64 {
        self.items.push_back(item);
        self.gone + self.items.len() as u64 - 1
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut T> {
        self.items.get_mut(usize::try_from(number.checked_sub(self.gone)?).ok()?)
    }

    fn get(&self, number: u64) -> Option<&T> {
        self.items.get(usize::try_from(number.checked_sub(self.gone)?).ok()?)
    }

    fn pop(&mut self) -> Option<(u64, T)> {
        let item = self.items.pop_front()?;
        self.gone += 1;
        Some((self.gone - 1, item))
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    /// The lines of each connection's first packet, with packets and answers.
    fn grouped(log: &[String]) -> Vec<(Vec<u64>, u64, u64)> {
        let mut grouper = Grouper::default();
        let mut told = Vec::new();
        let mut tell = |connection: Connection| {
            let lines = connection.first.iter().map(|record| record.line).collect();
            told.push((lines, connection.packets, connection.replies));
        };
        for (line, text) in (1..).zip(log) {
            if let Some(record) = parse(line, text.as_bytes()) {
                grouper.push(record, &mut tell);
            }
        }
        grouper.finish(&mut tell);
        told
    }

    fn line(prefix: &str, from: &str, to: &str, id: u16, flags: &str) -> String {
        let end =
            |end: &str| end.rsplit_once(':').map(|(address, port)| (address.to_owned(), port.to_owned())).unwrap();
        let ((src, spt), (dst, dpt)) = (end(from), end(to));
        format!("{prefix}IN=e OUT= SRC={src} DST={dst} LEN=60 TTL=64 ID={id} PROTO=TCP SPT={spt} DPT={dpt} {flags}")
    }

    #[test]
    fn nat_does_not_part_a_packet() {
        let log = [
            line("a", "10.0.0.1:1000", "10.0.0.2:80", 7, "SYN"),
            line("a", "10.0.0.9:1000", "10.0.0.2:80", 8, "SYN"),
            line("b", "10.0.0.1:1000", "10.1.0.1:8080", 7, "SYN"),
            line("c", "10.1.0.1:8080", "10.0.0.1:1000", 9, "SYN ACK"),
            line("a", "10.0.0.1:1000", "10.0.0.2:80", 10, "ACK"),
            "none of ours".into(),
        ];
        assert_eq!(grouped(&log), [(vec![1, 3], 2, 1), (vec![2], 1, 0)]);
    }

    #[test]
    fn ports_that_are_used_again_are_another_connection() {
        let first = || line("a", "10.0.0.1:1000", "10.0.0.2:80", 7, "SYN");
        let again = line("a", "10.0.0.1:1000", "10.0.0.2:80", 70, "SYN");
        let end = line("a", "10.0.0.1:1000", "10.0.0.2:80", 8, "ACK FIN");
        assert_eq!(grouped(&[first(), again.clone()]), [(vec![1], 2, 0)]);
        assert_eq!(grouped(&[first(), end, again]), [(vec![1], 2, 0), (vec![3], 1, 0)]);
    }

    #[test]
    fn what_a_monitor_numbers_is_one_packet() {
        let packet = "trace id 7 ip nat PREROUTING packet: iif \"e\" ip saddr 10.0.0.1 ip daddr 10.0.0.2 ip id 5 tcp sport 1 tcp dport 2 tcp flags == syn";
        let log = ["trace id 9 ip nat PREROUTING policy accept", packet, "trace id 7 ip nat PREROUTING policy accept"];
        assert_eq!(grouped(&log.map(String::from)), [(vec![3], 1, 0)]);
    }
}
