//! `-j SYNPROXY`: the host shakes hands with a client before it asks the server (`net/netfilter/nf_synproxy_core.c`;
//! INPUT and FORWARD).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, opt};
use crate::extension::{Acts, Effect, Extension, Listed, Verdict, goes_on};
use crate::logic::{Outcome, Presumed};
use crate::packet::{Context, tcp_flags};

/// `-j SYNPROXY [--sack-perm] [--timestamp] [--wscale N] [--mss N] [--ecn]`
#[derive(Debug, Clone)]
pub struct SynProxy {
    sack: bool,
    timestamp: bool,
    scale: Option<u8>,
    /// In bytes.
    mss: Option<u16>,
    ecn: bool,
}

impl<'t> Extension<'t> for SynProxy {
    const NAME: &'static str = "SYNPROXY";
    const OPTIONS: &'static [Opt] =
        &[opt("--sack-perm", 0), opt("--timestamp", 0), opt("--wscale", 1), opt("--mss", 1), opt("--ecn", 0)];
    const LISTED: &'static [Listed] = &[
        goes_on("SYNPROXY", "", 0),
        goes_on("sack-perm", "--sack-perm", 0),
        goes_on("timestamp", "--timestamp", 0),
        goes_on("wscale", "--wscale", 1),
        goes_on("mss", "--mss", 1),
        goes_on("ecn", "--ecn", 0),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        Ok(Self {
            sack: args.has("--sack-perm"),
            timestamp: args.has("--timestamp"),
            scale: args.get("--wscale").map(|arg| arg.number("a number of bits")).transpose()?,
            mss: args.get("--mss").map(|arg| arg.number("a size in bytes")).transpose()?,
            ecn: args.has("--ecn"),
        })
    }
}

impl Acts for SynProxy {
    /// A SYN is answered. A lone ACK should be the answer to that: its number tells. Anything else passes.
    fn act(&self, cx: &Context<'_>) -> Effect {
        use tcp_flags::{ACK, FIN, RST, SYN};
        match cx.packet.tcp_flags & (SYN | ACK | FIN | RST) {
            SYN => Effect::Verdict(Verdict::Stolen),
            ACK => match answered(cx) {
                Outcome::Depends(fact) => Effect::Depends(fact),
                Outcome::Always => Effect::Verdict(Verdict::Stolen),
                _ => Effect::Verdict(Verdict::Drop),
            },
            _ => Effect::Continue,
        }
    }

    fn tracks(&self) -> bool {
        true
    }
}

fn answered(cx: &Context<'_>) -> Outcome {
    cx.ask(
        "synproxy:answered",
        Some(Presumed::usually(true)),
        "the packet completes a handshake that SYNPROXY began".into(),
        "the packet does not complete a handshake that SYNPROXY began".into(),
    )
}

impl fmt::Display for SynProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.sack { " --sack-perm" } else { "" })?;
        f.write_str(if self.timestamp { " --timestamp" } else { "" })?;
        self.scale.iter().try_for_each(|scale| write!(f, " --wscale {scale}"))?;
        self.mss.iter().try_for_each(|mss| write!(f, " --mss {mss}"))?;
        f.write_str(if self.ecn { " --ecn" } else { "" })
    }
}
