//! Reads what `ipset save` prints: `create NAME TYPE options`, then `add NAME ENTRY options`.
//!
//! A set with a line that cannot be read is no longer known: rules that ask for it are answered as if it were not there.

use crate::diagnostic::{Code, Diagnostic};
use crate::number::number;
use crate::save::Family;
use crate::source::{Source, Span};

use super::element::mask;
use super::entry::{Entry, address, width};
use super::kind::Kind;
use super::line::{Word, Words};
use super::set::{Held, Set};
use super::sets::Sets;

/// How many problems are told one by one.
const REPORTED: usize = 20;
/// How many elements a range may stand for.
const EXPANDED: usize = 1 << 20;
/// What becomes of a set that has a bad line.
const COST: &str = "rules that ask for this set are answered as if it were not given";

impl Sets {
    /// Adds the sets of a save to those that are known. Tells the lines that cannot be used.
    pub fn read(&mut self, source: &Source) -> Vec<Diagnostic> {
        let mut problems = Vec::new();
        let mut more = 0;
        let mut start = 0;
        for line in source.text().split_inclusive('\n') {
            if let Err(problem) = self.line(line.trim_ascii_end(), start) {
                if problems.len() < REPORTED {
                    problems.push(problem);
                } else {
                    more += 1;
                }
            }
            start += line.len();
        }
        if more > 0 {
            problems.push(Diagnostic::new(Code::BadSetLine, format!("{more} more lines cannot be used")));
        }
        problems
    }

    fn line(&mut self, line: &str, start: usize) -> Result<(), Diagnostic> {
        let mut words = Words::new(line, start);
        let Some(command) = words.next()? else { return Ok(()) };
        match command.text {
            "add" => {
                let name = words.value(command, "the name of a set")?;
                let added = self.add(name, words);
                added.inspect_err(|_| self.put(name.text, None))
            }
            "create" => {
                let name = words.value(command, "the name of a set")?;
                let again = self.named(name.text).is_some();
                let set = if again { Err(repeated(name)) } else { create(name, words) };
                let (set, read) = set.map_or_else(|problem| (None, Err(problem)), |set| (Some(set), Ok(())));
                self.put(name.text, set);
                read
            }
            "COMMIT" => Ok(()),
            text if text.starts_with('#') => Ok(()),
            _ => Err(Diagnostic::new(Code::BadSetLine, "this line is not one that `ipset save` prints")
                .at(Span::new(start, line.len()), "left out")
                .help("its lines are `create NAME TYPE ...` and `add NAME ENTRY ...`")),
        }
    }

    /// `NAME ENTRY options`
    fn add(&mut self, name: Word<'_>, mut words: Words<'_>) -> Result<(), Diagnostic> {
        let entry = words.value(name, "an entry")?;
        let set = match self.named(name.text) {
            Some(Some(set)) => set,
            Some(None) => return Ok(()),
            None => {
                return Err(Diagnostic::new(Code::BadSetLine, format!("`{}` is not created", name.text))
                    .at(name.span, "no line before this one creates it")
                    .help("give the whole output of `ipset save`"));
            }
        };
        let (held, wildcard) = extras(&mut words)?;
        if set.kind.is_list() {
            set.add_set(entry.text, held);
            return Ok(());
        }
        let bad = |what: &str| {
            Diagnostic::new(Code::BadEntry, format!("`{}` is not an entry of a `{}`", entry.text, set.kind.name))
                .at(entry.span, format!("expected {what}"))
                .help(COST)
        };
        let read = Entry::read(entry.text, set.kind, set.family()).map_err(bad)?;
        if read.len() > 1 && read.len() > set.room.min(EXPANDED) {
            return Err(bad("no more elements than the set takes"));
        }
        set.add(&read, wildcard, &held);
        Ok(())
    }
}

fn repeated(name: Word<'_>) -> Diagnostic {
    Diagnostic::new(Code::RepeatedSet, format!("`{}` is created a second time", name.text))
        .at(name.span, "which of the two the rules ask for is not known")
        .help("give each set once")
}

