//! Which port of a range the nat targets take (`nf_nat_l4proto_unique_tuple` in `net/netfilter/nf_nat_core.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::logic::Field;
use crate::packet::Value;

use super::ports;

/// `p[-q][/base]`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PortChoice {
    range: RangeInclusive<u16>,
    base: Option<u16>,
}

impl PortChoice {
    /// Reads `p`, `p-q` or `p-q/base`. A name may stand for a port, but not in a range.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(port) = ports::port(text) {
            return Some(Self { range: port..=port, base: None });
        }
        let (range, base) = match text.split_once('/') {
            Some((range, base)) => (range, Some(ports::port(base)?)),
            None => (text, None),
        };
        let (first, last) = range.split_once('-')?;
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (first <= last).then_some(Self { range: first..=last, base })
    }

    /// The port, if there is just one.
    pub(super) fn only(&self) -> Option<u16> {
        (self.range.start() == self.range.end()).then_some(*self.range.start())
    }

    /// Is it counted off from a base?
    pub(super) const fn is_shifted(&self) -> bool {
        self.base.is_some()
    }

    /// Where a base means nothing, iptables keeps it as 0.
    pub(super) fn without_base(self) -> Self {
        Self { base: self.base.map(|_| 0), ..self }
    }

    /// Does a port lie in the range?
    pub(super) fn holds(&self, port: u16) -> bool {
        self.range.contains(&port)
    }

    /// DNAT: a port that lies in the range is kept, any other becomes the lowest, for that is free; with `--random` it
    /// is drawn.
    pub(super) fn destination(&self, now: &Value<u16>, draw: bool, line: u32) -> Value<u16> {
        let range = &self.range;
        match (now, self.base) {
            _ if range.start() == range.end() => Value::Known(*range.start()),
            (Value::Known(port), Some(base)) => Value::Known(self.shifted(*port, base)),
            (Value::Known(port), None) if !draw => {
                Value::Known(if range.contains(port) { *port } else { *range.start() })
            }
            _ => Value::left(Field::Dport, line),
        }
    }

    /// SNAT: a port that lies in the range is kept, unless `draw`; any other is drawn.
    pub(super) fn source(&self, now: &Value<u16>, draw: bool, line: u32) -> Value<u16> {
        let range = &self.range;
        match (now, self.base) {
            _ if range.start() == range.end() => Value::Known(*range.start()),
            (Value::Known(port), Some(base)) => Value::Known(self.shifted(*port, base)),
            (Value::Known(port), None) if range.contains(port) && !draw => Value::Known(*port),
            _ => Value::left(Field::Sport, line),
        }
    }

    /// The port is counted off from the base, and begins anew at the end of the range.
    fn shifted(&self, port: u16, base: u16) -> u16 {
        let (first, last) = (*self.range.start(), *self.range.end());
        let size = u32::from(last - first) + 1;
        let shifted = u32::from(first) + u32::from(port.wrapping_sub(base)) % size;
        u16::try_from(shifted).unwrap_or(last)
    }
}

impl fmt::Display for PortChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.range.start())?;
        // A base is only read behind a range.
        if self.range.start() != self.range.end() || self.base.is_some() {
            write!(f, "-{}", self.range.end())?;
        }
        self.base.map_or(Ok(()), |base| write!(f, "/{base}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_destination_port_is_kept_shifted_or_the_lowest() {
        let choose = |text: &str, port: u16, draw| {
            PortChoice::parse(text).unwrap().destination(&Value::Known(port), draw, 1).known().copied()
        };
        assert_eq!(choose("80", 8080, false), Some(80));
        assert_eq!(choose("80", 8080, true), Some(80));
        assert_eq!(choose("80-90", 85, false), Some(85));
        assert_eq!(choose("80-90", 1, false), Some(80));
        assert_eq!(choose("80-90", 85, true), None);
        assert_eq!(choose("8000-8009/80", 83, false), Some(8003));
        assert_eq!(choose("8000-8009/80", 93, true), Some(8003));
        assert_eq!(choose("7000-7009/80", 79, false), Some(7005));
    }

    #[test]
    fn a_source_port_is_kept_or_drawn() {
        let choose = |text: &str, port: u16, draw| {
            PortChoice::parse(text).unwrap().source(&Value::Known(port), draw, 1).known().copied()
        };
        assert_eq!(choose("7000", 1, true), Some(7000));
        assert_eq!(choose("7000-7100", 7050, false), Some(7050));
        assert_eq!(choose("7000-7100", 7050, true), None);
        assert_eq!(choose("7000-7100", 1, false), None);
        assert_eq!(choose("7000-7009/0", 83, false), Some(7003));
    }
}
