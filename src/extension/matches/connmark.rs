//! `-m connmark`: the mark of the packet's connection (`net/netfilter/xt_connmark.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::Outcome;
use crate::packet::{Conntrack, Context, Masked};

/// `-m connmark [!] --mark VALUE[/MASK]`
#[derive(Debug, Clone)]
pub struct ConnMark {
    not: bool,
    mark: Masked,
}

impl<'t> Extension<'t> for ConnMark {
    const NAME: &'static str = "connmark";
    const OPTIONS: &'static [Opt] = &[opt("--mark", 1)];
    const LISTED: &'static [Listed] = &[opens("connmark match", "--mark", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--mark").ok_or_else(|| args.missing("--mark"))?;
        Ok(Self { not: arg.not, mark: arg.value("a mark, value or value/mask")? })
    }
}

impl Matches for ConnMark {
    /// Without an entry it is false, also when inverted.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        match cx.packet.conntrack {
            Conntrack::Entry { .. } => cx.is_marked(&cx.packet.connmark, self.mark).negated(self.not),
            _ => Outcome::Never,
        }
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for ConnMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --mark {}", not(self.not), self.mark)
    }
}
