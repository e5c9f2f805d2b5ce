//! `-m multiport`: lists of ports (`net/netfilter/xt_multiport.c`).

use std::fmt;
use std::ops::RangeInclusive;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::ports::{ports, values, write};
use crate::extension::{Asked, Asks, Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Values};
use crate::packet::{Context, Protocol, Value};

/// `-m multiport [!] --sports|--dports|--ports LIST`
#[derive(Debug, Clone)]
pub struct Multiport {
    not: bool,
    option: &'static str,
    list: Vec<RangeInclusive<u16>>,
}

/// How many ports one match can hold; a range counts as two (`XT_MULTI_PORTS`).
const SLOTS: usize = 15;

impl<'t> Extension<'t> for Multiport {
    const NAME: &'static str = "multiport";
    const OPTIONS: &'static [Opt] = &[
        opt("--sports", 1).or(&["--source-ports"]),
        opt("--dports", 1).or(&["--destination-ports"]),
        opt("--ports", 1).or(&["--port"]),
    ];
    const LISTED: &'static [Listed] = &[
        opens("multiport dports", "--dports", 1),
        opens("multiport sports", "--sports", 1),
        opens("multiport ports", "--ports", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.list.first().ok_or_else(|| args.missing("--dports"))?;
        let list = arg.list("ports such as 80,443,8000:8080", |item| ports(item).filter(|range| !range.is_empty()))?;
        let slots: usize = list.iter().map(|range| if range.start() == range.end() { 1 } else { 2 }).sum();
        if slots > SLOTS {
            return Err(arg.bad("at most 15 ports, where a range counts as two"));
        }
        Ok(Self { not: arg.not, option: arg.option, list })
    }
}

impl Matches for Multiport {
    /// `--ports` is source or destination; `!` inverts the whole list.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let any = |port: &Value<u16>| {
            self.list.iter().map(|range| cx.is_within(port, range)).fold(Outcome::Never, Outcome::or)
        };
        let fits = match self.option {
            "--sports" => any(&cx.packet.sport),
            "--dports" => any(&cx.packet.dport),
            _ => any(&cx.packet.sport).or(any(&cx.packet.dport)),
        };
        fits.negated(self.not)
    }

    fn asks(&self) -> Option<Asks> {
        const WITH_PORTS: &[Protocol] =
            &[Protocol::TCP, Protocol::UDP, Protocol::UDPLITE, Protocol::SCTP, Protocol::DCCP];
        let list = Values::union(self.list.iter().map(values));
        let test = match self.option {
            "--sports" => Asked::Sport(list),
            "--dports" => Asked::Dport(list),
            _ => Asked::Port(list),
        };
        Some(Asks::over(WITH_PORTS).and(self.not, test))
    }
}

impl fmt::Display for Multiport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", not(self.not), self.option)?;
        for (n, range) in self.list.iter().enumerate() {
            f.write_str(if n == 0 { " " } else { "," })?;
            write(f, range)?;
        }
        Ok(())
    }
}
