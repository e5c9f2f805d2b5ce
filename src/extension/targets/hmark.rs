//! `-j HMARK`: the mark becomes a hash of addresses and ports (`net/netfilter/xt_HMARK.c`; mangle).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::logic::Field;
use crate::packet::{Conntrack, Context, Packet, Value};
use crate::save::Family;

/// `-j HMARK --hmark-tuple LIST --hmark-mod N --hmark-rnd N [--hmark-offset N]`
#[derive(Debug, Clone)]
pub struct Hmark {
    /// What is hashed, in the order in which iptables prints it.
    parts: Vec<(Part, u32)>,
    /// The addresses and ports of the connection are hashed, not those of the packet.
    conntrack: bool,
    seed: u32,
    /// How many marks there are.
    modulus: u32,
    /// The lowest mark.
    offset: Option<u32>,
}

/// A part of what is hashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Part {
    option: &'static str,
    /// The word of `--hmark-tuple` that means all of it.
    word: &'static str,
    print: Print,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Print {
    /// A prefix length.
    Length,
    /// In hexadecimal with at least so many digits.
    Hex(usize),
}

const fn part(option: &'static str, word: &'static str, print: Print) -> Part {
    Part { option, word, print }
}

/// In the order in which iptables prints them.
const PARTS: [Part; 9] = [
    part("--hmark-src-prefix", "src", Print::Length),
    part("--hmark-dst-prefix", "dst", Print::Length),
    part("--hmark-sport-mask", "sport", Print::Hex(4)),
    part("--hmark-dport-mask", "dport", Print::Hex(4)),
    part("--hmark-spi-mask", "spi", Print::Hex(8)),
    part("--hmark-sport", "", Print::Hex(4)),
    part("--hmark-dport", "", Print::Hex(4)),
    part("--hmark-spi", "", Print::Hex(8)),
    part("--hmark-proto-mask", "proto", Print::Hex(2)),
];

impl<'t> Extension<'t> for Hmark {
    const NAME: &'static str = "HMARK";
    const OPTIONS: &'static [Opt] = &[
        opt("--hmark-tuple", 1),
        opt("--hmark-src-prefix", 1),
        opt("--hmark-dst-prefix", 1),
        opt("--hmark-sport-mask", 1),
        opt("--hmark-dport-mask", 1),
        opt("--hmark-spi-mask", 1),
        opt("--hmark-sport", 1),
        opt("--hmark-dport", 1),
        opt("--hmark-spi", 1),
        opt("--hmark-proto-mask", 1),
        opt("--hmark-rnd", 1),
        opt("--hmark-mod", 1),
        opt("--hmark-offset", 1),
    ];
    const LISTED: &'static [Listed] = &[
        goes_on("HMARK mod", "--hmark-mod", 1),
        goes_on("+", "--hmark-offset", 1),
        goes_on("ct,", "--hmark-tuple ct", 0),
        goes_on("src-prefix", "--hmark-src-prefix", 1),
        goes_on("dst-prefix", "--hmark-dst-prefix", 1),
        goes_on("sport-mask", "--hmark-sport-mask", 1),
        goes_on("dport-mask", "--hmark-dport-mask", 1),
        goes_on("spi-mask", "--hmark-spi-mask", 1),
        goes_on("sport", "--hmark-sport", 1),
        goes_on("dport", "--hmark-dport", 1),
        goes_on("spi", "--hmark-spi", 1),
        goes_on("proto-mask", "--hmark-proto-mask", 1),
        goes_on("rnd", "--hmark-rnd", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let number = |option, what| args.get(option).map(|arg| arg.number::<u32>(what)).transpose();
        let modulus = args.get("--hmark-mod").ok_or_else(|| args.missing("--hmark-mod"))?;
        let seed = number("--hmark-rnd", "a number of 32 bits")?.ok_or_else(|| args.missing("--hmark-rnd"))?;
        let words = words(&args)?;
        let mut parts = Vec::new();
        for part in PARTS {
            parts.extend(part.read(&args, &words)?.map(|value| (part, value)));
        }
        let conntrack = words.contains(&"ct");
        if parts.is_empty() && !conntrack {
            return Err(args.missing("--hmark-tuple"));
        }
        let has = |word| parts.iter().any(|(part, _)| part.option.contains(word));
        if has("-spi") && has("port") {
            return Err(args.missing("--hmark-tuple"));
        }
        Ok(Self {
            parts,
            conntrack,
            seed,
            modulus: modulus.number_in(1..=u32::MAX, "a number from 1 up")?,
            offset: number("--hmark-offset", "a number of 32 bits")?,
        })
    }
}

/// The words of `--hmark-tuple`.
fn words(args: &Args<'_>) -> Result<Vec<&'static str>, Diagnostic> {
    let Some(arg) = args.one_of(&["--hmark-tuple"])? else { return Ok(Vec::new()) };
    let known = PARTS.iter().map(|part| part.word).filter(|word| !word.is_empty()).chain(["ct"]);
    arg.list("a list of src, dst, sport, dport, spi, proto and ct", |text| known.clone().find(|word| *word == text))
}

impl Part {
    fn read(self, args: &Args<'_>, words: &[&str]) -> Result<Option<u32>, Diagnostic> {
        let longest = if args.family == Family::V4 { 32 } else { 128 };
        let all = match (self.print, self.word) {
            (Print::Length, _) => longest,
            (Print::Hex(8), _) => u32::MAX,
            _ => 0xffff,
        };
        match args.one_of(&[self.option])? {
            Some(arg) if words.contains(&self.word) => Err(arg.bad("nothing, as `--hmark-tuple` names it already")),
            Some(arg) => self.value(arg, all).map(Some),
            None => Ok(words.contains(&self.word).then_some(all)),
        }
    }

    /// A length that is too long is taken for the longest.
    fn value(self, arg: &Arg<'_>, most: u32) -> Result<u32, Diagnostic> {
        let number: u32 = arg.number("a number that fits")?;
        match self.print {
            Print::Length => Ok(number.min(most)),
            Print::Hex(_) if number <= most => Ok(number),
            Print::Hex(_) => Err(arg.bad("a number that fits")),
        }
    }
}

impl Acts for Hmark {
    /// The mark lies from the offset up to what the modulus allows, but the hash is not reckoned here, unless there is
    /// just one mark. Without a connection to hash there is no mark.
    fn act(&self, cx: &Context<'_>) -> Effect {
        let seen = matches!(cx.packet.conntrack, Conntrack::Entry { .. } | Conntrack::Template(_));
        if self.conntrack && !seen {
            return Effect::Continue;
        }
        let mark = match self.modulus {
            1 => Value::Known(self.offset.unwrap_or(0)),
            _ => Value::left(Field::Mark, cx.line),
        };
        Effect::Change(Box::new(Packet { mark, ..cx.packet.clone() }))
    }
}

impl fmt::Display for Hmark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (part, value) in &self.parts {
            match part.print {
                Print::Length => write!(f, " {} {value}", part.option)?,
                Print::Hex(digits) => write!(f, " {} 0x{value:0digits$x}", part.option)?,
            }
        }
        write!(f, " --hmark-rnd 0x{:08x} --hmark-mod {}", self.seed, self.modulus)?;
        self.offset.iter().try_for_each(|offset| write!(f, " --hmark-offset {offset}"))?;
        f.write_str(if self.conntrack { " --hmark-tuple ct" } else { "" })
    }
}
