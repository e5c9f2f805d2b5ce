//! `-m physdev`: the port of a bridge (`net/netfilter/xt_physdev.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Pattern, Presumed};
use crate::packet::Context;

/// `-m physdev`
#[derive(Debug, Clone)]
pub struct PhysDev {
    /// In the order in which iptables prints them: inverted, option, interface.
    tests: Vec<(bool, &'static str, Option<Pattern>)>,
}

impl<'t> Extension<'t> for PhysDev {
    const NAME: &'static str = "physdev";
    const OPTIONS: &'static [Opt] = &[
        opt("--physdev-is-in", 0),
        opt("--physdev-in", 1),
        opt("--physdev-is-out", 0),
        opt("--physdev-out", 1),
        opt("--physdev-is-bridged", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--physdev-in")?;
        let tests = Self::OPTIONS.iter().filter_map(|option| args.get(option.name)).map(|arg| {
            let name = arg.values.first().map(|name| Pattern::new(name.as_str()));
            (arg.not, arg.option, name)
        });
        Ok(Self { tests: tests.collect() })
    }
}

impl Matches for PhysDev {
    /// Only traffic that crosses a bridge under `br_netfilter` has a bridge port; without one, plain tests are false.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let holds = |(not, option, name): &(bool, &str, Option<Pattern>)| {
            if cx.packet.local {
                return (*not).into();
            }
            let name = name.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
            let option = option.trim_start_matches('-');
            cx.ask(
                &format!("{option}{name}"),
                Some(Presumed::usually(false)),
                format!("the packet crosses a bridge and fits `--{option}{name}`"),
                format!("the packet does not cross a bridge, or does not fit `--{option}{name}`"),
            )
            .negated(*not)
        };
        self.tests.iter().map(holds).fold(Outcome::Always, Outcome::and)
    }
}

impl fmt::Display for PhysDev {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.tests.iter().try_for_each(|(inverted, option, name)| {
            write!(f, "{} {option}", not(*inverted))?;
            name.iter().try_for_each(|name| write!(f, " {name}"))
        })
    }
}