/// `NAME TYPE options`
fn create(name: Word<'_>, mut words: Words<'_>) -> Result<Set, Diagnostic> {
    let kind = words.value(name, "the type of the set")?;
    let known = Kind::named(kind.text).ok_or_else(|| {
        Diagnostic::new(Code::UnknownSetType, format!("`{}` is not a type of set that kpt knows", kind.text))
            .at(kind.span, "what it holds is not known")
            .help(COST)
    })?;
    let mut set = Set::new(known, Family::V4);
    let mut netmask = None;
    while let Some(option) = words.next()? {
        match option.text {
            "family" => {
                let family = words.value(option, "inet or inet6")?;
                set = match family.text {
                    "inet" => Set::new(known, Family::V4),
                    "inet6" => Set::new(known, Family::V6),
                    _ => return Err(bad_value(option, family, "inet or inet6")),
                };
            }
            "netmask" | "bitmask" => netmask = Some((option, words.value(option, "a mask")?)),
            "markmask" => {
                let value = words.value(option, "a mask")?;
                set.kept_mark = number(value.text).ok_or_else(|| bad_value(option, value, "a mask"))?;
            }
            "maxelem" => {
                let value = words.value(option, "a number")?;
                set.room = value.text.parse().map_err(|_| bad_value(option, value, "a number"))?;
            }
            "range" => {
                let value = words.value(option, "a range")?;
                set.range = Some(range(value.text).ok_or_else(|| bad_value(option, value, "a range"))?);
            }
            "counters" => set.counts = true,
            "skbinfo" => set.keeps_marks = true,
            "comment" | "forceadd" | "-exist" | "-!" => {}
            "hashsize" | "bucketsize" | "initval" | "timeout" | "size" | "probes" | "resize" => {
                words.value(option, "a number")?;
            }
            _ => return Err(unknown_option(option, "create")),
        }
    }
    if let Some((option, value)) = netmask {
        let of_length = value.text.parse().ok().map(|length| mask(length, width(set.family())));
        let kept = of_length.or_else(|| address(value.text, set.family()));
        set.kept = kept.ok_or_else(|| bad_value(option, value, "a mask of the set's family"))?;
    }
    Ok(set)
}

