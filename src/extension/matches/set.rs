//! `-m set`: membership in an ipset (`net/netfilter/xt_set.c`). The members are not in the dump.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::ipset::Entry;
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m set [!] --match-set NAME src|dst[,...]`
#[derive(Debug, Clone)]
pub struct Set<'t> {
    not: bool,
    entry: Entry<'t>,
    /// Options that look at or change the counters of an entry.
    counters: Vec<Counter>,
}

#[derive(Debug, Clone)]
struct Counter {
    not: bool,
    option: &'static str,
    value: String,
}

impl<'t> Extension<'t> for Set<'t> {
    const NAME: &'static str = "set";
    const OPTIONS: &'static [Opt] = &[
        opt("--match-set", 2).or(&["--set"]),
        opt("--return-nomatch", 0),
        opt("--update-counters", 0),
        opt("--update-subcounters", 0),
        opt("--packets-eq", 1),
        opt("--packets-lt", 1),
        opt("--packets-gt", 1),
        opt("--bytes-eq", 1),
        opt("--bytes-lt", 1),
        opt("--bytes-gt", 1),
    ];
    const LISTED: &'static [Listed] = &[opens("match-set", "--match-set", 2)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--match-set").ok_or_else(|| args.missing("--match-set"))?;
        let others = args.list.iter().filter(|arg| arg.option != "--match-set");
        let counters = others.map(|arg| Counter { not: arg.not, option: arg.option, value: arg.text(0).into_owned() });
        Ok(Self { not: arg.not, entry: Entry::read(arg)?, counters: counters.collect() })
    }
}

impl Matches for Set<'_> {
    /// What an earlier rule has added is there. Counters of an entry are not known in any case.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let noted = if self.counters.is_empty() { self.entry.noted(cx) } else { None };
        noted.unwrap_or_else(|| self.entry.is_member(cx)).negated(self.not)
    }
}

impl fmt::Display for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --match-set {}", not(self.not), self.entry)?;
        for Counter { not: inverted, option, value } in &self.counters {
            write!(f, "{} {option}", not(*inverted))?;
            if !value.is_empty() {
                write!(f, " {value}")?;
            }
        }
        Ok(())
    }
}
