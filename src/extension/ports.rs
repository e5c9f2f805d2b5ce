//! Port tests, shared by the protocols that have ports where TCP has them.

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Values};
use crate::packet::{Context, Value};

use super::args::{Arg, Args, Opt, not, opt};
use super::asks::{Asked, Asks};
use super::listed::{Listed, goes_on};

/// `--sport` as an option.
pub(super) const SPORT: Opt = opt("--sport", 1).or(&["--source-port", "--sports"]);
/// `--dport` as an option.
pub(super) const DPORT: Opt = opt("--dport", 1).or(&["--destination-port", "--dports"]);

/// A single destination port as listings print it.
pub(super) const DPT: Listed = goes_on("dpt:", "--dport", 1);
/// A range of destination ports.
pub(super) const DPTS: Listed = goes_on("dpts:", "--dport", 1);
/// A single source port.
pub(super) const SPT: Listed = goes_on("spt:", "--sport", 1);
/// A range of source ports.
pub(super) const SPTS: Listed = goes_on("spts:", "--sport", 1);

/// Service names that hand-written rules use; iptables prints numbers.
const SERVICES: [(&str, u16); 22] = [
    ("bootpc", 68),
    ("bootps", 67),
    ("domain", 53),
    ("ftp", 21),
    ("ftp-data", 20),
    ("http", 80),
    ("https", 443),
    ("imap", 143),
    ("imap2", 143),
    ("imaps", 993),
    ("ldap", 389),
    ("mysql", 3306),
    ("netbios-ssn", 139),
    ("ntp", 123),
    ("pop3", 110),
    ("pop3s", 995),
    ("smtp", 25),
    ("snmp", 161),
    ("ssh", 22),
    ("submission", 587),
    ("sunrpc", 111),
    ("telnet", 23),
];

/// A port by number or service name.
pub(super) fn port(text: &str) -> Option<u16> {
    let named = || SERVICES.iter().find(|(name, _)| *name == text).map(|(_, port)| *port);
    text.parse().ok().or_else(named)
}

/// Ports as `80`, `1:1023`, `:1023`, `1024:`. Nothing is from 90 to 80.
pub(super) fn ports(text: &str) -> Option<RangeInclusive<u16>> {
    let (first, last) = text.split_once(':').unwrap_or((text, text));
    let side = |side: &str, open| if side.is_empty() { Some(open) } else { port(side) };
    Some(side(first, 0)?..=side(last, u16::MAX)?)
}

/// Writes ports as they are saved.
pub(super) fn write(f: &mut fmt::Formatter<'_>, range: &RangeInclusive<u16>) -> fmt::Result {
    match (range.start(), range.end()) {
        (first, last) if first == last => write!(f, "{first}"),
        (first, last) => write!(f, "{first}:{last}"),
    }
}

/// The ports as a set.
pub(super) fn values(range: &RangeInclusive<u16>) -> Values {
    Values::range(*range.start(), *range.end())
}

/// A test of one port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PortTest {
    not: bool,
    range: RangeInclusive<u16>,
}

/// The tests of source and destination port.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Ports {
    sport: Option<PortTest>,
    dport: Option<PortTest>,
}

impl Ports {
    /// Reads `arg`, if it is about a port.
    pub(super) fn read(&mut self, arg: &Arg<'_>) -> Result<bool, Diagnostic> {
        let test = match arg.option {
            "--sport" => &mut self.sport,
            "--dport" => &mut self.dport,
            _ => return Ok(false),
        };
        let range = ports(&arg.text(0)).ok_or_else(|| arg.bad("a port or first:last"))?;
        *test = Some(PortTest { not: arg.not, range });
        Ok(true)
    }

    /// Reads them where each may be there only once.
    pub(super) fn once(args: &Args<'_>) -> Result<Self, Diagnostic> {
        let mut ports = Self::default();
        for option in ["--sport", "--dport"] {
            args.one_of(&[option])?.map_or(Ok(false), |arg| ports.read(arg))?;
        }
        Ok(ports)
    }

    /// Reads them where each may be there only once, and the first of a range not be above its last.
    pub(super) fn ordered(args: &Args<'_>) -> Result<Self, Diagnostic> {
        let turned = |arg: &&Arg<'_>| ports(&arg.text(0)).is_some_and(|range| range.is_empty());
        match args.list.iter().filter(|arg| arg.option.ends_with("port")).find(turned) {
            Some(arg) => Err(arg.bad("a port or first:last, the lower one first")),
            None => Self::once(args),
        }
    }

    /// The destination port, if just one is asked for.
    pub(super) fn dport(&self) -> Option<u16> {
        let test = self.dport.as_ref().filter(|test| !test.not && test.range.start() == test.range.end())?;
        Some(*test.range.start())
    }

    /// Do both ports fit?
    pub(super) fn matches(&self, cx: &Context<'_>) -> Outcome {
        let fits = |test: &Option<PortTest>, port: &Value<u16>| match test {
            Some(PortTest { not, range }) => cx.is_within(port, range).negated(*not),
            None => Outcome::Always,
        };
        fits(&self.sport, &cx.packet.sport).and(fits(&self.dport, &cx.packet.dport))
    }

    /// `asks`, and the tests of the ports besides.
    pub(super) fn ask(&self, asks: Asks) -> Asks {
        let values = |test: &PortTest| values(&test.range);
        let sport = self.sport.iter().map(|test| (test.not, Asked::Sport(values(test))));
        let dport = self.dport.iter().map(|test| (test.not, Asked::Dport(values(test))));
        sport.chain(dport).fold(asks, |asks, (not, test)| asks.and(not, test))
    }

    /// As sctp and dccp save them, the full range too.
    pub(super) fn write_every(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, test) in [("--sport", &self.sport), ("--dport", &self.dport)] {
            if let Some(test) = test {
                write!(f, "{} {option} ", not(test.not))?;
                write(f, &test.range)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Ports {
    /// As tcp and udp save them: the full range is not, not even inverted (legacy iptables up to 1.8.10).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |test: &Option<PortTest>| test.clone().filter(|test| test.range != (0..=u16::MAX));
        Self { sport: part(&self.sport), dport: part(&self.dport) }.write_every(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_read() {
        assert_eq!(ports("80"), Some(80..=80));
        assert_eq!(ports(":1023"), Some(0..=1023));
        assert_eq!(ports("1024:"), Some(1024..=65535));
        assert_eq!(ports("smtp"), Some(25..=25));
        assert_eq!(ports("65536"), None);
        assert_eq!(ports("a:b"), None);
    }
}
