//! `-m connlimit`: how many connections there are already (`net/netfilter/xt_connlimit.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Extension, Matches};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m connlimit --connlimit-above|--connlimit-upto N --connlimit-mask M --connlimit-saddr|--connlimit-daddr`
#[derive(Debug, Clone)]
pub struct ConnLimit {
    above: bool,
    count: u32,
    mask: Option<u8>,
    daddr: bool,
}

impl<'t> Extension<'t> for ConnLimit {
    const NAME: &'static str = "connlimit";
    const OPTIONS: &'static [Opt] = &[
        opt("--connlimit-above", 1),
        opt("--connlimit-upto", 1),
        opt("--connlimit-mask", 1),
        opt("--connlimit-saddr", 0),
        opt("--connlimit-daddr", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let above = args.get("--connlimit-above");
        let arg = above.or(args.get("--connlimit-upto")).ok_or_else(|| args.missing("--connlimit-above"))?;
        let mask = args.get("--connlimit-mask").map(|arg| arg.value("a prefix length")).transpose()?;
        Ok(Self {
            above: above.is_some() != arg.not,
            count: arg.value("a number of connections")?,
            mask,
            daddr: args.has("--connlimit-daddr"),
        })
    }
}

impl Matches for ConnLimit {
    /// The default is a count below the limit.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let (count, side) = (self.count, if self.daddr { "destination" } else { "client" });
        cx.ask(
            &format!("connlimit:{}", cx.line),
            Some(Presumed::usually(false)),
            format!("the {side} has more than {count} connections, this one included"),
            format!("the {side} has at most {count} connections, this one included"),
        )
        .negated(!self.above)
    }

    fn tracks(&self) -> bool {
        true
    }
}

impl fmt::Display for ConnLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, " --connlimit-{} {}", if self.above { "above" } else { "upto" }, self.count)?;
        if let Some(mask) = self.mask {
            write!(f, " --connlimit-mask {mask}")?;
        }
        f.write_str(if self.daddr { " --connlimit-daddr" } else { " --connlimit-saddr" })
    }
}
