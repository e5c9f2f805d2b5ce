//! `-m frag`: the fragment header of IPv6 (`net/ipv6/netfilter/ip6t_frag.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::between::{Between, has_header};
use crate::extension::{Extension, Matches};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m frag [--fragid A[:B]] [--fraglen N] [--fragres] [--fragfirst] [--fragmore|--fraglast]`
#[derive(Debug, Clone)]
pub struct Frag {
    id: Option<Between>,
    length: Option<Between>,
    flags: Vec<&'static str>,
}

/// In the order in which iptables prints them, and how each reads of a packet.
const FLAGS: [(&str, &str); 4] = [
    ("--fragres", "is a fragment whose reserved fields are set"),
    ("--fragfirst", "is the first fragment"),
    ("--fragmore", "is a fragment that others follow"),
    ("--fraglast", "is the last fragment"),
];

impl<'t> Extension<'t> for Frag {
    const NAME: &'static str = "frag";
    const OPTIONS: &'static [Opt] = &[
        opt("--fragid", 1),
        opt("--fraglen", 1),
        opt("--fragres", 0),
        opt("--fragfirst", 0),
        opt("--fragmore", 0),
        opt("--fraglast", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.one_of(&["--fragmore", "--fraglast"])?;
        let between = |option| args.get(option).map(|arg| Between::read(arg, u32::MAX)).transpose();
        let flags = FLAGS.into_iter().map(|(flag, _)| flag).filter(|flag| args.has(flag));
        Ok(Self { id: between("--fragid")?, length: between("--fraglen")?, flags: flags.collect() })
    }
}

impl Matches for Frag {
    /// Connection tracking puts fragments together before a rule sees them.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let holds = |between: &Option<Between>, name| {
            between.as_ref().map_or(Outcome::Always, |between| between.holds(cx, name))
        };
        let flag = |(flag, words): &(&str, &str)| {
            cx.ask(flag.trim_start_matches('-'), None, format!("it {words}"), format!("it is not so that it {words}"))
        };
        let asked = FLAGS.iter().filter(|(flag, _)| self.flags.contains(flag));
        let there = has_header(cx, "frag", "a fragment header");
        there
            .and(holds(&self.id, "fragment-id"))
            .and(holds(&self.length, "fragment-header-length"))
            .and(asked.map(flag).fold(Outcome::Always, Outcome::and))
    }
}

impl fmt::Display for Frag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        [&self.id, &self.length].into_iter().flatten().try_for_each(|between| between.fmt(f))?;
        self.flags.iter().try_for_each(|flag| write!(f, " {flag}"))
    }
}
