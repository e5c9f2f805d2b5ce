//! `-m devgroup`: the groups of the packet's interfaces (`net/netfilter/xt_devgroup.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Masked};

/// `-m devgroup [!] --src-group VALUE[/MASK] [!] --dst-group VALUE[/MASK]`
#[derive(Debug, Clone)]
pub struct DevGroup {
    /// Inverted; of the interface that it came in by.
    src: Option<(bool, Masked)>,
    /// Of the interface that it leaves by.
    dst: Option<(bool, Masked)>,
}

impl<'t> Extension<'t> for DevGroup {
    const NAME: &'static str = "devgroup";
    const OPTIONS: &'static [Opt] = &[opt("--src-group", 1), opt("--dst-group", 1)];
    const LISTED: &'static [Listed] = &[opens("src-group", "--src-group", 1), goes_on("dst-group", "--dst-group", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--src-group")?;
        let read = |arg: &Arg<'_>| Ok((arg.not, arg.value("a group, value or value/mask")?));
        let group = |option| args.get(option).map(read).transpose();
        Ok(Self { src: group("--src-group")?, dst: group("--dst-group")? })
    }
}

impl Matches for DevGroup {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let fits = |group: Option<(bool, Masked)>, name| match group {
            Some((not, group)) => cx.is_masked(name, group).negated(not),
            None => Outcome::Always,
        };
        fits(self.src, "in-group").and(fits(self.dst, "out-group"))
    }
}

impl fmt::Display for DevGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, group) in [("--src-group", self.src), ("--dst-group", self.dst)] {
            if let Some((inverted, group)) = group {
                write!(f, "{} {option} {group}", not(inverted))?;
            }
        }
        Ok(())
    }
}
