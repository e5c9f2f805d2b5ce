//! `-m cgroup`: the control group of the packet's socket (`net/netfilter/xt_cgroup.c`).

use std::borrow::Cow;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::number::{Masked, Protocol};
use crate::packet::{Conntrack, Context, CtState};
use crate::save::{Hook, quote};

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
    /// A packet without a socket is in none: false, also when inverted. Every group lies below the root.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let there = match &self.group {
            Group::Id(id) => cx.is_masked("cgroup", Masked::whole(*id)),
            Group::Path(path) => match path.trim_matches('/') {
                "" => Outcome::Always,
                path => cx.ask(
                    &format!("cgroup:{path}"),
                    Some(Presumed::usually(false)),
                    format!("its socket belongs to the control group `{path}`"),
                    format!("its socket does not belong to the control group `{path}`"),
                ),
            },
        };
        has_socket(cx).and(there.negated(self.not))
    }
}

/// One that is made here has its sender's. One that arrives may have its receiver's already, if it belongs to a connection
/// (`tcp_v4_early_demux`); on `lo` it has not.
fn has_socket(cx: &Context<'_>) -> Outcome {
    let later = matches!(cx.packet.conntrack, Conntrack::Entry { state: CtState::Established | CtState::Related, .. });
    let protocol = cx.packet.protocol.known().copied().unwrap_or(Protocol::TCP);
    if cx.packet.local || cx.packet.looped {
        return (!cx.packet.looped).into();
    }
    if !later || cx.hook != Hook::Input || !matches!(protocol, Protocol::TCP | Protocol::UDP) {
        return Outcome::Never;
    }
    cx.ask(
        "early-socket",
        Some(Presumed::usually(protocol == Protocol::TCP)),
        "the kernel knows the packet's socket before it is delivered".into(),
        "the kernel does not know the packet's socket before it is delivered".into(),
    )
}

impl fmt::Display for Cgroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.group {
            Group::Id(id) => write!(f, "{} --cgroup {id}", not(self.not)),
            Group::Path(path) => write!(f, "{} --path {}", not(self.not), quote(path)),
        }
    }
}
