//! `-j ECN`: clears or sets what IP and TCP say of congestion (`net/ipv4/netfilter/ipt_ECN.c`; mangle, IPv4).

use std::fmt;

use crate::diagnostic::Diagnostic;
use crate::extension::args::{Arg, Args, Opt, opt};
use crate::extension::tos::Tos;
use crate::extension::{Acts, Effect, Extension, Listed, goes_on};
use crate::packet::{Context, tcp_flags};

/// `-j ECN --ecn-tcp-remove | [--ecn-tcp-ece 0|1] [--ecn-tcp-cwr 0|1] [--ecn-ip-ect 0..3]`
#[derive(Debug, Clone)]
pub struct Ecn {
    ece: Option<bool>,
    cwr: Option<bool>,
    /// The lower two bits of the type of service.
    ip: Option<u8>,
}

impl<'t> Extension<'t> for Ecn {
    const NAME: &'static str = "ECN";
    const OPTIONS: &'static [Opt] =
        &[opt("--ecn-tcp-remove", 0), opt("--ecn-tcp-ece", 1), opt("--ecn-tcp-cwr", 1), opt("--ecn-ip-ect", 1)];
    const LISTED: &'static [Listed] = &[goes_on("ECN TCP remove", "--ecn-tcp-remove", 0)];

    fn parse(args: Args<'t>) -> Result<Self, Diagnostic> {
        args.some("--ecn-tcp-remove")?;
        args.one_of(&["--ecn-tcp-remove", "--ecn-tcp-ece"])?;
        args.one_of(&["--ecn-tcp-remove", "--ecn-tcp-cwr"])?;
        let ip = args.get("--ecn-ip-ect").map(|arg| arg.number_in(0..=3, "a number from 0 to 3")).transpose()?;
        if args.has("--ecn-tcp-remove") {
            return Ok(Self { ece: Some(false), cwr: Some(false), ip });
        }
        let bit = |arg: &Arg<'_>| arg.number_in(0..=1, "0 or 1").map(|bit: u8| bit == 1);
        let bit = |option| args.get(option).map(bit).transpose();
        Ok(Self { ece: bit("--ecn-tcp-ece")?, cwr: bit("--ecn-tcp-cwr")?, ip })
    }
}

impl Acts for Ecn {
    fn act(&self, cx: &Context<'_>) -> Effect {
        let mut packet = cx.packet.clone();
        for (set, flag) in [(self.ece, tcp_flags::ECE), (self.cwr, tcp_flags::CWR)] {
            match set {
                Some(true) => packet.tcp_flags |= flag,
                Some(false) => packet.tcp_flags &= !flag,
                None => {}
            }
        }
        match self.ip {
            Some(value) => Tos { value, mask: 3 }.set(&Context { packet: &packet, ..*cx }),
            None => Effect::Change(Box::new(packet)),
        }
    }
}

impl fmt::Display for Ecn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if (self.ece, self.cwr, self.ip) == (Some(false), Some(false), None) {
            return f.write_str(" --ecn-tcp-remove");
        }
        for (option, bit) in [("--ecn-tcp-ece", self.ece), ("--ecn-tcp-cwr", self.cwr)] {
            bit.iter().try_for_each(|bit| write!(f, " {option} {}", u8::from(*bit)))?;
        }
        self.ip.map_or(Ok(()), |ip| write!(f, " --ecn-ip-ect {ip}"))
    }
}
