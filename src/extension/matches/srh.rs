//! `-m srh`: the segment routing header of IPv6 (`net/ipv6/netfilter/ip6t_srh.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::headers::Header;
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::{Context, Net};
use crate::save::Family;

/// The type of a routing header that holds segments (`IPV6_SRCRT_TYPE_4`).
const SEGMENTS: u8 = 4;

/// `-m srh`
#[derive(Debug, Clone)]
pub struct Srh {
    /// In the order in which iptables prints them.
    tests: Vec<Test>,
}

#[derive(Debug, Clone)]
struct Test {
    not: bool,
    option: &'static str,
    value: Value,
}

#[derive(Debug, Clone, Copy)]
enum Value {
    Number(u16),
    /// The segment before, after or at the end.
    Segment(Net),
}

impl<'t> Extension<'t> for Srh {
    const NAME: &'static str = "srh";
    const OPTIONS: &'static [Opt] = &[
        opt("--srh-next-hdr", 1),
        opt("--srh-hdr-len-eq", 1),
        opt("--srh-hdr-len-gt", 1),
        opt("--srh-hdr-len-lt", 1),
        opt("--srh-segs-left-eq", 1),
        opt("--srh-segs-left-gt", 1),
        opt("--srh-segs-left-lt", 1),
        opt("--srh-last-entry-eq", 1),
        opt("--srh-last-entry-gt", 1),
        opt("--srh-last-entry-lt", 1),
        opt("--srh-tag", 1),
        opt("--srh-psid", 1),
        opt("--srh-nsid", 1),
        opt("--srh-lsid", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let given = Self::OPTIONS.iter().filter_map(|option| args.get(option.name));
        Ok(Self { tests: given.map(Test::read).collect::<Result<_, _>>()? })
    }
}

impl Test {
    fn read(arg: &Arg<'_>) -> Result<Self, Diagnostic> {
        let value = match arg.option {
            "--srh-psid" | "--srh-nsid" | "--srh-lsid" => Value::Segment(arg.net(Family::V6)?),
            "--srh-tag" => Value::Number(arg.number("a number from 0 to 65535")?),
            _ => Value::Number(arg.number_in(0..=255, "a number from 0 to 255")?),
        };
        Ok(Self { not: arg.not, option: arg.option, value })
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Number(number) => write!(f, "{} {number}", self.option),
            Value::Segment(net) => write!(f, "{} {net}", self.option),
        }
    }
}

impl Matches for Srh {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let holds = |test: &Test| {
            cx.ask(
                &test.to_string().replacen("--", "", 1).replace(' ', ":"),
                None,
                format!("its segment routing header fits `{test}`"),
                format!("its segment routing header does not fit `{test}`"),
            )
            .negated(test.not)
        };
        let there = Header::Routing.is_there(cx).and(cx.is_number("rt-type", SEGMENTS, SEGMENTS));
        there.and(self.tests.iter().map(holds).fold(Outcome::Always, Outcome::and))
    }
}

impl fmt::Display for Srh {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tests.iter().try_for_each(|test| write!(f, "{} {test}", not(test.not)))
    }
}
