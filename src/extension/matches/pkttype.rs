//! `-m pkttype`: whom the link layer meant (`net/netfilter/xt_pkttype.c`).

use std::fmt;
use std::net::IpAddr;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::Context;

/// `-m pkttype [!] --pkt-type unicast|broadcast|multicast`
#[derive(Debug, Clone)]
pub struct PktType {
    not: bool,
    kind: &'static str,
}

/// As saved, and the other names that are read.
const KINDS: [(&str, &str); 3] = [("unicast", "host"), ("broadcast", "bcast"), ("multicast", "mcast")];

impl<'t> Extension<'t> for PktType {
    const NAME: &'static str = "pkttype";
    const OPTIONS: &'static [Opt] = &[opt("--pkt-type", 1)];
    const LISTED: &'static [Listed] = &[opens("PKTTYPE =", "--pkt-type", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--pkt-type").ok_or_else(|| args.missing("--pkt-type"))?;
        let text = arg.text(0);
        let kind = KINDS.iter().find(|(kind, alias)| *kind == text || *alias == text);
        Ok(Self { not: arg.not, kind: kind.ok_or_else(|| arg.bad("`unicast`, `broadcast` or `multicast`"))?.0 })
    }
}

impl Matches for PktType {
    /// What is made here or comes back over lo is unicast; otherwise the frame decides, and its address usually fits the
    /// packet's.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        if cx.packet.local {
            return Outcome::from(self.kind == "unicast").negated(self.not);
        }
        let usual = match cx.packet.dst.known() {
            Some(IpAddr::V4(address)) if address.is_broadcast() => "broadcast",
            Some(address) if address.is_multicast() => "multicast",
            _ => "unicast",
        };
        cx.ask(
            &format!("pkttype:{}", self.kind),
            Some(Presumed::firmly(self.kind == usual)),
            format!("the frame is {}", self.kind),
            format!("the frame is not {}", self.kind),
        )
        .negated(self.not)
    }
}

impl fmt::Display for PktType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --pkt-type {}", not(self.not), self.kind)
    }
}