/// `0-1000`, `10.0.0.0-10.0.0.255` or `10.0.0.0/24`
fn range(text: &str) -> Option<(u128, u128)> {
    if let Some((net, length)) = text.split_once('/') {
        let (first, open) = (address(net, Family::V4)?, !mask(length.parse().ok()?, 32) & mask(32, 32));
        return Some((first & !open, first | open));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let end = |text: &str| text.parse::<u16>().ok().map(u128::from).or_else(|| address(text, Family::V4));
    Some((end(first)?, end(last)?))
}

/// The options of an entry; the flag is `wildcard`. One whose time runs down is there at the moment of the save.
fn extras(words: &mut Words<'_>) -> Result<(Held, bool), Diagnostic> {
    let (mut held, mut wildcard) = (Held::PLAIN, false);
    while let Some(option) = words.next()? {
        let mut number_of = || {
            let value = words.value(option, "a number")?;
            value.text.parse::<u64>().map_err(|_| bad_value(option, value, "a number"))
        };
        match option.text {
            "packets" => held.packets = number_of()?,
            "bytes" => held.bytes = number_of()?,
            "timeout" => {
                number_of()?;
            }
            "nomatch" => held.nomatch = true,
            "wildcard" => wildcard = true,
            "skbmark" => {
                let value = words.value(option, "a mark")?;
                held.mark = value.text.parse().map_err(|()| bad_value(option, value, "a mark, value or value/mask"))?;
            }
            "comment" | "skbprio" | "skbqueue" | "before" | "after" => {
                words.value(option, "a value")?;
            }
            "-exist" | "-!" => {}
            _ => return Err(unknown_option(option, "add")),
        }
    }
    Ok((held, wildcard))
}

fn bad_value(option: Word<'_>, value: Word<'_>, what: &str) -> Diagnostic {
    Diagnostic::new(Code::BadSetLine, format!("`{}` is not a value of `{}`", value.text, option.text))
        .at(value.span, format!("expected {what}"))
        .help(COST)
}

fn unknown_option(option: Word<'_>, command: &str) -> Diagnostic {
    Diagnostic::new(Code::BadSetLine, format!("`{}` is not an option of `{command}`", option.text))
        .at(option.span, "not one that kpt knows")
        .help(COST)
}

#[cfg(test)]
mod tests {
    use super::super::element::Element;
    use super::*;

    fn read(text: &str) -> (Sets, Vec<Diagnostic>) {
        let mut sets = Sets::default();
        let problems = sets.read(&Source::new("sets", text.as_bytes().to_vec()));
        (sets, problems)
    }

    /// Is an address with a UDP port in the first set?
    fn holds(set: &Set, address: &str, port: u16) -> bool {
        let mut asked = Element::default();
        asked.address(address.parse().unwrap());
        asked.port(17, port);
        set.covering(&asked).first().is_some_and(|held| !held.nomatch)
    }

    #[test]
    fn a_save() {
        let (sets, problems) = read(
            "create s hash:net,port family inet hashsize 1024 maxelem 65536 timeout 600 counters comment bucketsize 12 initval \
             0x4821c8cc\nadd s 10.0.0.0/8,udp:53 timeout 3 packets 5 bytes 300 comment \"a nomatch\"\n\
             add s 10.1.0.0/16,udp:53 nomatch timeout 0 packets 0 bytes 0\n",
        );
        assert_eq!(problems, []);
        let set = sets.get("s").unwrap();
        assert!(set.counts && set.has_exceptions());
        assert!(holds(set, "10.2.0.1", 53) && !holds(set, "10.1.0.1", 53) && !holds(set, "10.2.0.1", 54));
    }

    #[test]
    fn ranges_are_taken_apart() {
        let (sets, problems) = read(
            "create s hash:ip,port\nadd s 10.0.0.1-10.0.0.9,udp:80-82\ncreate t hash:ip,port family inet6\nadd t fd00::/126,udp:7",
        );
        assert_eq!(problems, []);
        let set = sets.get("s").unwrap();
        for last in 0..12u8 {
            for port in 79..84 {
                let inside = (1..=9).contains(&last) && (80..=82).contains(&port);
                assert_eq!(holds(set, &format!("10.0.0.{last}"), port), inside, "10.0.0.{last}:{port}");
            }
        }
        let set = sets.get("t").unwrap();
        assert!(holds(set, "fd00::3", 7) && !holds(set, "fd00::4", 7));
    }

    #[test]
    fn a_bad_line_costs_its_set() {
        for (text, code) in [
            ("create s hash:ip\nadd s 10.0.0.256", Code::BadEntry),
            ("create s hash:ip\nadd s fd00::1", Code::BadEntry),
            ("create s hash:ip\nadd s 10.0.0.1,80", Code::BadEntry),
            ("create s hash:ip,port\nadd s 10.0.0.1", Code::BadEntry),
            ("create s hash:ip\nadd s 10.0.0.1 colour red", Code::BadSetLine),
            ("create s hash:ip\nadd s", Code::BadSetLine),
            ("create s hash:ip\nadd s 10.0.0.1 comment \"cut", Code::OpenQuote),
            ("create s hash:ip maxelem many", Code::BadSetLine),
            ("create s hash:colour\nadd s red", Code::UnknownSetType),
            ("create s hash:ip\ncreate s hash:net", Code::RepeatedSet),
            ("create s hash:ip,port\nadd s 10.0.0.1,0-65535\nadd s 10.0.0.1-10.0.0.7,tcp:0-65535", Code::BadEntry),
            ("add s 10.0.0.1", Code::BadSetLine),
        ] {
            let (sets, problems) = read(text);
            assert_eq!(problems.iter().map(Diagnostic::code).collect::<Vec<_>>(), [code], "{text}");
            assert!(sets.get("s").is_none(), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn the_values_of_a_set_are_what_it_holds(nets in proptest::collection::vec((0u8..32, 27u8..=32, proptest::bool::ANY), 0..6)) {
            let lines = nets.iter().map(|(last, length, nomatch)| {
                format!("add s 10.0.0.{last}/{length}{}\n", if *nomatch { " nomatch" } else { "" })
            });
            let (sets, _) = read(&format!("create s hash:net\n{}", lines.collect::<String>()));
            let set = sets.get("s").unwrap();
            for last in 0..40u8 {
                let mut asked = Element::default();
                asked.address([10, 0, 0, last].into());
                let first = set.covering(&asked).first().map(|held| held.nomatch);
                let within = |excepted| set.values(excepted).unwrap().contains(0x0a00_0000 + u128::from(last));
                proptest::prop_assert_eq!((within(false), within(true)), (first == Some(false), first == Some(true)));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in "(create|add|s|hash:ip|hash:net,iface|10\\.0\\.0\\.1|/|,|-|:|\"|[a-z0-9]|\n| )*") {
            let _ = read(&text);
        }
    }
}
