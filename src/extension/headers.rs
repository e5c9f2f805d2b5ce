//! The extension headers of IPv6, and how long they are: shared by the matches that look at them.

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::logic::{Outcome, Presumed};
use crate::packet::{Conntrack, Context, Protocol, Value};

use super::args::{Args, not};

/// A header that can stand between that of IPv6 and the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    HopByHop,
    Destination,
    Routing,
    Fragment,
    Authentication,
}

impl Header {
    const fn protocol(self) -> Protocol {
        Protocol(match self {
            Self::HopByHop => 0,
            Self::Routing => 43,
            Self::Fragment => 44,
            Self::Authentication => 51,
            Self::Destination => 60,
        })
    }

    /// The match that is about it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::HopByHop => "hbh",
            Self::Destination => "dst",
            Self::Routing => "rt",
            Self::Fragment => "frag",
            Self::Authentication => "ah",
        }
    }

    /// As in "the packet has no routing header".
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::HopByHop => "hop-by-hop options header",
            Self::Destination => "destination options header",
            Self::Routing => "routing header",
            Self::Fragment => "fragment header",
            Self::Authentication => "authentication header",
        }
    }

    /// Does the packet have it? An ordinary one has none.
    pub(super) fn is_there(self, cx: &Context<'_>) -> Outcome {
        match &cx.packet.protocol {
            Value::Known(protocol) if *protocol == self.protocol() => Outcome::Always,
            _ if self == Self::Fragment && is_reassembled(cx) => Outcome::Never,
            _ => cx.ask(
                &format!("ipv6-header:{}", self.name()),
                Some(Presumed::usually(false)),
                format!("the packet has an IPv6 {}", self.words()),
                format!("the packet has no IPv6 {}", self.words()),
            ),
        }
    }
}

/// Connection tracking puts fragments together before a rule sees them. They are taken apart again on their way out, so
/// that what comes back by `lo` is in fragments. **Measured** on Linux 6.18.
fn is_reassembled(cx: &Context<'_>) -> bool {
    !cx.packet.looped && matches!(cx.packet.conntrack, Conntrack::Entry { .. } | Conntrack::Invalid)
}

/// `[!] --option BYTES`: how long a header is.
#[derive(Debug, Clone)]
pub(super) struct Length {
    pub(super) not: bool,
    option: &'static str,
    pub(super) bytes: u32,
}

impl Length {
    /// Reads the option, if it is there.
    pub(super) fn read(args: &Args<'_>, option: &str) -> Result<Option<Self>, Diagnostic> {
        let Some(arg) = args.one_of(&[option])? else { return Ok(None) };
        Ok(Some(Self { not: arg.not, option: arg.option, bytes: arg.number("a length in bytes")? }))
    }

    /// Does what is called `name` have this length? A byte of the header says how many times `unit` bytes follow its
    /// first eight.
    pub(super) fn holds(&self, cx: &Context<'_>, name: &'static str, unit: u32) -> Outcome {
        let units = self.bytes.checked_sub(8).filter(|rest| rest % unit == 0).map(|rest| rest / unit);
        let possible = units.is_some_and(|units| units <= u8::MAX.into());
        let fits = if possible { cx.is_number(name, self.bytes, self.bytes) } else { Outcome::Never };
        fits.negated(self.not)
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", not(self.not), self.option, self.bytes)
    }
}
