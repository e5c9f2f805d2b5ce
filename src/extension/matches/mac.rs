//! `-m mac`: the Ethernet source address (`net/netfilter/xt_mac.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, opens};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, mac_address};

/// `-m mac [!] --mac-source XX:XX:XX:XX:XX:XX`
#[derive(Debug, Clone)]
pub struct Mac {
    not: bool,
    /// `None` where somebody blacked it out.
    address: Option<[u8; 6]>,
}

impl Mac {
    /// Did somebody black out the address?
    pub const fn is_redacted(&self) -> bool {
        self.address.is_none()
    }
}

impl<'t> Extension<'t> for Mac {
    const NAME: &'static str = "mac";
    const OPTIONS: &'static [Opt] = &[opt("--mac-source", 1).or(&["--mac"])];
    const LISTED: &'static [Listed] = &[opens("MAC", "--mac-source", 1)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        let arg = args.get("--mac-source").ok_or_else(|| args.missing("--mac-source"))?;
        let text = arg.text(0);
        let address = mac_address(&text);
        if address.is_none() && !text.contains("XX") && !text.contains("xx") {
            return Err(arg.bad("an Ethernet address"));
        }
        Ok(Self { not: arg.not, address })
    }
}

impl Matches for Mac {
    /// A packet that did not come over Ethernet has none: false, also when inverted.
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        match (cx.packet.local, cx.packet.mac, self.address) {
            (true, ..) => Outcome::Never,
            (_, Some(mac), Some(address)) => Outcome::from(mac == address).negated(self.not),
            _ => cx
                .ask(
                    &format!("mac{self}"),
                    Some(Presumed::usually(false)),
                    format!("the packet's Ethernet source is that of line {}", cx.line),
                    format!("the packet's Ethernet source is not that of line {}", cx.line),
                )
                .negated(self.not),
        }
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} --mac-source ", not(self.not))?;
        match self.address {
            Some([a, b, c, d, e, g]) => write!(f, "{a:02x}:{b:02x}:{c:02x}:{d:02x}:{e:02x}:{g:02x}"),
            None => f.write_str("XX:XX:XX:XX:XX:XX"),
        }
    }
}
