//! `-m string`: bytes anywhere in the packet (`net/netfilter/xt_string.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m string [!] --string TEXT | --hex-string TEXT --algo bm|kmp [--from N] [--to N] [--icase]`
#[derive(Debug, Clone)]
pub struct String {
    not: bool,
    pattern: Vec<u8>,
    algorithm: &'static str,
    /// From the IP header on, in bytes: where the pattern may begin.
    from: u16,
    /// Where it has to end. Older versions print the largest offset, too.
    to: Option<u16>,
    icase: bool,
}

/// `XT_STRING_MAX_PATTERN_SIZE`
const LONGEST: usize = 128;

impl<'t> Extension<'t> for String {
    const NAME: &'static str = "string";
    const OPTIONS: &'static [Opt] = &[
        opt("--string", 1),
        opt("--hex-string", 1),
        opt("--algo", 1),
        opt("--from", 1),
        opt("--to", 1),
        opt("--icase", 0),
    ];
    const LISTED: &'static [Listed] = &[
        opens("STRING match", "--string", 1),
        goes_on("ALGO name", "--algo", 1),
        goes_on("FROM", "--from", 1),
        goes_on("TO", "--to", 1),
        goes_on("ICASE", "--icase", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let (arg, pattern) = pattern(&args)?;
        if pattern.is_empty() || pattern.len() > LONGEST {
            return Err(arg.bad("a text of 1 to 128 bytes"));
        }
        let algo = args.get("--algo").ok_or_else(|| args.missing("--algo"))?;
        let algorithm = ["bm", "kmp"].into_iter().find(|name| *name == algo.text(0));
        let offset = |option| args.get(option).map(|arg| arg.value("an offset from 0 to 65535")).transpose();
        let (from, to) = (offset("--from")?.unwrap_or(0), offset("--to")?);
        if to.is_some_and(|to| from > to) {
            return Err(arg.bad("a text that `--from` and `--to` leave room for"));
        }
        Ok(Self {
            not: arg.not,
            algorithm: algorithm.ok_or_else(|| algo.bad("`bm` or `kmp`"))?,
            pattern,
            from,
            to,
            icase: args.has("--icase"),
        })
    }
}

/// The option that gives the pattern, and the pattern.
fn pattern<'a, 't>(args: &'a Args<'t>) -> Result<(&'a Arg<'t>, Vec<u8>), Diagnostic> {
    if let Some(arg) = args.get("--string") {
        return Ok((arg, arg.text(0).bytes().collect()));
    }
    let arg = args.get("--hex-string").ok_or_else(|| args.missing("--string"))?;
    let bytes = unhex(&arg.text(0)).ok_or_else(|| arg.bad("a text with bytes in hexadecimal between `|`"))?;
    Ok((arg, bytes))
}

/// `a|20 62|c`
fn unhex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (index, part) in text.split('|').enumerate() {
        if index % 2 == 0 {
            bytes.extend(part.bytes());
            continue;
        }
        let digits: Vec<u8> = part.bytes().filter(|byte| *byte != b' ').collect();
        bytes.extend(data_encoding::HEXLOWER_PERMISSIVE.decode(&digits).ok()?);
    }
    (text.split('|').count() % 2 == 1).then_some(bytes)
}

impl String {
    /// As it is saved: a text where every byte prints, all in hexadecimal otherwise.
    fn quoted(&self) -> (&'static str, std::string::String) {
        if !self.pattern.iter().all(|byte| (b' '..=b'~').contains(byte)) {
            return ("--hex-string", format!("|{}|", data_encoding::HEXLOWER.encode(&self.pattern)));
        }
        let text = self.pattern.iter().map(|byte| char::from(*byte));
        let escaped = text.flat_map(|c| ['\\'].into_iter().filter(move |_| c == '"' || c == '\\').chain([c]));
        ("--string", escaped.collect())
    }
}

impl Matches for String {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (_, text) = self.quoted();
        cx.ask(
            &format!("string:{}", cx.line),
            None,
            format!("the packet contains `{text}` (line {})", cx.line),
            format!("the packet does not contain `{text}` (line {})", cx.line),
        )
        .negated(self.not)
    }
}

impl fmt::Display for String {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (option, text) = self.quoted();
        write!(f, "{} {option} \"{text}\" --algo {}", not(self.not), self.algorithm)?;
        if self.from != 0 {
            write!(f, " --from {}", self.from)?;
        }
        if let Some(to) = self.to {
            write!(f, " --to {to}")?;
        }
        f.write_str(if self.icase { " --icase" } else { "" })
    }
}
