//! `-m set`: membership in an ipset (`net/netfilter/xt_set.c`). The members are not in the dump.

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Value};

/// `-m set [!] --match-set NAME src|dst[,...]`
#[derive(Debug, Clone)]
pub struct Set<'t> {
    not: bool,
    /// The ipset, at most 31 bytes.
    pub name: Cow<'t, str>,
    sides: Cow<'t, str>,
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
        Ok(Self { not: arg.not, name: arg.text(0), sides: arg.text(1), counters: counters.collect() })
    }
}

impl Set<'_> {
    /// What the set is asked for: the packet's side of each direction, as far as it is known.
    fn asked(&self, cx: &Context<'_>) -> String {
        let address = |value: &Value<_>, unknown: &str| match value {
            Value::Known(address) => format!("{address}"),
            Value::Unknown(_) => unknown.to_owned(),
        };
        let sides = self.sides.split(',').map(|side| match side {
            "src" => address(&cx.packet.src, "the client"),
            _ => address(&cx.packet.dst, "the destination"),
        });
        let mut sides: Vec<_> = sides.collect();
        sides.dedup();
        sides.join(",")
    }
}

impl Matches for Set<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (name, sides, asked) = (&self.name, &self.sides, self.asked(cx));
        cx.ask(
            &format!("ipset:{name}:{sides}:{}", asked.replace("the client", "src").replace("the destination", "dst")),
            None,
            format!("{asked} is in the ipset `{name}` ({sides})"),
            format!("{asked} is not in the ipset `{name}` ({sides})"),
        )
        .negated(self.not)
    }
}

impl fmt::Display for Set<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --match-set {} {}", not(self.not), self.name, self.sides)?;
        for Counter { not: inverted, option, value } in &self.counters {
            write!(f, "{} {option}", not(*inverted))?;
            if !value.is_empty() {
                write!(f, " {value}")?;
            }
        }
        Ok(())
    }
}
