//! `-m set`: membership in an ipset (`net/netfilter/xt_set.c`). The members are not in the dump; `--ipset` tells them.

use std::cmp::Ordering;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::ipset::{Count, Counts, Entry, Lookup};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::number::number;
use crate::packet::Context;

/// `-m set [!] --match-set NAME src|dst[,...]`
#[derive(Debug, Clone)]
pub struct Set<'t> {
    not: bool,
    entry: Entry<'t>,
    return_nomatch: bool,
    /// `! --update-subcounters`
    frozen_members: bool,
    counts: Counts,
}

const PACKETS: [(&str, Ordering); 3] =
    [("--packets-eq", Ordering::Equal), ("--packets-lt", Ordering::Less), ("--packets-gt", Ordering::Greater)];
const BYTES: [(&str, Ordering); 3] =
    [("--bytes-eq", Ordering::Equal), ("--bytes-lt", Ordering::Less), ("--bytes-gt", Ordering::Greater)];

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
    const LISTED: &'static [Listed] = &[
        opens("match-set", "--match-set", 2),
        goes_on("return-nomatch", "--return-nomatch", 0),
        goes_on("update-counters", "--update-counters", 0),
        goes_on("update-subcounters", "--update-subcounters", 0),
        goes_on("packets-eq", "--packets-eq", 1),
        goes_on("packets-lt", "--packets-lt", 1),
        goes_on("packets-gt", "--packets-gt", 1),
        goes_on("bytes-eq", "--bytes-eq", 1),
        goes_on("bytes-lt", "--bytes-lt", 1),
        goes_on("bytes-gt", "--bytes-gt", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--match-set").ok_or_else(|| args.missing("--match-set"))?;
        if let Some(arg) = args.get("--return-nomatch").filter(|arg| arg.not) {
            return Err(arg.bad("no `!` before it"));
        }
        let frozen = |option| args.get(option).is_some_and(|arg| arg.not);
        let counts = Counts {
            frozen: frozen("--update-counters"),
            packets: count(&args, &PACKETS)?,
            bytes: count(&args, &BYTES)?,
        };
        Ok(Self {
            not: arg.not,
            entry: Entry::read(arg)?,
            return_nomatch: args.has("--return-nomatch"),
            frozen_members: frozen("--update-subcounters"),
            counts,
        })
    }
}

/// The one test among `options` that is given.
fn count(args: &Args<'_>, options: &[(&str, Ordering)]) -> Result<Option<Count>, Diagnostic> {
    let is = |arg: &Arg<'_>| options.iter().find(|(option, _)| *option == arg.option).map(|(_, is)| *is);
    let mut count = None;
    for arg in &args.list {
        let Some(is) = is(arg) else { continue };
        if count.is_some() {
            return Err(arg.bad("only one of eq, lt and gt"));
        }
        if arg.not && is != Ordering::Equal {
            return Err(arg.bad("no `!` before it"));
        }
        count = Some(Count { not: arg.not, is, value: number(&arg.text(0)).ok_or_else(|| arg.bad("a number"))? });
    }
    Ok(count)
}

impl Matches for Set<'_> {
    /// What an earlier rule has added is there. Counters of an entry are not known in any case.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (name, sides, counts) = (&*self.entry.name, &*self.entry.sides, &self.counts);
        Lookup { name, sides, exceptions: self.return_nomatch, counts }.outcome(cx).negated(self.not)
    }
}

impl fmt::Display for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --match-set {}", not(self.not), self.entry)?;
        f.write_str(if self.return_nomatch { " --return-nomatch" } else { "" })?;
        f.write_str(if self.counts.frozen { " ! --update-counters" } else { "" })?;
        f.write_str(if self.frozen_members { " ! --update-subcounters" } else { "" })?;
        for (what, count) in [("packets", self.counts.packets), ("bytes", self.counts.bytes)] {
            if let Some(count) = count {
                write!(f, "{} --{what}-{} {}", not(count.not), count.suffix(), count.value)?;
            }
        }
        Ok(())
    }
}
