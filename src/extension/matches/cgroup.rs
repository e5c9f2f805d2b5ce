//! `-m cgroup`: the control group of the socket that sends the packet (`net/netfilter/xt_cgroup.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m cgroup [!] --cgroup ID | [!] --path PATH`
#[derive(Debug, Clone)]
pub struct Cgroup<'t> {
    not: bool,
    group: Group<'t>,
}

#[derive(Debug, Clone)]
enum Group<'t> {
    /// The class id that version 1 gives it.
    Id(u32),
    /// The path of version 2; groups below it belong to it.
    Path(Cow<'t, str>),
}

impl<'t> Extension<'t> for Cgroup<'t> {
    const NAME: &'static str = "cgroup";
    const OPTIONS: &'static [Opt] = &[opt("--cgroup", 1), opt("--path", 1)];
    const LISTED: &'static [Listed] = &[opens("cgroup", "--cgroup", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.one_of(&["--cgroup", "--path"])?.ok_or_else(|| args.missing("--cgroup"))?;
        let group =
            if arg.option == "--path" { Group::Path(arg.text(0)) } else { Group::Id(arg.number("a class id")?) };
        Ok(Self { not: arg.not, group })
    }
}

impl Matches for Cgroup<'_> {
    /// A packet without a socket is in none: false, also when inverted.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        if !cx.packet.local || cx.packet.looped {
            return Outcome::Never;
        }
        let there = match &self.group {
            Group::Id(id) => cx.is_number("cgroup", *id, *id),
            Group::Path(path) => cx.ask(
                &format!("cgroup:{path}"),
                Some(Presumed::usually(false)),
                format!("its sender is in the control group `{path}`"),
                format!("its sender is not in the control group `{path}`"),
            ),
        };
        there.negated(self.not)
    }
}

impl fmt::Display for Cgroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Group::Id(id) => write!(f, "{} --cgroup {id}", not(self.not)),
            Group::Path(path) => write!(f, "{} --path {path}", not(self.not)),
        }
    }
}
