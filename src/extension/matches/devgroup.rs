//! `-m devgroup`: the groups of the packet's interfaces (`net/netfilter/xt_devgroup.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::group::Group;
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::Context;

/// `-m devgroup [!] --src-group VALUE[/MASK] [!] --dst-group VALUE[/MASK]`, or names of `/etc/iproute2/group`.
#[derive(Debug, Clone)]
pub struct DevGroup<'t> {
    /// Of the interface that it came in by.
    src: Option<Group<'t>>,
    /// Of the interface that it leaves by.
    dst: Option<Group<'t>>,
}

impl<'t> Extension<'t> for DevGroup<'t> {
    const NAME: &'static str = "devgroup";
    const OPTIONS: &'static [Opt] = &[opt("--src-group", 1), opt("--dst-group", 1)];
    const LISTED: &'static [Listed] = &[
        opens("src-group", "--src-group", 1),
        goes_on("dst-group", "--dst-group", 1),
        opens("dst-group", "--dst-group", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--src-group")?;
        let group = |option| args.get(option).map(|arg| Group::read(arg, "default")).transpose();
        Ok(Self { src: group("--src-group")?, dst: group("--dst-group")? })
    }
}

impl Matches for DevGroup<'_> {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let holds =
            |group: &Option<Group<'_>>, name| group.as_ref().map_or(Outcome::Always, |group| group.holds(cx, name));
        holds(&self.src, "in-group").and(holds(&self.dst, "out-group"))
    }
}

impl fmt::Display for DevGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        [&self.src, &self.dst].into_iter().flatten().try_for_each(|group| group.fmt(f))
    }
}
