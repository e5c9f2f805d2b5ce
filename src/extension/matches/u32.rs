//! `-m u32`: numbers taken out of the packet by arithmetic on its bytes (`net/netfilter/xt_u32.c`).

use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::space0;
use nom::combinator::{all_consuming, map, map_opt, opt as maybe};
use nom::multi::{many0, separated_list1};
use nom::sequence::{delimited, pair, preceded, separated_pair};
use nom::{IResult, Parser};

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m u32 [!] --u32 "LOCATION=VALUES[&&...]"`
#[derive(Debug, Clone)]
pub struct U32 {
    not: bool,
    tests: Vec<Test>,
}

/// The number at a place in the packet is one of some.
#[derive(Debug, Clone)]
struct Test {
    /// From the IP header on, in bytes.
    start: u32,
    steps: Vec<(&'static str, u32)>,
    values: Vec<(u32, u32)>,
}

/// `XT_U32_MAXSIZE`: how many tests, steps and ranges there may be.
const MOST: usize = 10;

impl<'t> Extension<'t> for U32 {
    const NAME: &'static str = "u32";
    const OPTIONS: &'static [Opt] = &[opt("--u32", 1)];
    const LISTED: &'static [Listed] = &[opens("u32", "--u32", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--u32").ok_or_else(|| args.missing("--u32"))?;
        let text = arg.text(0);
        let tests = match all_consuming(tests).parse(&text) {
            Ok((_, tests)) if tests.iter().all(Test::is_short) && tests.len() <= MOST + 1 => tests,
            _ => return Err(arg.bad("tests such as `6&0xFF=1`, at most eleven of them")),
        };
        Ok(Self { not: arg.not, tests })
    }
}

fn tests(text: &str) -> IResult<&str, Vec<Test>> {
    separated_list1(delimited(space0, tag("&&"), space0), test).parse(text)
}

fn test(text: &str) -> IResult<&str, Test> {
    let operator =
        alt((map(tag("<<"), |_| "<<"), map(tag(">>"), |_| ">>"), map(tag("&"), |_| "&"), map(tag("@"), |_| "@")));
    let location = pair(number, many0(pair(delimited(space0, operator, space0), number)));
    let range = map(pair(number, maybe(preceded(tag(":"), number))), |(first, last)| (first, last.unwrap_or(first)));
    let values = separated_list1(delimited(space0, tag(","), space0), range);
    let whole = separated_pair(location, delimited(space0, tag("="), space0), values);
    map(whole, |((start, steps), values)| Test { start, steps, values }).parse(text)
}

/// A number as C reads it.
fn number(text: &str) -> IResult<&str, u32> {
    let digits = take_while1(|c: char| c.is_ascii_alphanumeric());
    map_opt(digits, |digits: &str| match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None if digits.len() > 1 && digits.starts_with('0') => u32::from_str_radix(digits, 8).ok(),
        None => digits.parse().ok(),
    })
    .parse(text)
}

impl Test {
    const fn is_short(&self) -> bool {
        self.steps.len() <= MOST && self.values.len() <= MOST
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.start)?;
        self.steps.iter().try_for_each(|(operator, by)| write!(f, "{operator}{by:#x}"))?;
        for (index, (first, last)) in self.values.iter().enumerate() {
            f.write_str(if index == 0 { "=" } else { "," })?;
            write!(f, "{first:#x}")?;
            if first != last {
                write!(f, ":{last:#x}")?;
            }
        }
        Ok(())
    }
}

impl U32 {
    fn text(&self) -> String {
        self.tests.iter().map(ToString::to_string).collect::<Vec<_>>().join("&&")
    }
}

impl Matches for U32 {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let text = self.text();
        cx.ask(
            &format!("u32:{text}"),
            None,
            format!("the packet's bytes fit `{text}`"),
            format!("the packet's bytes do not fit `{text}`"),
        )
        .negated(self.not)
    }
}

impl fmt::Display for U32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --u32 \"{}\"", not(self.not), self.text())
    }
}
