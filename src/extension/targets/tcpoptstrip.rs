//! `-j TCPOPTSTRIP`: takes options out of the TCP header (`net/netfilter/xt_TCPOPTSTRIP.c`; mangle).

use std::collections::BTreeSet;
use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Context, number};

/// `-j TCPOPTSTRIP --strip-options LIST`
#[derive(Debug, Clone)]
pub struct TcpOptStrip {
    /// Numbers of options.
    options: BTreeSet<u8>,
}

/// Names of options; saves have numbers.
const NAMES: [(&str, u8); 6] =
    [("mss", 2), ("wscale", 3), ("sack-permitted", 4), ("sack", 5), ("timestamp", 8), ("md5", 19)];

impl<'t> Extension<'t> for TcpOptStrip {
    const NAME: &'static str = "TCPOPTSTRIP";
    const OPTIONS: &'static [Opt] = &[opt("--strip-options", 1)];
    const LISTED: &'static [Listed] = &[goes_on("TCPOPTSTRIP options", "--strip-options", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let options = args.get("--strip-options").map(|arg| options(arg)).transpose()?;
        Ok(Self { options: options.unwrap_or_default() })
    }
}

/// Options from 2 up, each once: 0 and 1 only fill up the header.
fn options(arg: &Arg<'_>) -> Result<BTreeSet<u8>, Diagnostic> {
    let what = "a list of options from 2 to 255, or their names";
    let list = arg.list(what, |text| {
        let named = NAMES.iter().find(|(name, _)| *name == text).map(|(_, option)| *option);
        named.or_else(|| number(text)).filter(|option| *option > 1)
    })?;
    let options: BTreeSet<u8> = list.iter().copied().collect();
    if options.len() == list.len() { Ok(options) } else { Err(arg.bad(what)) }
}

impl Acts for TcpOptStrip {
    /// Options are no part of what is known of a packet. A later rule may ask for one, so it is not harmless.
    fn act(&self, _cx: &Context<'_>) -> Effect {
        Effect::Continue
    }
}

impl fmt::Display for TcpOptStrip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, option) in self.options.iter().enumerate() {
            write!(f, "{}{option}", if n == 0 { " --strip-options " } else { "," })?;
        }
        Ok(())
    }
}
