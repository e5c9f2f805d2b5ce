//! `-m ecn`: explicit congestion notification in the IP and TCP headers (`net/netfilter/xt_ecn.c`).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Args, Opt, not, opt};
use crate::extension::{Extension, Listed, Matches, goes_on, opens};
use crate::logic::Outcome;
use crate::packet::{Context, Protocol, tcp_flags};

/// `-m ecn [!] --ecn-tcp-ece [!] --ecn-tcp-cwr [!] --ecn-ip-ect N`
#[derive(Debug, Clone)]
pub struct Ecn {
    /// Inverted.
    ece: Option<bool>,
    cwr: Option<bool>,
    /// Inverted; from 0 to 3.
    ect: Option<(bool, u8)>,
}

impl<'t> Extension<'t> for Ecn {
    const NAME: &'static str = "ecn";
    const OPTIONS: &'static [Opt] = &[opt("--ecn-tcp-ece", 0), opt("--ecn-tcp-cwr", 0), opt("--ecn-ip-ect", 1)];
    const LISTED: &'static [Listed] = &[
        opens("ECN match", "", 0),
        goes_on("ECE", "--ecn-tcp-ece", 0),
        goes_on("CWR", "--ecn-tcp-cwr", 0),
        goes_on("ECT=", "--ecn-ip-ect", 1),
    ];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--ecn-ip-ect")?;
        let flag = |option| args.get(option).map(|arg| arg.not);
        let ect = args.get("--ecn-ip-ect").map(|arg| Ok((arg.not, arg.number_in(0..=3, "a number from 0 to 3")?)));
        Ok(Self { ece: flag("--ecn-tcp-ece"), cwr: flag("--ecn-tcp-cwr"), ect: ect.transpose()? })
    }
}

impl Matches for Ecn {
    fn matches(&self, cx: &Context<'_>) -> Outcome {
        let ect = match self.ect {
            Some((not, ect)) => cx.is_one_of(&cx.packet.tos, (0..=u8::MAX).filter(|tos| tos & 3 == ect)).negated(not),
            None => Outcome::Always,
        };
        let flag = |inverted: Option<bool>, bit| match inverted {
            Some(not) => Outcome::from((cx.packet.tcp_flags & bit != 0) != not),
            None => Outcome::Always,
        };
        let of_tcp = self.ece.is_some() || self.cwr.is_some();
        let tcp = if of_tcp { cx.is_protocol(Protocol::TCP) } else { Outcome::Always };
        ect.and(tcp).and(flag(self.ece, tcp_flags::ECE)).and(flag(self.cwr, tcp_flags::CWR))
    }
}

impl fmt::Display for Ecn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (option, inverted) in [("--ecn-tcp-ece", self.ece), ("--ecn-tcp-cwr", self.cwr)] {
            if let Some(inverted) = inverted {
                write!(f, "{} {option}", not(inverted))?;
            }
        }
        match self.ect {
            Some((inverted, ect)) => write!(f, "{} --ecn-ip-ect {ect}", not(inverted)),
            None => Ok(()),
        }
    }
}
